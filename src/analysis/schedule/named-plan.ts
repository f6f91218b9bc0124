/** A plan with the names of its parts; what every reader of plan files returns. */
import type { Plan } from './plan.ts'

/** A problem in a file. `stop`: no schedule can be made. */
export type FileProblem = {
  readonly code: string
  readonly severity: 'stop' | 'warn'
  /** Line of the file, where one is known. */
  readonly line: number | null
  /** Place within the file in another form, such as a JSON Pointer. */
  readonly at?: string | null
  /** The activity as people know it: its number in the file and its name. */
  readonly activity: string | null
  readonly values?: Readonly<Record<string, string | number>>
}

export type NamedActivity = {
  /** A number in MSPDI, a text in our own networks. */
  readonly uid: number | string
  readonly name: string
  /** Line of the file; null where the format has none. */
  readonly line: number | null
}

/** An activity needs `units` of a resource while it is worked (1 = one of them, 0.5 = half of their time). */
export type Demand = { readonly activity: number; readonly resource: number; readonly units: number }

export type NamedResource = { readonly uid: number | string; readonly name: string; readonly capacity: number }

export type NamedPlan = {
  readonly plan: Plan
  /** As in `plan.activities`. */
  readonly named: readonly NamedActivity[]
  readonly resources: readonly NamedResource[]
  readonly demands: readonly Demand[]
  /** Minutes that count as a day in this plan. */
  readonly minutesPerDay: number
  /** Day after which what should be done is late (DCMA-14); the status date, or the day the file was made for. */
  readonly statusAt: number | null
  /** Baseline dates by activity, null if it has none. */
  readonly baselines: readonly ({ readonly start: number; readonly finish: number; readonly duration: number } | null)[]
}

/** What a reader found: the plan unless a problem stops it. */
export type ReadPlan = { readonly read: NamedPlan | null; readonly problems: readonly FileProblem[] }
