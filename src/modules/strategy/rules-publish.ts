/** What stands in the way of publishing a record, and when an embargo ends. */
import type { FieldProblem } from '#kernel/problem.ts'
import type { Localized } from '#kernel/words.ts'

/** In the order in which they are told; the first that holds is the reason. */
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
  /** Approved already, and waiting for its day. */
  readonly waiting: boolean
  readonly allowed: boolean
  readonly problems: readonly FieldProblem[]
}

/** Why a record is not published by the act; null = it is. */
export function obstacleOf({ state, audience, waiting, allowed, problems }: Candidate): Obstacle | null {
  if (audience === 'public') return 'public'
  if (waiting) return 'waiting'
  if (state === 'dropped') return 'dropped'
  if (state === 'draft') return 'draft'
  if (!allowed) return 'not-allowed'
  if (problems.some(({ at }) => at === '/organisation' || at === '/owner')) return 'no-organisation'
  return problems.length > 0 ? 'incomplete' : null
}

/** Languages of the city that a text is not written in yet. */
export const missingLanguages = (text: Localized, languages: readonly string[]): string[] =>
  languages.filter((language) => !text[language]?.trim())
