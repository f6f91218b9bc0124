/** A calendar combined from several: when any of them works (a team), or when all of them do (a task with its own hours). */
import {
  compileCalendar,
  type DayRange,
  mergeShifts,
  patternOn,
  type Shift,
  shiftsOf,
  type WorkCalendar,
  weekdayOf,
} from './calendar.ts'

/** O(days between the first and the last exception × calendars). */
export function combineCalendars(calendars: readonly WorkCalendar[], how: 'any' | 'all'): WorkCalendar {
  if (calendars.length === 1) return calendars[0]!
  const compiled = calendars.map(compileCalendar)
  const join = how === 'any' ? (all: Shift[][]) => mergeShifts(all.flat()) : (all: Shift[][]) => all.reduce(overlap)
  const week = Array.from({ length: 7 }, (_each, weekday) =>
    join(compiled.map((each) => shiftsOf(each, each.weekPattern[weekday]!))),
  )
  const listed = compiled.filter(({ firstDay, endDay }) => firstDay < endDay)
  const first = Math.min(...listed.map(({ firstDay }) => firstDay))
  const end = Math.max(...listed.map(({ endDay }) => endDay))
  // Days with the same patterns in all calendars are joined once.
  const known = new Map<string, { shifts: Shift[]; text: string }>()
  const exceptions: (DayRange & { to: number; text: string })[] = []
  const weekTexts = week.map((shifts) => shifts.join(';'))
  for (let day = first; day < end; day++) {
    const weekday = weekdayOf(day)
    const patterns = compiled.map((each) => patternOn(each, day))
    const key = patterns.join(',')
    let joined = known.get(key)
    if (!joined) {
      const shifts = join(compiled.map((each, index) => shiftsOf(each, patterns[index]!)))
      joined = { shifts, text: shifts.join(';') }
      known.set(key, joined)
    }
    if (joined.text === weekTexts[weekday]) continue
    const last = exceptions.at(-1)
    if (last && last.to === day - 1 && last.text === joined.text) last.to = day
    else exceptions.push({ from: day, to: day, shifts: joined.shifts, text: joined.text })
  }
  return { week, exceptions: exceptions.map(({ from, to, shifts }) => ({ from, to, shifts })) }
}

function overlap(left: Shift[], right: Shift[]): Shift[] {
  return left.flatMap(([from, to]) =>
    right.flatMap(([otherFrom, otherTo]): Shift[] => {
      const [begin, end] = [Math.max(from, otherFrom), Math.min(to, otherTo)]
      return begin < end ? [[begin, end]] : []
    }),
  )
}
