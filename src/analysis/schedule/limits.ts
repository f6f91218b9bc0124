/** What an activity itself says about its dates (constraint, deadline, progress), as work in its own calendar. */
import { type CompiledCalendar, finishAt, startAt, workAt } from '../calendar/calendar.ts'
import { kinds } from './order.ts'
import type { Activity, Plan } from './plan.ts'

/** How a date of an activity limits it. */
export const limitKinds = {
  nothing: 0,
  startNoLater: 1,
  finishNoLater: 2,
  mustStart: 3,
  mustFinish: 4,
  late: 5,
} as const

/**
 * By node. A date is work of the node's calendar and a *side*: 0 where something ends there (Friday 17:00), 1 where it begins
 * (Monday 08:00). Both are the same work; a milestone, a conversion to another calendar and a person's eye need the difference.
 */
export type Limits = {
  /** Start of the plan, or "no earlier than". */
  readonly floorStart: Float64Array
  readonly floorStartSide: Uint8Array
  /** −Infinity if nothing is said. */
  readonly floorFinish: Float64Array
  readonly floorFinishSide: Uint8Array
  /** One of `limitKinds`. */
  readonly hold: Uint8Array
  readonly holdAt: Float64Array
  readonly holdSide: Uint8Array
  /** +Infinity if there is none. */
  readonly deadline: Float64Array
  readonly deadlineSide: Uint8Array
  /** Elapsed minutes to wait. */
  readonly delay: Float64Array
  /** For activities that have begun or were set by hand. */
  readonly givenStart: Float64Array
  readonly givenStartSide: Uint8Array
  readonly givenFinish: Float64Array
  readonly givenFinishSide: Uint8Array
  /** Work done, and where the rest continues (−Infinity: where it stopped). */
  readonly done: Float64Array
  readonly restFrom: Float64Array
}

type Base = {
  readonly size: number
  readonly calendars: readonly CompiledCalendar[]
  readonly activityOf: Int32Array
  readonly calendar: Int32Array
  readonly kind: Uint8Array
}

/** 0 where the instant lies at the end of what was worked before (or within work), 1 where it lies after it. */
export const sideOf = (calendar: CompiledCalendar, work: number, instant: number): 0 | 1 =>
  instant > finishAt(calendar, work) ? 1 : 0

/** The side of a latest date: 1 only where what begins next begins no later than it. */
export const lateSideOf = (calendar: CompiledCalendar, work: number, instant: number): 0 | 1 =>
  startAt(calendar, work) <= instant ? 1 : 0

/** `gated` names the summary activity of a gate node, −1 for others. */
export function limitsOf(plan: Plan, base: Base, gated: Int32Array): Limits {
  const { size } = base
  const numbers = (value = 0) => new Float64Array(size).fill(value)
  const sides = () => new Uint8Array(size)
  const limits = {
    floorStart: numbers(),
    floorStartSide: sides(),
    floorFinish: numbers(Number.NEGATIVE_INFINITY),
    floorFinishSide: sides(),
    hold: sides(),
    holdAt: numbers(),
    holdSide: sides(),
    deadline: numbers(Number.POSITIVE_INFINITY),
    deadlineSide: sides(),
    delay: numbers(),
    givenStart: numbers(),
    givenStartSide: sides(),
    givenFinish: numbers(),
    givenFinishSide: sides(),
    done: numbers(),
    restFrom: numbers(Number.NEGATIVE_INFINITY),
  }
  // What has not begun starts no earlier than the plan and not in the past; computed once for each calendar.
  const first = Math.max(plan.start, plan.statusAt ?? plan.start)
  const planStart = base.calendars.map((calendar) => workAt(calendar, first))
  const planStartSide = base.calendars.map((calendar, index) => sideOf(calendar, planStart[index]!, first))
  const waits = new Uint8Array(plan.activities.length)
  for (const link of plan.links) waits[link.to] = 1
  const isFree = (index: number | undefined): boolean => {
    for (let at = index; at !== undefined; at = plan.activities[at]!.parent) if (waits[at]) return false
    return true
  }
  for (let node = 0; node < size; node++) {
    const calendarIndex = base.calendar[node]!
    const calendar = base.calendars[calendarIndex]!
    const write = (at: Float64Array, side: Uint8Array, instant: number) => {
      const work = workAt(calendar, instant)
      at[node] = work
      side[node] = sideOf(calendar, work, instant)
    }
    limits.floorStart[node] = planStart[calendarIndex]!
    limits.floorStartSide[node] = planStartSide[calendarIndex]!
    const own = base.activityOf[node]!
    const activity = plan.activities[own >= 0 ? own : gated[node]!]!
    if (own < 0) {
      if (activity.constraint?.kind === 'start-no-earlier' || activity.constraint?.kind === 'must-start')
        if (activity.constraint.at > first) write(limits.floorStart, limits.floorStartSide, activity.constraint.at)
      continue
    }
    if (activity.deadline !== undefined) {
      write(limits.deadline, limits.deadlineSide, activity.deadline)
      limits.deadlineSide[node] = lateSideOf(calendar, limits.deadline[node]!, activity.deadline)
    }
    // With nothing to wait for, a date before the start of the plan is intended.
    constrain(
      activity,
      plan.statusAt === undefined && isFree(own) ? null : first,
      base.kind[node]!,
      calendar,
      limits,
      node,
      write,
    )
    limits.delay[node] = activity.delay ?? 0
    if (activity.fixed) {
      write(limits.givenStart, limits.givenStartSide, activity.fixed.start)
      write(limits.givenFinish, limits.givenFinishSide, activity.fixed.finish)
    }
    if (activity.actualStart !== undefined) progress(activity, plan, calendar, limits, node, write)
  }
  return limits
}

type Writable = { -readonly [Name in keyof Limits]: Limits[Name] }
type Write = (at: Float64Array, side: Uint8Array, instant: number) => void

/** `first` is the instant before which dates are ignored; null if there is none. */
function constrain(
  { constraint }: Activity,
  first: number | null,
  kind: number,
  calendar: CompiledCalendar,
  limits: Writable,
  node: number,
  write: Write,
): void {
  if (!constraint || constraint.kind === 'as-soon-as-possible') return
  if (constraint.kind === 'as-late-as-possible') {
    limits.hold[node] = limitKinds.late
    return
  }
  const { at } = constraint
  if (kind === kinds.summary) {
    if (constraint.kind === 'finish-no-later' || constraint.kind === 'must-finish') {
      limits.hold[node] = limitKinds.finishNoLater
      write(limits.holdAt, limits.holdSide, at)
    }
    return
  }
  if (constraint.kind === 'start-no-earlier') {
    if (first === null || at > first) write(limits.floorStart, limits.floorStartSide, at)
  } else if (constraint.kind === 'finish-no-earlier') {
    write(limits.floorFinish, limits.floorFinishSide, at)
  } else {
    limits.hold[node] = holdOf[constraint.kind]
    write(limits.holdAt, limits.holdSide, at)
    if (constraint.kind !== 'must-start') limits.holdSide[node] = lateSideOf(calendar, limits.holdAt[node]!, at)
  }
}

const holdOf = {
  'start-no-later': limitKinds.startNoLater,
  'finish-no-later': limitKinds.finishNoLater,
  'must-start': limitKinds.mustStart,
  'must-finish': limitKinds.mustFinish,
}

function progress(
  activity: Activity,
  plan: Plan,
  calendar: CompiledCalendar,
  limits: Writable,
  node: number,
  write: Write,
): void {
  write(limits.givenStart, limits.givenStartSide, activity.actualStart!)
  if (activity.actualFinish !== undefined) {
    write(limits.givenFinish, limits.givenFinishSide, activity.actualFinish)
    limits.done[node] = activity.duration
    return
  }
  limits.done[node] = Math.min(activity.done ?? 0, activity.duration)
  const from = Math.max(activity.resume ?? Number.NEGATIVE_INFINITY, plan.statusAt ?? Number.NEGATIVE_INFINITY)
  if (from !== Number.NEGATIVE_INFINITY) limits.restFrom[node] = workAt(calendar, from)
}
