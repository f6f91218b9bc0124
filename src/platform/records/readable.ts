/**
 * What somebody may read, as a relation for `from` or `join` in SQL that `read` cannot express: recursive walks,
 * counts, joins over several kinds. PostgreSQL inlines such a relation and plans the statement as if its conditions had
 * been written by hand.
 *
 * It never holds retired records unless asked to, nor anything the reader may not read. Code in which the system itself
 * must see everything (sign-in, derived results, jobs) says so with `unrestricted` and a reason, for reviewers.
 */
import { type RawBuilder, sql } from 'kysely'
import { type Caller, systemCaller } from '../caller.ts'
import type { Context } from '../context.ts'
import type { Policies } from '../policy.ts'
import { rowTable, tableOf } from './table.ts'

/** Goes after `from` or `join`, and needs an alias there. */
export type Relation = RawBuilder<unknown>

/** Who reads: a context, or the system itself. */
export type Reader = { readonly caller: Caller; readonly policies: Pick<Policies, 'visible'> }

type Options = {
  /** Includes retired records. */
  readonly retired?: boolean
}

/**
 * The system as reader: no condition at all. The reason is for people; `node tools/readable.ts` lists them all. Given a
 * context, returns that context with the system as its caller.
 */
export function unrestricted(why: string): Reader & { readonly why: string }
export function unrestricted<Ctx extends Context>(why: string, ctx: Ctx): Ctx & { readonly why: string }
export function unrestricted(why: string, ctx?: Context): Reader & { readonly why: string } {
  return { policies: { visible: () => sql<boolean>`true` }, ...ctx, caller: systemCaller, why }
}

/**
 * Records of a kind with all their columns: those that every record has, and those of the table of the kind. The kind
 * is a condition too, although its table implies it, so that an index on the kind can be used when most of its records
 * are read.
 */
export const readable = (reader: Reader, kind: string, options?: Options): Relation =>
  sql`(select * from records.record r join ${tableOf(kind)} t using (id)${where([...ofKinds([kind]), ...conditionsFor(reader, options)])})`

/** Records of any kind, or of some kinds, with the columns that every record has: what links lead to. */
export const readableRecords = (reader: Reader, kinds?: readonly string[], options?: Options): Relation =>
  sql`(select * from records.record r${where([...ofKinds(kinds), ...conditionsFor(reader, options)])})`

/** Rows of a plain table of a kind, without those of records that may not be read. */
export function readableRows(reader: Reader, kind: string, name: string, options?: Options): Relation {
  const conditions = conditionsFor(reader, options)
  if (conditions.length === 0) return rowTable(kind, name)
  return sql`(select w.* from ${rowTable(kind, name)} w join records.record r on r.id = w.record${where(conditions)})`
}

/**
 * What the reader may not read, of some kinds: to say that something exists, never what. It holds only id, kind and
 * state.
 */
export const hiddenRecords = (reader: Reader, kinds: readonly string[]): Relation =>
  sql`(select r.id, r.kind, r.state from records.record r${where([
    ...ofKinds(kinds),
    ...conditionsFor(unrestricted('live ones, whoever may read them')),
    reader.caller.system ? sql`false` : sql`(${reader.policies.visible(reader.caller)}) is not true`,
  ])})`

/** Over `r`: live unless retired ones are asked for, and readable for the reader. No condition for the system. */
export const conditionsFor = (reader: Reader, { retired = false }: Options = {}): RawBuilder<unknown>[] => [
  ...(retired ? [] : [sql`r."retiredAt" is null`]),
  ...(reader.caller.system ? [] : [reader.policies.visible(reader.caller)]),
]

/** Over `r`: of these kinds, or of any kind. */
export const ofKinds = (kinds?: readonly string[]): RawBuilder<unknown>[] =>
  kinds === undefined ? [] : [kinds.length === 1 ? sql`r.kind = ${kinds[0]}` : sql`r.kind = any(${[...kinds]}::text[])`]

const where = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`
