import type { Localized, Say } from './words.ts'

/** What a view receives besides its data: plain values, so that a view stays a function from data to markup. */
export type View = {
  readonly say: Say
  /** Language of the reader. */
  readonly language: string
  /** Languages the city writes in, its main one first. */
  readonly languages: readonly string[]
  /** Text a person wrote, in the reader's language or marked with its own. */
  readonly text: (text: Localized) => { text: string; lang: string }
  /** Address of the page without its query string, and the query's parameters. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Token every form carries. */
  readonly csrf: string
  readonly signedIn: boolean
  /** Today in the city's time zone, 'YYYY-MM-DD'. */
  readonly today: string
}
