/**
 * The resource-constrained project on one axis of time (RCPSP with minimal time lags; Kolisch & Sprecher, PSPLIB) and serial
 * schedule generation. Times are plain numbers in one unit; everything is by index of the activity.
 */
import { clearProfile, earliestRoom, openProfile, type Profile, use } from './profile.ts'

/** `to` starts at least `lag` after `from` starts; finish to start is a lag of the duration of `from`. */
export type Precedence = { readonly from: number; readonly to: number; readonly lag: number }

/** `activity` uses `amount` of `resource` all the time it lasts. */
export type Need = { readonly activity: number; readonly resource: number; readonly amount: number }

export type Project = {
  readonly size: number
  readonly duration: Float64Array
  /** Earliest start of each. */
  readonly release: Float64Array
  readonly capacity: Float64Array
  /** Waits into activity i are those from `intoAt[i]` to before `intoAt[i + 1]`; `out…` are the same from the other end. */
  readonly intoAt: Int32Array
  readonly intoFrom: Int32Array
  readonly intoLag: Float64Array
  readonly outAt: Int32Array
  readonly outTo: Int32Array
  readonly outLag: Float64Array
  readonly needAt: Int32Array
  readonly needResource: Int32Array
  readonly needAmount: Float64Array
}

export type ProjectProblem =
  | { readonly problem: 'loop'; readonly activities: readonly number[] }
  | { readonly problem: 'need-over-capacity'; readonly activities: readonly number[]; readonly resource: number }

/** Flat arrays of a project, or why no schedule can exist. */
export function projectOf(
  durations: readonly number[],
  waits: readonly Precedence[],
  needs: readonly Need[],
  capacities: readonly number[],
  releases: readonly number[] = durations.map(() => 0),
): Project | ProjectProblem {
  const over = needs.find(({ amount, resource }) => amount > capacities[resource]!)
  if (over) return { problem: 'need-over-capacity', activities: [over.activity], resource: over.resource }
  const size = durations.length
  const into = listed(size, waits, (wait) => wait.to)
  const out = listed(size, waits, (wait) => wait.from)
  const need = listed(size, needs, ({ activity }) => activity)
  const project: Project = {
    size,
    duration: Float64Array.from(durations),
    release: Float64Array.from(releases),
    capacity: Float64Array.from(capacities),
    intoAt: into.at,
    intoFrom: Int32Array.from(into.items, ({ from }) => from),
    intoLag: Float64Array.from(into.items, ({ lag }) => lag),
    outAt: out.at,
    outTo: Int32Array.from(out.items, ({ to }) => to),
    outLag: Float64Array.from(out.items, ({ lag }) => lag),
    needAt: need.at,
    needResource: Int32Array.from(need.items, ({ resource }) => resource),
    needAmount: Float64Array.from(need.items, ({ amount }) => amount),
  }
  const order = orderOf(project)
  if (order.length === size) return project
  const known = new Set(order)
  return { problem: 'loop', activities: [...durations.keys()].filter((index) => !known.has(index)) }
}

function listed<Item>(size: number, items: readonly Item[], owner: (item: Item) => number) {
  const at = new Int32Array(size + 1)
  for (const item of items) at[owner(item) + 1] = at[owner(item) + 1]! + 1
  for (let index = 0; index < size; index += 1) at[index + 1] = at[index + 1]! + at[index]!
  const next = at.slice()
  const placed = new Array<Item>(items.length)
  for (const item of items) {
    const index = owner(item)
    placed[next[index]!] = item
    next[index] = next[index]! + 1
  }
  return { at, items: placed }
}

/** Activities, each after those it waits for; shorter than the project if there is a loop. */
export function orderOf({ size, intoAt, outAt, outTo }: Project): number[] {
  const waiting = Int32Array.from({ length: size }, (_, index) => intoAt[index + 1]! - intoAt[index]!)
  const order = [...waiting.keys()].filter((index) => waiting[index] === 0)
  for (let done = 0; done < order.length; done += 1)
    for (let wait = outAt[order[done]!]!; wait < outAt[order[done]! + 1]!; wait += 1) {
      const to = outTo[wait]!
      waiting[to] = waiting[to]! - 1
      if (waiting[to] === 0) order.push(to)
    }
  return order
}

/** The same project reversed in time. Release dates are dropped. */
export function reversed(project: Project): Project {
  const { size, duration, intoAt, intoFrom, intoLag, outAt, outTo, outLag } = project
  const turned = (at: Int32Array, ends: Int32Array, lags: Float64Array) => {
    const found = new Float64Array(lags.length)
    for (let index = 0; index < size; index += 1)
      for (let wait = at[index]!; wait < at[index + 1]!; wait += 1) {
        const [before, after] = at === intoAt ? [ends[wait]!, index] : [index, ends[wait]!]
        found[wait] = lags[wait]! + duration[after]! - duration[before]!
      }
    return found
  }
  return {
    ...project,
    release: new Float64Array(size),
    intoAt: outAt,
    intoFrom: outTo,
    intoLag: turned(outAt, outTo, outLag),
    outAt: intoAt,
    outTo: intoFrom,
    outLag: turned(intoAt, intoFrom, intoLag),
  }
}

/** Working memory for generating schedules of one project; reused. */
export type Bench = {
  readonly profiles: readonly Profile[]
  readonly waiting: Int32Array
  readonly heap: Int32Array
}

export const openBench = ({ size, capacity }: Project): Bench => ({
  profiles: Array.from(capacity, openProfile),
  waiting: new Int32Array(size),
  heap: new Int32Array(size),
})

/**
 * Serial schedule generation: of the activities that wait for nothing unplaced, the one with the lowest priority number is
 * placed at the earliest time with room for all its needs. Writes `starts` and returns the latest finish.
 */
export function generate(project: Project, bench: Bench, priority: Float64Array, starts: Float64Array): number {
  const { size, duration, release, intoAt, intoFrom, intoLag, outAt, outTo } = project
  const { profiles, waiting, heap } = bench
  for (const profile of profiles) clearProfile(profile)
  let ready = 0
  for (let index = 0; index < size; index += 1) {
    waiting[index] = intoAt[index + 1]! - intoAt[index]!
    if (waiting[index] === 0) ready = pushReady(heap, ready, index, priority)
  }
  let last = Number.NEGATIVE_INFINITY
  while (ready > 0) {
    const next = heap[0]!
    ready = popReady(heap, ready, priority)
    let start = release[next]!
    for (let wait = intoAt[next]!; wait < intoAt[next + 1]!; wait += 1) {
      const after = starts[intoFrom[wait]!]! + intoLag[wait]!
      if (after > start) start = after
    }
    start = place(project, profiles, next, start)
    starts[next] = start
    if (start + duration[next]! > last) last = start + duration[next]!
    for (let wait = outAt[next]!; wait < outAt[next + 1]!; wait += 1) {
      const to = outTo[wait]!
      waiting[to] = waiting[to]! - 1
      if (waiting[to] === 0) ready = pushReady(heap, ready, to, priority)
    }
  }
  return last
}

/** Finds the earliest time from `from` on with room for all needs of an activity, and books them. */
function place(
  { duration, capacity, needAt, needResource, needAmount }: Project,
  profiles: readonly Profile[],
  index: number,
  from: number,
): number {
  const length = duration[index]!
  const first = needAt[index]!
  const end = needAt[index + 1]!
  if (length === 0 || first === end) return from
  let start = from
  for (let agreed = 0, need = first; agreed < end - first; need = need + 1 === end ? first : need + 1) {
    const resource = needResource[need]!
    const time = earliestRoom(profiles[resource]!, start, length, capacity[resource]! - needAmount[need]!)
    agreed = time === start ? agreed + 1 : 1
    start = time
  }
  for (let need = first; need < end; need += 1)
    use(profiles[needResource[need]!]!, start, start + length, needAmount[need]!)
  return start
}

/** Pushes onto a heap ordered by priority, then by index; returns its new size. */
export function pushReady(heap: Int32Array, count: number, index: number, priority: Float64Array): number {
  let place = count
  while (place > 0) {
    const above = (place - 1) >> 1
    if (!isBefore(index, heap[above]!, priority)) break
    heap[place] = heap[above]!
    place = above
  }
  heap[place] = index
  return count + 1
}

/** Pops the first from the heap; returns its new size. */
export function popReady(heap: Int32Array, count: number, priority: Float64Array): number {
  const size = count - 1
  const moved = heap[size]!
  let place = 0
  for (;;) {
    let below = 2 * place + 1
    if (below >= size) break
    if (below + 1 < size && isBefore(heap[below + 1]!, heap[below]!, priority)) below += 1
    if (!isBefore(heap[below]!, moved, priority)) break
    heap[place] = heap[below]!
    place = below
  }
  heap[place] = moved
  return size
}

const isBefore = (a: number, b: number, priority: Float64Array): boolean =>
  priority[a]! < priority[b]! || (priority[a] === priority[b] && a < b)
