/**
 * Search for a short schedule under scarce resources: serial generation by latest finish time, then randomised restarts,
 * each improved forwards and backwards (Li & Willis 1992; Valls, Ballestín & Quintanilla 2005). Never worse than its first pass.
 */
import { type Random, seeded } from '../random.ts'
import { type Bench, generate, openBench, orderOf, type Project, reversed } from './project.ts'

export type SearchLimits = {
  /** Restarts at most; 0 is the first pass alone. With it and without a deadline the answer is the same on every machine. */
  readonly restarts?: number
  /** Milliseconds of `clock` after which nothing new is begun. */
  readonly deadlineMs?: number
  /** Clock in milliseconds, from the caller, because this layer has none. Needed for a deadline. */
  readonly clock?: () => number
  readonly seed?: number
  /** Another way to make a schedule from priorities (with calendars); writes starts and returns the value to minimise. */
  readonly generate?: (priority: Float64Array, starts: Float64Array) => number
  /** A lower bound for any schedule, if the project only approximates the real one. */
  readonly least?: number
}

export type SearchResult = {
  readonly starts: Float64Array
  /** Priorities that give this schedule. */
  readonly priority: Float64Array
  readonly finish: number
  /** Finish of the first pass, by latest finish time alone. */
  readonly firstFinish: number
  /** No schedule can end earlier; a schedule that reaches it is optimal. */
  readonly least: number
  readonly restarts: number
}

/** Earliest starts without regard to resources, and the longest path from each start to the end. */
export function tailsOf(project: Project): { starts: Float64Array; tails: Float64Array } {
  const { size, duration, release, intoAt, intoFrom, intoLag, outAt, outTo, outLag } = project
  const order = orderOf(project)
  const starts = Float64Array.from(release)
  const tails = Float64Array.from(duration)
  for (let place = 0; place < size; place += 1) {
    const index = order[place]!
    for (let wait = intoAt[index]!; wait < intoAt[index + 1]!; wait += 1)
      starts[index] = Math.max(starts[index]!, starts[intoFrom[wait]!]! + intoLag[wait]!)
  }
  for (let place = size - 1; place >= 0; place -= 1) {
    const index = order[place]!
    for (let wait = outAt[index]!; wait < outAt[index + 1]!; wait += 1)
      tails[index] = Math.max(tails[index]!, outLag[wait]! + tails[outTo[wait]!]!)
  }
  return { starts, tails }
}

/** The longest path, and the work of each resource divided by its capacity. */
function minFinish(project: Project, starts: Float64Array, tails: Float64Array): number {
  const { size, duration, capacity, needAt, needResource, needAmount } = project
  let least = Number.NEGATIVE_INFINITY
  const work = new Float64Array(capacity.length)
  for (let index = 0; index < size; index += 1) {
    least = Math.max(least, starts[index]! + tails[index]!)
    for (let need = needAt[index]!; need < needAt[index + 1]!; need += 1)
      work[needResource[need]!]! += duration[index]! * needAmount[need]!
  }
  const first = project.release.reduce((earliest, release) => Math.min(earliest, release), Number.POSITIVE_INFINITY)
  for (const [resource, amount] of work.entries())
    if (amount > 0) least = Math.max(least, first + amount / capacity[resource]!)
  return least
}

/** Searches until the limits are reached or nothing shorter can exist. */
export function search(project: Project, limits: SearchLimits = {}): SearchResult {
  const { restarts = 100, deadlineMs, clock, seed = 1 } = limits
  const { size, duration } = project
  const began = clock?.() ?? 0
  const late = () => deadlineMs !== undefined && clock !== undefined && clock() - began >= deadlineMs
  const bench = openBench(project)
  const make =
    limits.generate ?? ((priority: Float64Array, into: Float64Array) => generate(project, bench, priority, into))
  const { starts: early, tails } = tailsOf(project)
  const least = limits.least ?? minFinish(project, early, tails)
  const horizon = early.reduce((most, start, index) => Math.max(most, start + tails[index]!), 0)
  const length = horizon - early.reduce((first, start) => Math.min(first, start), horizon)
  // Latest finish times, counted back from the end of the longest path.
  const latestFinish = Float64Array.from(tails, (tail, index) => horizon - tail + duration[index]!)
  const starts = new Float64Array(size)
  const firstFinish = make(latestFinish, starts)
  const improve = improver(project, make, bench)
  let best: Schedule = { starts: starts.slice(), priority: latestFinish, finish: firstFinish }
  let current = improve(best, late)
  if (current.finish < best.finish) best = current
  const random = seeded(seed)
  let done = 0
  const priority = new Float64Array(size)
  while (done < restarts && best.finish > least + 1e-9 && !late()) {
    done += 1
    disturb(done, current, latestFinish, length, random, priority)
    const finish = make(priority, starts)
    const improved = improve({ starts: starts.slice(), priority: priority.slice(), finish }, late)
    // An equally good schedule is accepted too, and now and then any: it leads elsewhere.
    if (improved.finish <= current.finish || done % 50 === 0) current = improved
    if (improved.finish < best.finish) best = improved
  }
  return { ...best, firstFinish, least, restarts: done }
}

type Schedule = Pick<SearchResult, 'starts' | 'priority' | 'finish'>

/** New priorities: near the current schedule, or, every fourth time, latest finish times with noise. */
function disturb(
  turn: number,
  { starts }: Schedule,
  latestFinish: Float64Array,
  length: number,
  random: Random,
  priority: Float64Array,
): void {
  const anew = turn % 4 === 0
  const reach = length * (anew ? 0.3 : 0.05 + 0.25 * random() * random())
  for (let index = 0; index < priority.length; index += 1) {
    const centre = anew ? latestFinish[index]! : starts[index]!
    priority[index] = centre + reach * (random() - 0.5)
  }
}

/** Moves everything as late as it can go, then as early, as long as that helps. */
function improver(
  project: Project,
  make: (priority: Float64Array, starts: Float64Array) => number,
  bench: Bench,
): (from: Schedule, late: () => boolean) => Schedule {
  const { size, duration } = project
  const backwards = reversed(project)
  const priority = new Float64Array(size)
  const mirrored = new Float64Array(size)
  const starts = new Float64Array(size)
  return (from, late) => {
    let best = from
    for (let turn = 0; turn < 10 && !late(); turn += 1) {
      for (let index = 0; index < size; index += 1) priority[index] = -(best.starts[index]! + duration[index]!)
      const length = generate(backwards, bench, priority, mirrored)
      for (let index = 0; index < size; index += 1) priority[index] = length - mirrored[index]! - duration[index]!
      const finish = make(priority, starts)
      const better = finish < best.finish - 1e-9
      if (finish <= best.finish) best = { starts: starts.slice(), priority: priority.slice(), finish }
      if (!better) break
    }
    return best
  }
}
