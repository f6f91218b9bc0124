/** What a benchmark reports: a figure, the limit measured alongside, and what is promised. */

export type Unit = '/s' | 'ms' | 's' | 'MB' | 'bytes' | '%'

export type Line = {
  readonly name: string
  readonly unit: Unit
  /** Median over the turns; undefined if it could not be measured. */
  readonly ours?: number
  /** The same work without us, measured in turn with ours. */
  readonly limit?: { readonly name: string; readonly value: number }
  readonly target?: { readonly text: string; readonly holds: (ours: number, ratio: number) => boolean }
  /** How it was measured, or why not. */
  readonly note?: string
}

export type Figure = {
  /** Word after `npm run bench --`. */
  readonly name: string
  /** Takes long: only measured when it is named. */
  readonly alone?: boolean
  readonly measure: (stage: Stage) => Promise<Line[]>
}

/** What all figures share. Everything in it is opened on first use. */
export type Stage = {
  /** Seconds of load in one turn, and how many turns. */
  readonly seconds: number
  readonly turns: number
  /** A tenth of the data. */
  readonly short: boolean
  /** A folder that is emptied at the end. */
  readonly folder: string
  readonly city: () => Promise<import('./city.ts').BenchCity>
  readonly web: () => Promise<import('./children.ts').Child>
  readonly bare: () => Promise<import('./children.ts').Child>
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The value below which `share` (0–1) of the values lie, by the nearest rank. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!
}

/** Measures several things A B A B …, so that a noisy minute of the machine affects all of them; medians by name. */
export async function inTurns<Name extends string>(
  turns: number,
  measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[]
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let turn = 0; turn < turns; turn++) for (const name of names) found[name].push(await measures[name]())
  return Object.fromEntries(names.map((name) => [name, median(found[name])])) as Record<Name, number>
}

/** Milliseconds that something takes. */
export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

export const ratioOf = ({ ours, limit }: Line): number | undefined =>
  ours === undefined || !limit || limit.value === 0 ? undefined : ours / limit.value

/** Whether the promise holds; undefined if nothing was promised or measured. */
export const holds = (line: Line): boolean | undefined =>
  line.target && line.ours !== undefined ? line.target.holds(line.ours, ratioOf(line) ?? Number.NaN) : undefined
