/**
 * Days of the demo city are written relative to today, so that the city is as old on every day it is loaded:
 * 'Y-1-12-31' is the last day of last year, 'T-10' ten days ago.
 */
import { addDays, type Day, dayOf, isDay, partsOf } from '#values/period.ts'

/**
 * Year 0 of the plan. It turns in May and not in January: yearly figures of the year before are published by then, so a
 * target due at the end of last year can always be judged.
 */
export const planYear = (today: Day): number => partsOf(addDays(today, -120)).year

/** Reads 'Y+1-06-30', 'Y-4-01-01' or 'T-10'; throws RangeError for anything else. */
export function dayFor(text: string, today: Day): Day {
  const ago = /^T-(\d+)$/.exec(text)
  if (ago) return addDays(today, -Number(ago[1]))
  const parts = /^Y([+-]\d+)-(\d\d)-(\d\d)$/.exec(text)
  if (!parts || !isDay(today)) throw new RangeError(`There is no day "${text}" relative to "${today}".`)
  return dayOf(planYear(today) + Number(parts[1]), Number(parts[2]), Number(parts[3]))
}
