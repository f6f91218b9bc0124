/** What the pool and its threads say to each other. */
import type { PlanSimulationInput } from '#analysis/simulation/plan.ts'
import type { PlanDraws, Sums } from '#analysis/simulation/plan-draws.ts'

/** `next`: the first batch, or later the first activity, not yet taken; shared, taken with `Atomics.add`. */
export type ToThread =
  | { readonly do: 'open'; readonly input: PlanSimulationInput; readonly drawn: PlanDraws; readonly next: Int32Array }
  | { readonly do: 'draw'; readonly until: number }
  | { readonly do: 'read'; readonly draws: number; readonly rows: Float64Array }

export type FromThread =
  | { readonly done: 'batch' }
  | { readonly done: 'draw' }
  /** The sums of everything this thread has drawn. */
  | { readonly done: 'read'; readonly sums: Sums }
  | { readonly done: 'failed'; readonly message: string }
