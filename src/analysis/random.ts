/** Seeded random numbers: the same seed gives the same numbers on every machine (sfc32, Doty-Humphrey's PractRand). */

/** Uniform numbers in [0, 1) with 32 bits. */
export type Random = () => number

/** A generator for a seed (any number; its 32 low bits count). */
export function seeded(seed: number): Random {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = seed | 0
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < 12; round += 1) next()
  return () => next() / 4294967296
}

/** 64 bits derived from a name, so that the numbers of a variable do not depend on which others exist. */
export type StreamKey = readonly [number, number]

/** Key of a name: two runs of FNV-1a, one of them backwards, each mixed as in MurmurHash3. */
export function streamKey(name: string): StreamKey {
  let forwards = 0x811c9dc5
  let backwards = 0x01000193
  for (let index = 0; index < name.length; index += 1) {
    forwards = Math.imul(forwards ^ name.charCodeAt(index), 0x01000193)
    backwards = Math.imul(backwards ^ name.charCodeAt(name.length - 1 - index), 0x01000193)
  }
  return [mixed(forwards), mixed(backwards ^ name.length)]
}

function mixed(bits: number): number {
  let hash = bits
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/**
 * Fills the first `count` places with the numbers of one variable in one batch of draws: they depend on seed, name and batch
 * alone, not on who asks first. The generator is that of `seeded`, in one loop: a call for each number costs five times as much.
 */
export function drawUniforms(seed: number, key: StreamKey, batch: number, into: Float64Array, count: number): void {
  let a = key[0] | 0
  let b = key[1] ^ mixed((batch + 1) | 0)
  let c = seed | 0
  let counter = 1
  for (let index = -12; index < count; index += 1) {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    if (index >= 0) into[index] = (sum >>> 0) / 4294967296
  }
}

/** Standard normal numbers by the polar method (Marsaglia & Bray 1964). */
export function normals(random: Random): () => number {
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    for (;;) {
      const u = 2 * random() - 1
      const v = 2 * random() - 1
      const square = u * u + v * v
      if (square === 0 || square >= 1) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      spare = v * factor
      return u * factor
    }
  }
}
