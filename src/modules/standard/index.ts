/** The door of `standard`: which recommendations there are, and what we call them. */
import type { Catalogue, Language, Localized } from '#kernel/words.ts'
import file from './recommendations.json' with { type: 'json' }

export type Recommendation = {
  /** Clause and place in it: `6.2-3`. */
  readonly id: string
  readonly clause: string
  readonly title: Localized
}

/** In the order of the clauses. */
export const recommendations: readonly Recommendation[] = file.clauses.flatMap(({ clause, recommendations }) =>
  recommendations.map(({ id, title }) => ({ id, clause, title })),
)

const titlesIn = (language: Language): Catalogue =>
  Object.fromEntries(recommendations.map(({ id, title }) => [`standard.recommendation.${id}`, title[language]!]))

/** Their titles as words: `standard.recommendation.6.2-3`. */
export const recommendationWords: Record<Language, Catalogue> = {
  en: titlesIn('en'),
  'zh-Hans': titlesIn('zh-Hans'),
}
