/** What the draws of a plan show: when it ends, what it costs, which activities decide and what has most influence. */
import { workAt } from '../calendar/calendar.ts'
import { sideOf } from '../schedule/limits.ts'
import { instantOf } from '../schedule/pass.ts'
import {
  type CompiledPlan,
  compilePlanSimulation,
  type PlanSimulationInput,
  type PlanSimulationProblem,
} from './plan.ts'
import { allocateDraws, type PlanDraws, planBatches } from './plan-draws.ts'
import { isCheckpoint } from './simulation.ts'
import { isPrecise, type Summary, selectPercentiles, summaryOf } from './summary.ts'
import { isFixed } from './variable.ts'

/** Instants. */
export type DatePercentiles = {
  readonly p10: number
  readonly p50: number
  readonly p80: number
  readonly p90: number
  /** The mean of the working time until then, as a date. */
  readonly mean: number
}

export type TaskResult = DatePercentiles & {
  /** Share of the draws, 0 to 1, in which the activity decided when the plan ends. */
  readonly criticality: number
}

/** How much an uncertain quantity influences the finish. */
export type Influence = {
  /** `durationName` or `riskName` of it. */
  readonly name: string
  /** Rank correlation with the finish, −1 to 1. */
  readonly rank: number
  /** Working minutes between the mean finish where it lies in its highest tenth, and in its lowest. */
  readonly swing: number
}

export type RiskResult = {
  /** Share of the draws in which it happened. */
  readonly share: number
  /** Working minutes by which the mean finish is later where it happened; null where it always or never did. */
  readonly later: number | null
}

export type PlanSimulation = {
  readonly draws: number
  /** Finish of the plan. Standard errors are working minutes of its calendar. */
  readonly finish: DatePercentiles & {
    readonly errors: Readonly<Record<'p10' | 'p50' | 'p80' | 'p90' | 'mean', number | null>>
  }
  /** Finish without uncertainty, and the share of the draws that keep it. */
  readonly planned: { readonly finish: number; readonly chance: number }
  readonly cost: Summary | null
  /** By activity. */
  readonly tasks: readonly TaskResult[]
  /** Uncertain quantities, the strongest first; empty if the draws are too few to tell. */
  readonly pulls: readonly Influence[]
  readonly risks: readonly RiskResult[]
  /** Durations that were drawn below zero and counted as zero. */
  readonly clipped: number
  readonly precise: boolean | null
  /** By draw, for charts and comparisons. */
  readonly finishes: Float64Array
  readonly works: Float64Array
  readonly costs: Float64Array
}

/** How much to evaluate: after each checkpoint, and at the end. In batches. */
export function checkpoints({ sizes }: CompiledPlan): number[] {
  return sizes.flatMap((_, index) => (isCheckpoint(index + 1) || index + 1 === sizes.length ? [index + 1] : []))
}

/** Whether the finish after so many batches is as precise as asked. */
export function isPreciseAfter(
  compiled: CompiledPlan,
  { works }: PlanDraws,
  batches: number,
  precision: number,
): boolean {
  const sizes = compiled.sizes.slice(0, batches)
  const draws = sizes.reduce((sum, size) => sum + size, 0)
  return isPrecise(summaryOf(works.slice(0, draws), sizes), precision)
}

/** Simulates in one thread. `precision` as in `isPrecise`: stops early where it is reached. */
export function simulatePlan(input: PlanSimulationInput, precision?: number): PlanSimulation | PlanSimulationProblem {
  const compiled = compilePlanSimulation(input)
  if ('problem' in compiled) return compiled
  const drawn = allocateDraws(compiled)
  const run = planBatches(compiled, drawn, drawn)
  let done = 0
  for (const until of precision === undefined ? [compiled.sizes.length] : checkpoints(compiled)) {
    for (; done < until; done += 1) run(done)
    if (precision !== undefined && isPreciseAfter(compiled, drawn, done, precision)) break
  }
  return resultOfDraws(compiled, drawn, done, precision)
}

/**
 * Evaluates the first `batches` batches. `rows` are what `readRow` found for each activity, if others have
 * read them.
 */
export function resultOfDraws(
  compiled: CompiledPlan,
  drawn: PlanDraws,
  batches: number,
  precision?: number,
  rows: Float64Array = readRows(compiled, drawn, batches),
): PlanSimulation | PlanSimulationProblem {
  const { planned } = compiled
  const sizes = compiled.sizes.slice(0, batches)
  const draws = sizes.reduce((sum, size) => sum + size, 0)
  const finishes = drawn.finishes.slice(0, draws)
  const endless = finishes.reduce((count, finish) => (Number.isFinite(finish) ? count : count + 1), 0)
  if (endless > 0) return { problem: 'draws-never-end', draws: endless }
  const works = drawn.works.slice(0, draws)
  const costs = drawn.costs.slice(0, draws)
  const dates = summaryOf(finishes, sizes)
  const amounts = summaryOf(works, sizes)
  const kept = finishes.reduce((count, finish) => (finish <= planned.finish ? count + 1 : count), 0)
  return {
    draws,
    finish: {
      p10: dates.p10.value,
      p50: dates.p50.value,
      p80: dates.p80.value,
      p90: dates.p90.value,
      mean: meanDate(compiled, amounts.mean.value),
      errors: {
        p10: amounts.p10.standardError,
        p50: amounts.p50.standardError,
        p80: amounts.p80.standardError,
        p90: amounts.p90.standardError,
        mean: amounts.mean.standardError,
      },
    },
    planned: { finish: planned.finish, chance: kept / draws },
    cost: costs.length > 0 ? summaryOf(costs, sizes) : null,
    tasks: tasksOf(compiled, drawn, draws, rows),
    pulls: pullsOf(compiled, drawn, sizes),
    risks: compiled.risks.map((_, index) => riskOf(drawn, works, index)),
    clipped: drawn.clipped[0]!,
    precise: precision === undefined ? null : isPrecise(amounts, precision),
    finishes,
    works,
    costs,
  }
}

/** Working time as a date, before or after a time without work as the planned finish is. */
function meanDate({ network, planned }: CompiledPlan, mean: number): number {
  const calendar = network.calendars[network.planCalendar]!
  const side = sideOf(calendar, workAt(calendar, planned.finish), planned.finish)
  return instantOf(network, network.planCalendar, Math.round(mean), side)
}

/** Numbers of a row: p10, p50, p80, p90, mean. */
export const rowWidth = 5

/** Percentiles and mean of the ends of one activity, as work of its calendar (of a summary: instants); `into` holds all rows. */
export function readRow(
  compiled: CompiledPlan,
  drawn: PlanDraws,
  draws: number,
  activity: number,
  into: Float64Array,
): void {
  const { input, children } = compiled
  const values =
    children[activity]!.length > 0
      ? summaryEnds(compiled, drawn, draws, activity)
      : drawn.ends.subarray(activity * input.draws, activity * input.draws + draws)
  let sum = 0
  for (const value of values) sum += value
  const { p10, p50, p80, p90 } = selectPercentiles(values)
  into.set([p10, p50, p80, p90, Math.round(sum / draws)], activity * rowWidth)
}

function readRows(compiled: CompiledPlan, drawn: PlanDraws, batches: number): Float64Array {
  const sizes = compiled.sizes.slice(0, batches)
  const draws = sizes.reduce((sum, size) => sum + size, 0)
  const rows = new Float64Array(compiled.plan.activities.length * rowWidth)
  for (let activity = 0; activity < compiled.plan.activities.length; activity += 1)
    readRow(compiled, drawn, draws, activity, rows)
  return rows
}

/** A summary ends when the last activity within it does. */
function summaryEnds(
  { input, plan, network, sides, children }: CompiledPlan,
  { ends }: PlanDraws,
  draws: number,
  summary: number,
): Float64Array {
  const latest = new Float64Array(draws).fill(Number.NEGATIVE_INFINITY)
  const open = [...children[summary]!]
  for (let activity = open.pop(); activity !== undefined; activity = open.pop()) {
    open.push(...children[activity]!)
    if (children[activity]!.length > 0 || plan.activities[activity]!.inactive) continue
    const node = network.nodeOf[activity]!
    for (let draw = 0; draw < draws; draw += 1) {
      const end = instantOf(network, network.calendar[node]!, ends[activity * input.draws + draw]!, sides[node]!)
      if (end > latest[draw]!) latest[draw] = end
    }
  }
  return latest
}

function tasksOf(
  { plan, network, sides, children }: CompiledPlan,
  { critical }: PlanDraws,
  draws: number,
  rows: Float64Array,
): TaskResult[] {
  return plan.activities.map(({ fixed, actualFinish }, activity) => {
    const node = network.nodeOf[activity]!
    // What has ended, or was set by hand, ends at an instant of its own, not where its calendar works.
    const given = fixed?.finish ?? actualFinish
    const dateAt = (place: number) => {
      const value = rows[activity * rowWidth + place]!
      if (children[activity]!.length > 0) return value
      return given ?? instantOf(network, network.calendar[node]!, value, sides[node]!)
    }
    return {
      criticality: critical[activity]! / draws,
      p10: dateAt(0),
      p50: dateAt(1),
      p80: dateAt(2),
      p90: dateAt(3),
      mean: dateAt(4),
    }
  })
}

function pullsOf(
  { uncertain, risks, variables }: CompiledPlan,
  drawn: PlanDraws,
  sizes: readonly number[],
): Influence[] {
  const size = sizes[0]!
  const full = sizes.filter((each) => each === size).length
  const tenth = Math.floor(size / 10)
  if (tenth < 2) return []
  const moving = [
    ...uncertain.map(({ variable }) => variable),
    ...risks.map(({ delay }) => delay).filter((delay) => delay >= 0),
  ]
  return moving
    .filter((variable) => !isFixed(variables[variable]!.distribution))
    .map((variable) => ({
      name: variables[variable]!.name,
      rank: 1 - (6 * drawn.rankGaps[variable]!) / (full * size * (size * size - 1)),
      swing: (drawn.highWorks[variable]! - drawn.lowWorks[variable]!) / (full * tenth),
    }))
    .sort((left, right) => right.swing - left.swing)
}

function riskOf({ happened, happenedWorks }: PlanDraws, works: Float64Array, index: number): RiskResult {
  const [draws, times] = [works.length, happened[index]!]
  const all = works.reduce((sum, work) => sum + Math.round(work), 0)
  const later =
    times === 0 || times === draws
      ? null
      : happenedWorks[index]! / times - (all - happenedWorks[index]!) / (draws - times)
  return { share: times / draws, later }
}
