/**
 * Figures over a list of one kind: what is counted is said by the question of the list's address, so the list that a
 * reader is led to and the records counted cannot differ.
 */
import { sql } from 'kysely'
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Context } from '../context.ts'
import { type Figure, figure, type Span } from '../figure.ts'
import { readListQuery } from '../http/index.ts'
import { conditionsOf, tableOf } from '../records/index.ts'
import { todayOf } from '../today.ts'

type Named = Pick<Figure, 'id'> & Partial<Pick<Figure, 'method' | 'recommendations' | 'unit'>>

const conditions = (ctx: Context, kind: RecordKind, question: string) => {
  const { options } = readListQuery(kind, Object.fromEntries(new URLSearchParams(question)))
  return sql.join(conditionsOf(ctx, kind, options), sql` and `)
}

/** A later question about the same field takes the place of an earlier one. */
const joined = (...questions: readonly string[]) =>
  Object.entries(Object.fromEntries(questions.flatMap((each) => [...new URLSearchParams(each)])))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** Address of the list of a kind that asks a question: `/strategy/outcomes?state=agreed`. */
const listAt = (kind: RecordKind, question: string) => (question ? `${addressOf(kind)}?${question}` : addressOf(kind))

/**
 * The share of a list that is not `lacking`: `listedShare(outcome, { id, among: 'state=agreed', lacking:
 * 'owner[empty]=true' })`. Both are questions of the list of the kind.
 */
export function listedShare(
  kind: RecordKind,
  { among = '', lacking, ...named }: Named & { readonly among?: string; readonly lacking: string },
): Figure {
  const open = joined(among, lacking)
  return figure({
    unit: '%',
    ...named,
    kind: 'share',
    reads: [kind.kind],
    measure: async (ctx) => {
      const { rows } = await sql<{ of: number; open: number }>`
        select count(*)::integer as "of", count(*) filter (where ${conditions(ctx, kind, open)})::integer as open
        from records.record r join ${tableOf(kind.kind)} t on t.id = r.id where ${conditions(ctx, kind, among)}`.execute(
        ctx.db,
      )
      const { of, open: without } = rows[0]!
      return { met: of - without, of, asOf: todayOf(ctx), query: listAt(kind, among), lacking: listAt(kind, open) }
    },
  })
}

/** How many records of a list have a day of a field in the period: `listedCount(review, { id, on: 'heldOn' })`. */
export function listedCount(
  kind: RecordKind,
  { among = '', on, unit, ...named }: Named & { readonly among?: string; readonly on: string; readonly unit: string },
): Figure {
  return figure({
    unit,
    ...named,
    kind: 'count',
    over: 'period',
    reads: [kind.kind],
    measure: async (ctx, { period }) => {
      const question = joined(among, within(on, period))
      const { rows } = await sql<{ of: number }>`
        select count(*)::integer as "of" from records.record r join ${tableOf(kind.kind)} t on t.id = r.id
        where ${conditions(ctx, kind, question)}`.execute(ctx.db)
      return { of: rows[0]!.of, asOf: todayOf(ctx), query: listAt(kind, question) }
    },
  })
}

const within = (field: string, { from, to }: Span) => `${field}[gte]=${from}&${field}[lt]=${to}`
