/** Draws of a plan, batch by batch. A batch writes only its own places, so any number of workers can share the room. */
import { workAt } from '../calendar/calendar.ts'
import { forwardPass } from '../schedule/forward.ts'
import { openPass, type Pass } from '../schedule/pass.ts'
import { markCritical, possibleEnds } from './critical.ts'
import type { CompiledPlan } from './plan.ts'
import { sampleOf } from './sample.ts'

/** Everything that draws leave behind. Sums are of whole numbers, so they do not depend on the order of batches. */
export type DrawnPlan = {
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

/** Room for all draws; `shared` makes it visible to several threads. */
export function openDrawn({ input, variables, risks, costs }: CompiledPlan, shared = false): DrawnPlan {
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

/** The sums of `DrawnPlan`, which each worker keeps for itself and which are added in the end. */
export type Sums = Pick<
  DrawnPlan,
  'critical' | 'rankGaps' | 'lowWorks' | 'highWorks' | 'happened' | 'happenedWorks' | 'clipped'
>

const summed = ['critical', 'rankGaps', 'lowWorks', 'highWorks', 'happened', 'happenedWorks', 'clipped'] as const

/** Sums of nothing yet, of the same lengths. */
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

/** Runs single batches of a plan into the room that is given; the sums go into `sums`. */
export function planBatches(compiled: CompiledPlan, drawn: DrawnPlan, sums: Sums): (batch: number) => void {
  const { input, network, sizes, variables, mixings, uncertain, costs, risks, planned } = compiled
  const { draws } = input
  const { size: nodes, nodeOf } = network
  const largest = sizes[0]!
  const sample = sampleOf(variables, mixings, input.seed)
  const pass = openPass(network)
  const values = new Float64Array(variables.length * largest)
  const strata = new Uint16Array(variables.length * largest)
  // By draw, then by node, as the engine takes and gives them: stepping from row to row would touch a page of memory each time.
  const minutes = new Float64Array(nodes * largest)
  for (let draw = 0; draw < largest; draw += 1) minutes.set(network.durations, draw * nodes)
  const ends = new Float64Array(nodes * largest)
  const calendar = network.calendars[network.planCalendar]!
  const drawnNode = Int32Array.from(uncertain, ({ node }) => node)
  // Durations that only risks change are put back before each draw.
  const steady = [...new Set(risks.flatMap((risk) => risk.nodes))].filter((node) => !drawnNode.includes(node))
  const count = criticalCounter(compiled, sums.critical)
  return (batch) => {
    const size = sizes[batch]!
    const first = batch * largest
    sample.draw(batch, size, values, strata)
    sums.clipped[0]! += fillMinutes(values, size, drawnNode, minutes, nodes)
    for (let draw = 0; draw < size; draw += 1) {
      const at = first + draw
      const durations = minutes.subarray(draw * nodes, (draw + 1) * nodes)
      let cost = 0
      for (const node of steady) durations[node] = network.durations[node]!
      for (const [index, risk] of risks.entries()) {
        cost += risk.price
        if (values[risk.happens * size + draw]! >= risk.chance) continue
        sums.happened[index]! += 1
        if (risk.cost >= 0) cost += values[risk.cost * size + draw]!
        if (risk.delay < 0) continue
        const later = Math.max(0, Math.round(values[risk.delay * size + draw]!))
        for (const node of risk.nodes) durations[node] = durations[node]! + later
      }
      const finish = forwardPass(network, durations, pass)
      drawn.finishes[at] = finish
      drawn.works[at] = workAt(calendar, finish)
      ends.set(pass.finish, draw * nodes)
      count(durations, pass, finish)
      if (drawn.costs.length === 0) continue
      for (const { variable, node, perMinute } of costs) {
        if (variable >= 0) cost += values[variable * size + draw]!
        if (node >= 0 && perMinute !== 0) cost += perMinute * durations[node]!
      }
      drawn.costs[at] = cost + ((input.costPerDay ?? 0) * (finish - planned.start)) / 1440
    }
    keepEnds(ends, size, nodeOf, nodes, drawn.ends, draws, first)
    const works = drawn.works.subarray(first, first + size)
    if (size === largest) addRanks(works, size, variables.length, strata, sums)
    for (const [index, { happens, chance }] of risks.entries())
      for (let draw = 0; draw < size; draw += 1)
        if (values[happens * size + draw]! < chance) sums.happenedWorks[index]! += Math.round(works[draw]!)
  }
}

/** Activities in a row that are copied together, so that what is read and written fits the cache. */
const block = 16

/** Whole minutes of the uncertain durations, which are the first variables; gives how many were below zero. */
function fillMinutes(
  values: Float64Array,
  size: number,
  drawnNode: Int32Array,
  minutes: Float64Array,
  nodes: number,
): number {
  let below = 0
  for (let from = 0; from < drawnNode.length; from += block) {
    const to = Math.min(drawnNode.length, from + block)
    for (let draw = 0; draw < size; draw += 1)
      for (let index = from; index < to; index += 1) {
        const rounded = Math.round(values[index * size + draw]!)
        minutes[draw * nodes + drawnNode[index]!] = rounded > 0 ? rounded : 0
        if (rounded < 0) below += 1
      }
  }
  return below
}

/** Whole minutes of work at the end of each activity, by activity. */
function keepEnds(
  ends: Float64Array,
  size: number,
  nodeOf: Int32Array,
  nodes: number,
  into: Int32Array,
  draws: number,
  first: number,
): void {
  for (let from = 0; from < nodeOf.length; from += block) {
    const to = Math.min(nodeOf.length, from + block)
    for (let draw = 0; draw < size; draw += 1)
      for (let activity = from; activity < to; activity += 1) {
        const node = nodeOf[activity]!
        // Ends some thousand years off are kept as the last that fits.
        if (node >= 0)
          into[activity * draws + first + draw] = Math.min(2147483647, Math.round(ends[draw * nodes + node]!))
      }
  }
}

/** Each activity with its summary, what is deepest first. */
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

/** Counts the activities that decide the finish of a draw; a summary does where anything within it does. */
function criticalCounter(compiled: CompiledPlan, critical: Int32Array) {
  const { network, plan } = compiled
  const marks = new Uint8Array(network.size)
  const ends = possibleEnds(network)
  const parents = parentsOf(compiled)
  const marked = new Uint8Array(plan.activities.length)
  return (durations: Float64Array, pass: Pass, finish: number): void => {
    markCritical(network, durations, pass, finish, ends, marks)
    if (parents.length === 0) {
      for (let node = 0; node < marks.length; node += 1)
        if (marks[node] === 1) critical[network.activityOf[node]!] = critical[network.activityOf[node]!]! + 1
      return
    }
    for (let activity = 0; activity < marked.length; activity += 1) {
      const node = network.nodeOf[activity]!
      marked[activity] = node >= 0 ? marks[node]! : 0
    }
    for (const [activity, parent] of parents) if (marked[activity] === 1) marked[parent] = 1
    for (let activity = 0; activity < marked.length; activity += 1)
      if (marked[activity] === 1) critical[activity] = critical[activity]! + 1
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
