/** What prevents a record from being published, and when an embargo ends. */
import type { FieldProblem } from '#kernel/problem.ts'
import type { Localized } from '#kernel/words.ts'

/** In order of precedence; the first that holds is the reason. */
export const obstacles = [
  'public',
  'waiting',
  'dropped',
  'draft',
  'not-allowed',
  'no-organisation',
  'incomplete',
] as const
export type Obstacle = (typeof obstacles)[number]

export type Candidate = {
  readonly state: string
  readonly audience: string
  readonly title: Localized
  /** Already approved and waiting for its day. */
  readonly waiting: boolean
  readonly allowed: boolean
  readonly problems: readonly FieldProblem[]
}

/** Why a record would not be published; null = it would. */
export function obstacleOf({ state, audience, waiting, allowed, problems }: Candidate): Obstacle | null {
  if (audience === 'public') return 'public'
  if (waiting) return 'waiting'
  if (state === 'dropped') return 'dropped'
  if (state === 'draft') return 'draft'
  if (!allowed) return 'not-allowed'
  if (problems.some(({ at }) => at === '/organisation' || at === '/owner')) return 'no-organisation'
  return problems.length > 0 ? 'incomplete' : null
}

/** The city's languages in which a text is missing. */
export const missingLanguages = (text: Localized, languages: readonly string[]): string[] =>
  languages.filter((language) => !text[language]?.trim())

/**
 * The instant at which a day 'YYYY-MM-DD' begins in a time zone (IANA). If clocks skip midnight, the first instant of
 * that day.
 */
export function startOfDay(day: string, timeZone: string): Date {
  const wall = Date.parse(`${day}T00:00:00Z`)
  const first = wall - offsetAt(wall, timeZone)
  const found = wall - offsetAt(first, timeZone)
  return new Date(Math.max(first, found))
}

/** Milliseconds by which the clocks of a zone are ahead of UTC at an instant. */
function offsetAt(at: number, timeZone: string): number {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, Number(value)]),
  )
  return (
    Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour!, parts.minute!, parts.second!) -
    Math.floor(at / 1000) * 1000
  )
}
