import { type FieldProblem, Problem } from '#kernel/problem.ts'
import type { Say } from '#kernel/words.ts'

/** Problems of a form by field, in the reader's words. */
export type Mistakes = Readonly<Record<string, string>>

/** The problems of a refused form by field; anything else that was thrown goes on to the error page. */
export function mistakesOf(error: unknown, say: Say): Mistakes {
  if (!(error instanceof Problem) || error.kind !== 'Invalid' || error.fields.length === 0) throw error
  return Object.fromEntries(
    error.fields.map((field: FieldProblem) => [
      field.at.split('/').filter((part) => part && !/^\d+$/.test(part))[0] ?? '',
      say(`problem.${field.code}`, field.values),
    ]),
  )
}
