/** What lists and panels say about the status of an indicator, in words. */
import type { Say } from '#kernel/words.ts'
import { above } from '#pages/list/declare.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type Day, daysBetween } from '#values/period.ts'
import { expectedFalseAlarms } from './queries-list.ts'
import type { IndicatorStatus } from './queries-status.ts'
import { resultNote } from './rules-sentences.ts'
import { noteView } from './views/note.tsx'

/** What chance alone would make unusual, said above the whole list. */
export const falseAlarms = above<string>({
  load: async (ctx) => {
    const expected = await expectedFalseAlarms(ctx)
    if (expected < 0.05) return null
    const format = new Intl.NumberFormat(ctx.language, { maximumFractionDigits: expected < 10 ? 1 : 0 })
    return presenterOf(ctx).say('indicators.list.false-alarms', { count: format.format(expected) })
  },
  view: noteView,
})

/** How long ago a period ended: in days, months or years. Periods that are not over yet have no age. */
export function ageWords(to: Day, today: Day, say: Say): string {
  const days = daysBetween(to, today)
  if (days < 0) return say('indicators.age.running')
  if (days < 60) return say('indicators.age.days', { count: days })
  const months = Math.round(days / 30.44)
  return months < 24
    ? say('indicators.age.months', { count: months })
    : say('indicators.age.years', { count: Math.floor(days / 365.25) })
}

/** What qualifies a result; from "very late" on it is unknown for that reason. */
export const noteOf = ({ result, reasons, freshness }: IndicatorStatus, say: Say): string | null =>
  resultNote(result, freshness === 'very-late' || freshness === 'stopped' ? ['very-late', ...reasons] : reasons, say)
