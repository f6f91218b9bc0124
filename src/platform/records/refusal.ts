import { invalid } from '#kernel/problem.ts'

/** What the database says about a refused statement, as `pg` reports it. */
type DatabaseError = { code?: string; schema?: string; table?: string; constraint?: string }

/**
 * A violation of a rule that only the database enforces (a reversed range, a login somebody has just taken) is bad
 * input, not a bug: it becomes a problem that names the rule. Everything else is passed on.
 */
export function refusalOf(error: unknown): unknown {
  const { code, schema, table, constraint } = (error ?? {}) as DatabaseError
  // 23505 unique, 23514 check: the two classes a valid writer can run into.
  const problem = code === '23505' ? 'record.taken' : code === '23514' ? 'record.check' : null
  if (!problem) return error
  return invalid('records.invalid', [
    { at: '/', code: problem, values: { table: `${schema}.${table}`, constraint: constraint ?? '' } },
  ])
}
