/** Draws of a plan, batch by batch. A batch writes only its own places, so any number of workers can share the arrays. */
import { minutesPerDay, workAt } from '../calendar/calendar.ts'
import { crossingsOf } from '../schedule/crossing.ts'
import { forwardPass, planFinish } from '../schedule/forward.ts'
import { openPass, type Pass } from '../schedule/pass.ts'
import { markCritical, possibleEnds } from './critical.ts'
import type { CompiledPlan } from './plan.ts'
import { sampleOf } from './sample.ts'

/** Everything the draws produce. Sums are of whole numbers, so they do not depend on the order of batches. */
export type PlanDraws = {
  /** Finish of the plan by draw: instants, and work of the calendar of the plan. */
  readonly finishes: Float64Array
  readonly works: Float64Array
  /** By draw; empty where nothing costs anything. */
  readonly costs: Float64Array
  /** Finish of activity a in draw d at [a × draws + d]: whole minutes of work of its calendar. */
  readonly ends: Int32Array
  /** Draws in which the activity decided the finish. */
  readonly critical: Int32Array
  /** By variable: sum of squared differences of rank to the finish, over the full batches. */
  readonly rankGaps: Float64Array
  /** By variable: work at the finish, summed over the draws in its lowest and its highest tenth, over the full batches. */
  readonly lowWorks: Float64Array
  readonly highWorks: Float64Array
  /** By risk: draws in which it happened, and work at the finish summed over them. */
  readonly happened: Int32Array
  readonly happenedWorks: Float64Array
  /** [0]: durations drawn below zero, which count as zero. */
  readonly clipped: Int32Array
}

/** Arrays for all draws; `shared` makes them visible to several threads. */
export function allocateDraws({ input, variables, risks, costs }: CompiledPlan, shared = false): PlanDraws {
  const { draws, plan } = input
  const buffer = (bytes: number) => (shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
  const numbers = (count: number) => new Float64Array(buffer(count * 8))
  const counts = (count: number) => new Int32Array(buffer(count * 4))
  const costly =
    costs.length > 0 || input.costPerDay !== undefined || risks.some(({ cost, price }) => cost >= 0 || price !== 0)
  return {
    finishes: numbers(draws),
    works: numbers(draws),
    costs: numbers(costly ? draws : 0),
    ends: counts(draws * plan.activities.length),
    critical: counts(plan.activities.length),
    rankGaps: numbers(variables.length),
    lowWorks: numbers(variables.length),
    highWorks: numbers(variables.length),
    happened: counts(risks.length),
    happenedWorks: numbers(risks.length),
    clipped: counts(1),
  }
}

/** The sums of `PlanDraws`, which each worker keeps for itself and which are added up at the end. */
export type Sums = Pick<
  PlanDraws,
  'critical' | 'rankGaps' | 'lowWorks' | 'highWorks' | 'happened' | 'happenedWorks' | 'clipped'
>

const summed = ['critical', 'rankGaps', 'lowWorks', 'highWorks', 'happened', 'happenedWorks', 'clipped'] as const

/** Zero sums of the same lengths. */
export const openSums = (like: Sums): Sums => ({
  critical: new Int32Array(like.critical.length),
  rankGaps: new Float64Array(like.rankGaps.length),
  lowWorks: new Float64Array(like.lowWorks.length),
  highWorks: new Float64Array(like.highWorks.length),
  happened: new Int32Array(like.happened.length),
  happenedWorks: new Float64Array(like.happenedWorks.length),
  clipped: new Int32Array(1),
})

export function addSums(into: Sums, from: Sums): void {
  for (const name of summed) {
    const [sums, more] = [into[name], from[name]]
    for (let index = 0; index < sums.length; index += 1) sums[index] = sums[index]! + more[index]!
  }
}

/** Draws scheduled side by side: many for a small plan, few enough for a large one to stay in the cache. */
const lanesFor = (nodes: number, largest: number): number => {
  const most = Math.max(16, Math.min(128, Math.floor(262_144 / nodes)))
  return Math.ceil(largest / Math.ceil(largest / most))
}

/** Runs single batches of a plan into the given arrays; the sums go into `sums`. */
export function planBatches(compiled: CompiledPlan, drawn: PlanDraws, sums: Sums): (batch: number) => void {
  const { input, network, sizes, variables, mixings, risks } = compiled
  const largest = sizes[0]!
  const sample = sampleOf(variables, mixings, input.seed)
  const lanes = lanesFor(network.size, largest)
  const pass = openPass(network, lanes, crossingsFor(compiled))
  const room: Room = {
    compiled,
    drawn,
    sums,
    pass,
    values: new Float64Array(variables.length * largest),
    durations: spread(network.durations, lanes),
    finishes: new Float64Array(lanes),
    costs: new Float64Array(drawn.costs.length > 0 ? lanes : 0),
    steady: steadyNodes(compiled),
    count: criticalCounter(compiled, sums.critical, lanes),
  }
  const strata = new Uint16Array(variables.length * largest)
  return (batch) => {
    const size = sizes[batch]!
    const first = batch * largest
    sample.draw(batch, size, room.values, strata)
    for (let from = 0; from < size; from += lanes)
      scheduleDraws(room, size, from, Math.min(lanes, size - from), first + from)
    const works = drawn.works.subarray(first, first + size)
    if (size === largest) addRanks(works, size, variables.length, strata, sums)
    for (const [index, { happens, chance }] of risks.entries())
      for (let draw = 0; draw < size; draw += 1)
        if (room.values[happens * size + draw]! < chance) sums.happenedWorks[index]! += Math.round(works[draw]!)
  }
}

/** Working memory reused by the batches of one worker. */
type Room = {
  readonly compiled: CompiledPlan
  readonly drawn: PlanDraws
  readonly sums: Sums
  readonly pass: Pass
  /** Of the batch, by variable and draw. */
  readonly values: Float64Array
  /** By node and lane. */
  readonly durations: Float64Array
  /** By lane. */
  readonly finishes: Float64Array
  readonly costs: Float64Array
  readonly steady: readonly number[]
  readonly count: (durations: Float64Array, pass: Pass, finishes: Float64Array, used: number) => void
}

/** Each number repeated once per lane. */
function spread(numbers: Float64Array, lanes: number): Float64Array {
  const rows = new Float64Array(numbers.length * lanes)
  for (const [row, number] of numbers.entries()) rows.fill(number, row * lanes, (row + 1) * lanes)
  return rows
}

/** Nodes whose durations only risks change; they are put back before each draw. */
function steadyNodes({ uncertain, risks }: CompiledPlan): number[] {
  const drawnNodes = new Set(uncertain.map(({ node }) => node))
  return [...new Set(risks.flatMap((risk) => risk.nodes))].filter((node) => !drawnNodes.has(node))
}

/** From a month before the plan to as long again after it, and a month. */
function crossingsFor({ network, planned, input }: CompiledPlan): Pass['crossings'] {
  const month = 31 * minutesPerDay
  const span = Math.min(planned.finish - planned.start, 20 * 12 * month)
  return crossingsOf(network, planned.start - month, planned.start + 2 * span + month, input.draws)
}

/**
 * Schedules `used` draws of a batch of `size`, from its draw `from` on; they are the draws from `at` on of the simulation. The
 * lanes that are left over schedule once more what was in them.
 */
function scheduleDraws(room: Room, size: number, from: number, used: number, at: number): void {
  const { compiled, drawn, pass, durations, finishes, costs, values } = room
  const { input, network, planned } = compiled
  const { draws } = input
  const { lanes } = pass
  fillDurations(room, size, from, used)
  costs.fill(0)
  takeRisks(room, size, from, used)
  forwardPass(network, durations, pass)
  const calendar = network.calendars[network.planCalendar]!
  for (let lane = 0; lane < lanes; lane += 1) finishes[lane] = planFinish(network, pass, lane)
  for (let lane = 0; lane < used; lane += 1) {
    drawn.finishes[at + lane] = finishes[lane]!
    drawn.works[at + lane] = workAt(calendar, finishes[lane]!)
  }
  for (const [activity, node] of network.nodeOf.entries())
    if (node >= 0) keepEnds(pass.finish, node * lanes, used, drawn.ends, activity * draws + at)
  room.count(durations, pass, finishes, used)
  if (costs.length === 0) return
  for (const { variable, node, perMinute } of compiled.costs)
    for (let lane = 0; lane < used; lane += 1) {
      if (variable >= 0) costs[lane]! += values[variable * size + from + lane]!
      if (node >= 0 && perMinute !== 0) costs[lane]! += perMinute * durations[node * lanes + lane]!
    }
  for (let lane = 0; lane < used; lane += 1)
    drawn.costs[at + lane] =
      costs[lane]! + ((input.costPerDay ?? 0) * (finishes[lane]! - planned.start)) / minutesPerDay
}

/** `Math.round`; where the result is the same, without a branch on how the number rounds, which processors cannot predict. */
const wholeOf = (value: number): number =>
  value >= 0.5 && value < 2 ** 51 ? Math.floor(value + 0.5) : Math.round(value)

/** Whole minutes of the uncertain durations; those drawn below zero are counted. */
function fillDurations(
  { compiled, sums, pass, values, durations, steady }: Room,
  size: number,
  from: number,
  used: number,
) {
  const { lanes } = pass
  for (const { variable, node } of compiled.uncertain) {
    const [row, drawnRow] = [node * lanes, variable * size + from]
    for (let lane = 0; lane < used; lane += 1) {
      const rounded = wholeOf(values[drawnRow + lane]!)
      durations[row + lane] = rounded > 0 ? rounded : 0
      if (rounded < 0) sums.clipped[0]! += 1
    }
  }
  for (const node of steady) durations.fill(compiled.network.durations[node]!, node * lanes, node * lanes + used)
}

/** Delays and costs of the risks that happen. */
function takeRisks({ compiled, sums, pass, values, durations, costs }: Room, size: number, from: number, used: number) {
  const { lanes } = pass
  for (const [index, risk] of compiled.risks.entries())
    for (let lane = 0; lane < used; lane += 1) {
      if (costs.length > 0) costs[lane]! += risk.price
      if (values[risk.happens * size + from + lane]! >= risk.chance) continue
      sums.happened[index]! += 1
      if (risk.cost >= 0) costs[lane]! += values[risk.cost * size + from + lane]!
      if (risk.delay < 0) continue
      const later = Math.max(0, Math.round(values[risk.delay * size + from + lane]!))
      for (const node of risk.nodes) durations[node * lanes + lane]! += later
    }
}

/** Whole minutes of work at the end of an activity. */
function keepEnds(finish: Float64Array, row: number, used: number, into: Int32Array, at: number): void {
  // Ends some thousand years away are clamped to the largest that fits.
  for (let lane = 0; lane < used; lane += 1) into[at + lane] = Math.min(2147483647, Math.round(finish[row + lane]!))
}

/** Each activity with its summary, the deepest first. */
function parentsOf({ plan, children }: CompiledPlan): readonly (readonly [activity: number, parent: number])[] {
  const pairs: [number, number][] = []
  const open = plan.activities.flatMap(({ parent }, index) => (parent === undefined ? [index] : []))
  for (let index = open.pop(); index !== undefined; index = open.pop())
    for (const child of children[index]!) {
      pairs.push([child, index])
      open.push(child)
    }
  return pairs.reverse()
}

/** Counts the activities that decide the finish, in the first `used` lanes; a summary does where anything within it does. */
function criticalCounter(compiled: CompiledPlan, critical: Int32Array, lanes: number): Room['count'] {
  const { network, plan } = compiled
  const marks = new Uint8Array(network.size * lanes)
  const ends = possibleEnds(network)
  const parents = parentsOf(compiled)
  // A row for each activity where there are summaries; they have no nodes unless something waits for them.
  const marked = parents.length === 0 ? marks : new Uint8Array(plan.activities.length * lanes)
  return (durations, pass, finishes, used) => {
    markCritical(network, durations, pass, finishes, ends, marks)
    if (parents.length > 0) {
      for (const [activity, node] of network.nodeOf.entries()) {
        const row = activity * lanes
        if (node < 0) marked.fill(0, row, row + lanes)
        else marked.set(marks.subarray(node * lanes, (node + 1) * lanes), row)
      }
      for (const [activity, parent] of parents)
        for (let lane = 0; lane < used; lane += 1)
          if (marked[activity * lanes + lane] === 1) marked[parent * lanes + lane] = 1
    }
    for (const [activity, node] of network.nodeOf.entries()) {
      const row = (parents.length === 0 ? node : activity) * lanes
      let count = 0
      for (let lane = 0; lane < used; lane += 1) count += marked[row + lane]!
      critical[activity] = critical[activity]! + count
    }
  }
}

/** Adds what one batch says about the pull of each variable on the finish. */
function addRanks(works: Float64Array, size: number, count: number, strata: Uint16Array, sums: Sums): void {
  const ranks = meanRanks(works)
  const whole = works.map(Math.round)
  const tenth = Math.floor(size / 10)
  for (let variable = 0; variable < count; variable += 1) {
    let gaps = 0
    let low = 0
    let high = 0
    for (let draw = 0; draw < size; draw += 1) {
      const stratum = strata[variable * size + draw]!
      const gap = stratum - ranks[draw]!
      gaps += gap * gap
      if (stratum < tenth) low += whole[draw]!
      else if (stratum >= size - tenth) high += whole[draw]!
    }
    sums.rankGaps[variable]! += gaps
    sums.lowWorks[variable]! += low
    sums.highWorks[variable]! += high
  }
}

/** Ranks from 0; equal values share the mean of their ranks. */
function meanRanks(values: Float64Array): Float64Array {
  const order = Uint16Array.from(values, (_, index) => index).sort((left, right) => values[left]! - values[right]!)
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1
    for (let index = from; index < to; index += 1) ranks[order[index]!] = (from + to - 1) / 2
    from = to
  }
  return ranks
}
