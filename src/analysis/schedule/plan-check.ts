/** What a plan must satisfy before anything is calculated; reports the first thing wrong. */
import { firstListedDay, lastListedDay, listedDays, maxListedDays, minutesPerDay } from '../calendar/calendar.ts'
import { type Activity, elapsed, type Gap, type Link, type Plan, type PlanProblem } from './plan.ts'

/** Plans lie within the years 1900 to 2200. */
export const firstInstant = firstListedDay * minutesPerDay
export const lastInstant = (lastListedDay + 1) * minutesPerDay
/** No duration or lag is longer than the years a plan may cover. */
const longest = lastInstant - firstInstant

export function planProblem(plan: Plan): PlanProblem | null {
  const { activities, links, calendars } = plan
  const isCalendar = (index: number) => Number.isInteger(index) && index >= 0 && index < calendars.length
  if (!isCalendar(plan.calendar)) return { problem: 'no-calendar', activities: [] }
  if (!inYears(plan.start) || (plan.finish !== undefined && !inYears(plan.finish)))
    return { problem: 'out-of-years', activities: [] }
  if (calendars.reduce((days, calendar) => days + listedDays(calendar), 0) > maxListedDays)
    return { problem: 'too-many-calendars', activities: [] }
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
  for (const [index, link] of links.entries()) {
    const problem = linkProblem(activities, isSummary, link)
    if (problem) return { problem, activities: [link.from, link.to].filter(isPlace), links: [index] }
  }
  return null
}

function linkProblem(
  activities: readonly Activity[],
  isSummary: Uint8Array,
  { from, to, type, lag }: Link,
): PlanProblem['problem'] | null {
  if (activities[from] === undefined || activities[to] === undefined) return 'link-to-nothing'
  if (from === to) return 'link-to-itself'
  if (!(Math.abs(lag) <= longest)) return 'amount'
  if (isWithin(activities, from, to) || isWithin(activities, to, from)) return 'link-within-summary'
  return isSummary[to] === 1 && type !== 'FS' && type !== 'SS' ? 'link-into-summary' : null
}

const inYears = (instant: number): boolean => instant >= firstInstant && instant <= lastInstant

function activityProblem(activity: Activity): PlanProblem['problem'] | null {
  const { constraint, fixed, actualStart, actualFinish } = activity
  const wrong =
    amountProblem(activity.duration) ??
    amountProblem(activity.done) ??
    amountProblem(activity.delay) ??
    (activity.gaps ? gapsProblem(activity.gaps) : null)
  if (wrong) return wrong
  const isInYears =
    mayBe(constraint && 'at' in constraint ? constraint.at : undefined) &&
    mayBe(activity.deadline) &&
    mayBe(actualStart) &&
    mayBe(actualFinish) &&
    mayBe(activity.resume) &&
    (fixed === undefined || (inYears(fixed.start) && inYears(fixed.finish)))
  if (!isInYears) return 'out-of-years'
  if (fixed && fixed.finish < fixed.start) return 'finish-before-start'
  if (actualFinish !== undefined && actualFinish < (actualStart ?? actualFinish)) return 'finish-before-start'
  return null
}

const mayBe = (instant: number | undefined): boolean => instant === undefined || inYears(instant)

const amountProblem = (amount: number | undefined): PlanProblem['problem'] | null =>
  amount === undefined || (amount >= 0 && amount <= longest) ? null : amount > longest ? 'out-of-years' : 'amount'

function gapsProblem(gaps: readonly Gap[]): PlanProblem['problem'] | null {
  for (const { after, length } of gaps) {
    const wrong = amountProblem(after) ?? amountProblem(length)
    if (wrong) return wrong
  }
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
    if (activities[index]!.parent === undefined) {
      level[index] = 1
      continue
    }
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
