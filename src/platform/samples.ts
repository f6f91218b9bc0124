/**
 * What a room puts into the demo city. A sample is data turned into changes; records of other rooms are named by external
 * id, so that one story runs through the city and no room needs another. `main` puts the city together.
 *
 * Days are written relative to today, so that the city is as old on every day it is loaded: 'Y-1-12-31' is the last day of
 * last year, 'T-10' ten days ago.
 */
import { addDays, type Day, dayOf, isDay, partsOf } from '#values/period.ts'
import type { Change } from './records/index.ts'

/** Text in both languages; a missing one is a mistake that the tests find. */
export type SampleText = { readonly en: string; readonly 'zh-Hans': string }

/** Source of the external ids of everything that the demo city makes. */
export const sampleSource = 'demo'
/** The city itself, as a body. */
export const cityRef = 'demo:org:the-city'

export type SampleCity = {
  readonly today: Day
  readonly title: SampleText
  /** Id of a record by its external id, whichever room makes it, and whether it has been made yet or not. */
  readonly idOf: (ref: string, source?: string) => string
}

export type Sample = {
  /**
   * `records` come first, room by room, each pointing at what is there; `afterwards` what points at a room that comes
   * later; `published` at last.
   */
  readonly stage: 'records' | 'afterwards' | 'published'
  readonly changes: (city: SampleCity) => readonly Change[]
}

/** External id of a record of the demo city: `demo:outcome:clean`. */
export const sampleRef = (kind: string, name: string): string => `demo:${kind}:${name}`

/** A record that the demo city makes. */
export function sampleRecord(
  city: SampleCity,
  kind: string,
  ref: string,
  { values, ...rest }: Omit<Change, 'kind' | 'action' | 'id'>,
): Change {
  const externalIds = [{ source: sampleSource, id: ref }]
  return { kind, action: 'create', id: city.idOf(ref), ...rest, values: { ...values, externalIds } }
}

/** Makes records public. */
export const samplesPublished = (city: SampleCity, kind: string, refs: readonly string[]): Change[] =>
  refs.map((ref) => ({ kind, action: 'publish', id: city.idOf(ref) }))

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
