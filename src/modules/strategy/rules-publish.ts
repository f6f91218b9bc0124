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
