/** What a plan must be before anything is calculated; the first thing that is wrong is named. */
import { firstListedDay, lastListedDay, minutesPerDay } from '../calendar/calendar.ts'
import { type Activity, elapsed, type Plan, type PlanProblem } from './plan.ts'

/** Plans live in the years 1900 to 2200. */
export const firstInstant = firstListedDay * minutesPerDay
export const lastInstant = (lastListedDay + 1) * minutesPerDay
/** No duration or lag is longer than the years a plan may have. */
const longest = lastInstant - firstInstant

export function planProblem(plan: Plan): PlanProblem | null {
  const { activities, links, calendars } = plan
  const isCalendar = (index: number) => Number.isInteger(index) && index >= 0 && index < calendars.length
  if (!isCalendar(plan.calendar)) return { problem: 'no-calendar', activities: [] }
  if (!inYears(plan.start) || (plan.finish !== undefined && !inYears(plan.finish)))
    return { problem: 'out-of-years', activities: [] }
  if (calendars[plan.calendar]!.week.every((shifts) => shifts.length === 0) && !calendars[plan.calendar]!.exceptions)
    return { problem: 'no-working-time', activities: [] }
  const isPlace = (index: number) => Number.isInteger(index) && index >= 0 && index < activities.length
  for (const [index, activity] of activities.entries()) {
    const wrong = activityProblem(activity)
    if (wrong) return { problem: wrong, activities: [index] }
    if (activity.calendar !== elapsed && !isCalendar(activity.calendar))
      return { problem: 'no-calendar', activities: [index] }
    if (activity.parent !== undefined && !isPlace(activity.parent))
      return { problem: 'link-to-nothing', activities: [index] }
  }
  const outline = outlineProblem(activities)
  if (outline) return outline
  const isSummary = new Uint8Array(activities.length)
  for (const { parent } of activities) if (parent !== undefined) isSummary[parent] = 1
  for (const [index, { from, to, type, lag }] of links.entries()) {
    const at = { activities: [from, to].filter(isPlace), links: [index] }
    if (!isPlace(from) || !isPlace(to)) return { problem: 'link-to-nothing', ...at }
    if (from === to) return { problem: 'link-to-itself', ...at }
    if (!Number.isFinite(lag) || Math.abs(lag) > longest) return { problem: 'amount', ...at }
    if (isWithin(activities, from, to) || isWithin(activities, to, from))
      return { problem: 'link-within-summary', ...at }
    if (isSummary[to] && type !== 'FS' && type !== 'SS') return { problem: 'link-into-summary', ...at }
  }
  return null
}

const inYears = (instant: number): boolean => instant >= firstInstant && instant <= lastInstant

function activityProblem(activity: Activity): PlanProblem['problem'] | null {
  const { duration, done, delay, gaps, constraint, fixed } = activity
  const amounts = [duration, done ?? 0, delay ?? 0, ...(gaps ?? []).flatMap(({ after, length }) => [after, length])]
  if (amounts.some((amount) => !(amount >= 0))) return 'amount'
  if (amounts.some((amount) => amount > longest)) return 'out-of-years'
  const instants = [
    constraint && 'at' in constraint ? constraint.at : undefined,
    activity.deadline,
    activity.actualStart,
    activity.actualFinish,
    activity.resume,
    fixed?.start,
    fixed?.finish,
  ]
  if (instants.some((instant) => instant !== undefined && !inYears(instant))) return 'out-of-years'
  if (fixed && fixed.finish < fixed.start) return 'finish-before-start'
  if (activity.actualFinish !== undefined && activity.actualFinish < (activity.actualStart ?? activity.actualFinish))
    return 'finish-before-start'
  return null
}

/** Whether `inner` lies somewhere within `outer`. */
function isWithin(activities: readonly Activity[], inner: number, outer: number): boolean {
  for (let at = activities[inner]!.parent; at !== undefined; at = activities[at]!.parent) if (at === outer) return true
  return false
}

/** Levels of summary activities within each other; what asks an activity for all of them stays fast. */
const deepest = 100

function outlineProblem(activities: readonly Activity[]): PlanProblem | null {
  const level = new Int32Array(activities.length)
  for (const [index] of activities.entries()) {
    const path: number[] = []
    let at: number | undefined = index
    while (at !== undefined && level[at] === 0) {
      level[at] = -1
      path.push(at)
      at = activities[at]!.parent
    }
    if (at !== undefined && level[at] === -1)
      return { problem: 'summary-loop', activities: path.slice(path.indexOf(at)) }
    let above = at === undefined ? 0 : level[at]!
    for (const each of path.reverse()) level[each] = ++above
    if (above > deepest) return { problem: 'outline-too-deep', activities: [index] }
  }
  return null
}
