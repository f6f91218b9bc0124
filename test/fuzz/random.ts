/** Chance that can be repeated: the same seed gives the same requests in the same order. */

export type Random = {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number
  readonly chance: (share: number) => boolean
  readonly pick: <Item>(list: readonly Item[]) => Item
}

/** Mulberry32 (T. Ettinger): 32 bits of state, enough to vary requests. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, chance: (share) => next() < share, pick: (list) => list[below(list.length)]! }
}
