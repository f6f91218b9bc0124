/**
 * Working time. A calendar says which minutes of local time are worked: a weekly pattern, and exceptions to it. Compiled, it
 * turns an instant into the amount of work done up to it, and an amount of work back into an instant, so that adding, subtracting
 * and measuring working time are two look-ups, whatever the distance:
 *
 *   const standard = compileCalendar({ week: fiveDays([[480, 720], [780, 1020]]) })
 *   addWork(standard, at('2025-01-10T17:00:00'), 60)   →  Monday 09:00
 *   workBetween(standard, friday, monday)              →  minutes worked between two instants, negative where they are swapped
 *
 * **Units.** An *instant* is minutes of local time since 1970-01-01T00:00 (negative before), without zone and without daylight
 * saving: a plan made in March has no hour missing. *Work* is minutes of working time since an arbitrary origin of its calendar; only
 * differences of it mean something, and only within one calendar. Both may have fractions. There is no horizon: outside the
 * days listed the week repeats for ever in both directions, at the same cost.
 *
 * **Two instants, one amount of work.** The work done up to Friday 17:00 and up to Monday 08:00 is the same. Where something ends, people
 * mean the first (`finishAt`); where something begins, the second (`startAt`).
 *
 * A compiled calendar is plain data with typed arrays: it can be posted to a worker thread.
 */

/** Minutes of one day, `from` ≤ m < `to`, 0–1440. */
export type Shift = readonly [from: number, to: number]

/** Days `from`–`to` (both inclusive, days since 1970-01-01) with shifts of their own: for every day, or for each day of the week. */
export type DayRange = {
  readonly from: number
  readonly to: number
  readonly shifts: readonly Shift[] | { readonly week: readonly (readonly Shift[])[] }
}

export type WorkCalendar = {
  /** Sunday first. */
  readonly week: readonly (readonly Shift[])[]
  /** Exceptions to the week; where ranges overlap, the later one in the list applies. */
  readonly exceptions?: readonly DayRange[]
}

export type CompiledCalendar = {
  readonly weekMinutes: number
  /** Work before each weekday within a week, Sunday first; eight numbers. */
  readonly weekBefore: Float64Array
  readonly weekPattern: Uint16Array
  /** Shifts of pattern p are those from `patternAt[p]` to before `patternAt[p + 1]`. */
  readonly patternAt: Int32Array
  readonly shiftFrom: Float64Array
  readonly shiftTo: Float64Array
  /** Work of the same day before the shift. */
  readonly shiftBefore: Float64Array
  /** Days from `firstDay` to before `endDay` are listed one by one; outside them the week applies. */
  readonly firstDay: number
  readonly endDay: number
  readonly dayPattern: Uint16Array
  /** Work from `firstDay` to each listed day; one more than days. */
  readonly dayBefore: Float64Array
  /** For every `bucketMinutes` of work, the last listed day that begins before it. */
  readonly bucket: Int32Array
  readonly bucketMinutes: number
  /** Offsets between work counted in weeks and work of this calendar, before and after the listed days. */
  readonly lowOffset: number
  readonly highOffset: number
}

export const minutesPerDay = 1440

/**
 * Minutes in steps of 1/1024. Sums of them are exact in binary, so that a chain of activities ends exactly at the end of a shift and not
 * a hair after it. (Microsoft Project's own step is a tenth of a minute.)
 */
export const onGrid = (minutes: number): number => Math.round(minutes * 1024) / 1024

/** 1900-01-01 and 2200-12-31: days outside are not listed one by one, so an exception there is refused. */
export const firstListedDay = -25_567
export const lastListedDay = 84_370

export class CalendarProblem extends Error {
  readonly reason: 'shift' | 'week' | 'range' | 'too-many-patterns'
  constructor(reason: CalendarProblem['reason'], message: string) {
    super(message)
    this.name = 'CalendarProblem'
    this.reason = reason
  }
}

/** Monday to Friday with the same shifts. */
export const fiveDays = (shifts: readonly Shift[]): readonly (readonly Shift[])[] => [
  [],
  shifts,
  shifts,
  shifts,
  shifts,
  shifts,
  [],
]

/** Every minute is worked: elapsed time. */
export const everyMinute: WorkCalendar = { week: Array.from({ length: 7 }, () => [[0, minutesPerDay]] as const) }

/** Day of the week, 0 = Sunday, of a day since 1970-01-01 (a Thursday). */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

/** Time and memory grow with the days between the first and the last exception. Throws `CalendarProblem`. */
export function compileCalendar(calendar: WorkCalendar): CompiledCalendar {
  if (calendar.week.length !== 7)
    throw new CalendarProblem('week', `A week has seven days, not ${calendar.week.length}.`)
  const patterns = new DayPatterns()
  const weekPattern = Uint16Array.from(calendar.week, (shifts) => patterns.indexOf(shifts))
  const weekBefore = new Float64Array(8)
  for (let day = 0; day < 7; day++) weekBefore[day + 1] = weekBefore[day]! + patterns.minutes[weekPattern[day]!]!
  const exceptions = calendar.exceptions ?? []
  let [firstDay, endDay] = exceptions.length > 0 ? [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] : [0, 0]
  for (const { from, to } of exceptions) {
    if (!(from <= to) || from < firstListedDay || to > lastListedDay)
      throw new CalendarProblem('range', 'An exception ends before it begins, or lies outside the years 1900 to 2200.')
    if (from < firstDay) firstDay = from
    if (to + 1 > endDay) endDay = to + 1
  }
  if (exceptions.reduce((days, { from, to }) => days + to - from + 1, 0) > maxListedDays)
    throw new CalendarProblem('range', `The exceptions of a calendar cover more than ${maxListedDays} days together.`)
  const length = endDay - firstDay
  const dayPattern = new Uint16Array(length)
  for (let index = 0, weekday = weekdayOf(firstDay); index < length; index++) {
    dayPattern[index] = weekPattern[weekday]!
    weekday = weekday === 6 ? 0 : weekday + 1
  }
  for (const { from, to, shifts } of exceptions) {
    const own = isShifts(shifts) ? null : shifts.week.map((day) => patterns.indexOf(day))
    if (own && own.length !== 7) throw new CalendarProblem('week', `A week has seven days, not ${own.length}.`)
    const all = isShifts(shifts) ? patterns.indexOf(shifts) : 0
    for (let day = from; day <= to; day++) dayPattern[day - firstDay] = own ? own[weekdayOf(day)]! : all
  }
  const dayBefore = new Float64Array(length + 1)
  for (let index = 0; index < length; index++)
    dayBefore[index + 1] = dayBefore[index]! + patterns.minutes[dayPattern[index]!]!
  const total = dayBefore[length]!
  const bucketMinutes = Math.max(1, total / Math.max(1, length))
  const weekMinutes = weekBefore[7]!
  return {
    weekMinutes,
    weekBefore,
    weekPattern,
    ...patterns.arrays(),
    firstDay,
    endDay,
    dayPattern,
    dayBefore,
    bucket: bucketsOf(dayBefore, bucketMinutes),
    bucketMinutes,
    lowOffset: -workOfWeeks(weekMinutes, weekBefore, firstDay),
    highOffset: total - workOfWeeks(weekMinutes, weekBefore, endDay),
  }
}

/** Days that a compiled calendar lists one by one; ten bytes each. */
export function listedDays({ exceptions = [] }: WorkCalendar): number {
  let [first, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { from, to } of exceptions) {
    first = Math.min(first, from)
    end = Math.max(end, to + 1)
  }
  return Math.max(0, end - first)
}

/** All calendars of one plan together: some five thousand with exceptions over fifteen years. */
export const maxListedDays = 30_000_000

const isShifts = (shifts: DayRange['shifts']): shifts is readonly Shift[] => Array.isArray(shifts)

/** The different days of a calendar; most calendars have three. */
class DayPatterns {
  readonly minutes: number[] = []
  readonly #shifts: Shift[][] = []
  readonly #known = new Map<string, number>()

  indexOf(shifts: readonly Shift[]): number {
    const merged = mergeShifts(shifts)
    const key = merged.join(';')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const index = this.#shifts.length
    if (index > 65_535) throw new CalendarProblem('too-many-patterns', 'A calendar has at most 65,536 different days.')
    this.#known.set(key, index)
    this.#shifts.push(merged)
    this.minutes.push(merged.reduce((sum, [from, to]) => sum + to - from, 0))
    return index
  }

  arrays() {
    const all = this.#shifts.flat()
    const patternAt = new Int32Array(this.#shifts.length + 1)
    const shiftBefore = new Float64Array(all.length)
    let next = 0
    for (const [index, shifts] of this.#shifts.entries()) {
      let before = 0
      for (const [from, to] of shifts) {
        shiftBefore[next++] = before
        before += to - from
      }
      patternAt[index + 1] = next
    }
    return {
      patternAt,
      shiftFrom: Float64Array.from(all, ([from]) => from),
      shiftTo: Float64Array.from(all, ([, to]) => to),
      shiftBefore,
    }
  }
}

/** In order, without empty ones; those that touch or overlap are merged. */
export function mergeShifts(shifts: readonly Shift[]): Shift[] {
  const merged: [number, number][] = []
  for (const [from, to] of [...shifts].sort(([left], [right]) => left - right)) {
    if (!(from >= 0 && from <= to && to <= minutesPerDay))
      throw new CalendarProblem('shift', `A shift lies within one day and ends after it begins, not ${from}–${to}.`)
    if (from === to) continue
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** The pattern of a day since 1970-01-01. */
export const patternOn = (calendar: CompiledCalendar, day: number): number =>
  day >= calendar.firstDay && day < calendar.endDay
    ? calendar.dayPattern[day - calendar.firstDay]!
    : calendar.weekPattern[weekdayOf(day)]!

/** The shifts of a pattern, in order; no two of them touch. */
export function shiftsOf(calendar: CompiledCalendar, pattern: number): Shift[] {
  const shifts: Shift[] = []
  for (let shift = calendar.patternAt[pattern]!; shift < calendar.patternAt[pattern + 1]!; shift++)
    shifts.push([calendar.shiftFrom[shift]!, calendar.shiftTo[shift]!])
  return shifts
}

function bucketsOf(dayBefore: Float64Array, bucketMinutes: number): Int32Array {
  const total = dayBefore.at(-1)!
  const bucket = new Int32Array(Math.floor(total / bucketMinutes) + 3)
  let day = 0
  for (let index = 0; index < bucket.length; index++) {
    // Compared as in `startAt` and `finishAt`: a product may be rounded to the other side of the start of the day.
    while (day + 1 < dayBefore.length && Math.floor(dayBefore[day + 1]! / bucketMinutes) < index) day++
    bucket[index] = day
  }
  return bucket
}

function workOfWeeks(weekMinutes: number, weekBefore: Float64Array, day: number): number {
  const week = Math.floor((day + 4) / 7)
  return week * weekMinutes + weekBefore[day + 4 - week * 7]!
}

/** Work done up to an instant. O(1). */
export function workAt(calendar: CompiledCalendar, instant: number): number {
  const day = Math.floor(instant / minutesPerDay)
  const minute = instant - day * minutesPerDay
  let work: number
  let pattern: number
  if (day >= calendar.firstDay && day < calendar.endDay) {
    const index = day - calendar.firstDay
    work = calendar.dayBefore[index]!
    pattern = calendar.dayPattern[index]!
  } else {
    const week = Math.floor((day + 4) / 7)
    const weekday = day + 4 - week * 7
    work =
      week * calendar.weekMinutes +
      calendar.weekBefore[weekday]! +
      (day < calendar.firstDay ? calendar.lowOffset : calendar.highOffset)
    pattern = calendar.weekPattern[weekday]!
  }
  const end = calendar.patternAt[pattern + 1]!
  for (let shift = end - 1; shift >= calendar.patternAt[pattern]!; shift--) {
    const from = calendar.shiftFrom[shift]!
    if (minute >= from) return work + calendar.shiftBefore[shift]! + Math.min(minute, calendar.shiftTo[shift]!) - from
  }
  return work
}

/** The latest instant with exactly this work done: when what comes next begins. NaN if no more work is ever done. */
export function startAt(calendar: CompiledCalendar, work: number): number {
  const { dayBefore } = calendar
  let day: number
  let rest: number
  let pattern: number
  const total = dayBefore[dayBefore.length - 1]!
  if (work >= 0 && work < total) {
    const bucket = Math.floor(work / calendar.bucketMinutes)
    let low = calendar.bucket[bucket]!
    let high = calendar.bucket[bucket + 1]!
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (dayBefore[middle]! <= work) low = middle
      else high = middle - 1
    }
    day = low + calendar.firstDay
    rest = work - dayBefore[low]!
    pattern = calendar.dayPattern[low]!
  } else {
    const counted = work - (work < 0 ? calendar.lowOffset : calendar.highOffset)
    const week = Math.floor(counted / calendar.weekMinutes)
    rest = counted - week * calendar.weekMinutes
    let weekday = 6
    while (weekday > 0 && calendar.weekBefore[weekday]! > rest) weekday--
    rest -= calendar.weekBefore[weekday]!
    day = week * 7 + weekday - 4
    pattern = calendar.weekPattern[weekday]!
  }
  let shift = calendar.patternAt[pattern + 1]! - 1
  while (shift > calendar.patternAt[pattern]! && calendar.shiftBefore[shift]! > rest) shift--
  return day * minutesPerDay + calendar.shiftFrom[shift]! + rest - calendar.shiftBefore[shift]!
}

/** The earliest instant with exactly this work done: when what came before ended. NaN if no work was done before. */
export function finishAt(calendar: CompiledCalendar, work: number): number {
  const { dayBefore } = calendar
  let day: number
  let rest: number
  let pattern: number
  const total = dayBefore[dayBefore.length - 1]!
  if (work > 0 && work <= total) {
    const bucket = Math.floor(work / calendar.bucketMinutes)
    let low = calendar.bucket[bucket]!
    let high = calendar.bucket[bucket + 1]!
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (dayBefore[middle]! < work) low = middle
      else high = middle - 1
    }
    day = low + calendar.firstDay
    rest = work - dayBefore[low]!
    pattern = calendar.dayPattern[low]!
  } else {
    const counted = work - (work <= 0 ? calendar.lowOffset : calendar.highOffset)
    const week = Math.ceil(counted / calendar.weekMinutes) - 1
    rest = counted - week * calendar.weekMinutes
    let weekday = 6
    while (weekday > 0 && calendar.weekBefore[weekday]! >= rest) weekday--
    rest -= calendar.weekBefore[weekday]!
    day = week * 7 + weekday - 4
    pattern = calendar.weekPattern[weekday]!
  }
  let shift = calendar.patternAt[pattern + 1]! - 1
  while (shift > calendar.patternAt[pattern]! && calendar.shiftBefore[shift]! >= rest) shift--
  return day * minutesPerDay + calendar.shiftFrom[shift]! + rest - calendar.shiftBefore[shift]!
}

/** When `minutes` of work begun at the instant are done; negative minutes go back. No work ends at once. */
export const addWork = (calendar: CompiledCalendar, instant: number, minutes: number): number =>
  minutes > 0
    ? finishAt(calendar, workAt(calendar, instant) + minutes)
    : minutes < 0
      ? startAt(calendar, workAt(calendar, instant) + minutes)
      : instant

/** Working minutes from one instant to another; negative where the second is earlier. */
export const workBetween = (calendar: CompiledCalendar, from: number, to: number): number =>
  workAt(calendar, to) - workAt(calendar, from)

/** The instant itself if work continues from it, else when work next begins. */
export const nextStart = (calendar: CompiledCalendar, instant: number): number =>
  startAt(calendar, workAt(calendar, instant))

/** The instant itself if work was just being done, else when work last ended. */
export const previousFinish = (calendar: CompiledCalendar, instant: number): number =>
  finishAt(calendar, workAt(calendar, instant))

/** Whether any work is ever done from the instant on. */
export const worksAfter = (calendar: CompiledCalendar, instant: number): boolean =>
  calendar.weekMinutes > 0 || workAt(calendar, instant) < calendar.dayBefore[calendar.dayBefore.length - 1]!
