/** Where a split task is interrupted, from the work by period (`TimephasedData`) of its assignments. */
import { type CompiledCalendar, workAt, workBetween } from '#analysis/calendar/calendar.ts'
import type { Gap } from '#analysis/schedule/plan.ts'
import type { XmlElement } from '#platform/xml/index.ts'
import { children, ElementFields, type ReportProblem } from './fields.ts'

/** Remaining work, and completed work. */
const planned = new Set([1, 2])

/**
 * Gaps of a task whose dates are further apart than its duration; none if the periods do not account for the difference
 * (then it is not a split).
 */
export function gapsOf(
  assignments: readonly XmlElement[],
  calendar: CompiledCalendar,
  task: { readonly start: number; readonly finish: number; readonly duration: number },
  report: ReportProblem,
): Gap[] {
  const missing = workBetween(calendar, task.start, task.finish) - task.duration
  if (!(missing >= 1) || task.duration === 0) return []
  const worked: [from: number, to: number][] = []
  for (const assignment of assignments)
    for (const period of children(assignment, 'TimephasedData')) {
      const fields = new ElementFields(period, report)
      if (!planned.has(fields.number('Type') ?? 0) || !((fields.duration('Value') ?? 0) > 0)) continue
      const [from, to] = [fields.instant('Start'), fields.instant('Finish')]
      if (from === null || to === null) continue
      const [first, last] = [workAt(calendar, Math.max(from, task.start)), workAt(calendar, Math.min(to, task.finish))]
      if (first < last) worked.push([first, last])
    }
  worked.sort(([left], [right]) => left - right)
  const gaps: Gap[] = []
  const begin = workAt(calendar, task.start)
  let reached = begin
  let still = 0
  for (const [from, to] of worked) {
    if (from > reached) {
      gaps.push({ after: reached - begin - still, length: from - reached })
      still += from - reached
    }
    reached = Math.max(reached, to)
  }
  return Math.abs(still - missing) < 1 ? gaps : []
}
