/**
 * One record with its links and external ids in one round trip. PostgreSQL writes the JSON, so that a read costs this
 * process little more than passing on a string; each kind's statement is prepared once per connection.
 */

import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import { selectedField } from '#kernel/fields/field.ts'
import { isSingleReference } from '#kernel/fields/reference.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { notFound, Problem } from '#kernel/problem.ts'
import { type AnyRecord, nameOf, type RecordKind, schemaOf } from '#kernel/record.ts'
import { languageOf, localize } from '#kernel/words.ts'
import { type Caller, isSignedIn } from '../caller.ts'
import { isId } from '../id.ts'
import type { AppContext } from '../page.ts'

/** `body` is the JSON of the record as the API shows it. */
export type ReadRecord = { readonly version: number; readonly retired: boolean; readonly body: string }

type Statement = {
  readonly name?: string
  readonly text: string
  readonly values: readonly unknown[]
  readonly key: number
}

const code = /^[A-Za-z]{2,4}-\d{1,15}$/

/** Does it look like an id or a readable number at all? */
export const isKey = (key: string): boolean => isId(key) || code.test(key)

const keyMark = '\u0000key'
const statements = new WeakMap<Caller, Map<string, Statement>>()
/** Prepared statements live on every connection, so there is a limit; beyond it the SQL is sent each time. */
const names = new Map<string, string>()
const maxNames = 400

/**
 * Reads one record by id or readable number; nothing if there is none that the caller may read.
 * Links name only records the caller may read, and so do `owner` and references for somebody who is not signed in.
 */
export async function readRecord(ctx: AppContext, kind: RecordKind, key: string): Promise<ReadRecord | undefined> {
  const byId = isId(key)
  if (!byId && !code.test(key)) return undefined
  const { name, text, values, key: place } = statementFor(ctx, kind, byId)
  const given = [...values]
  given[place] = byId ? key : key.toUpperCase()
  const { rows } = await ctx.database.pool.query<ReadRecord>(
    name ? { name, text, values: given } : { text, values: given },
  )
  return rows[0]
}

/** @throws NotFound; Gone for a retired record. */
export async function getRecord(ctx: AppContext, kind: RecordKind, key: string): Promise<ReadRecord> {
  const found = await readRecord(ctx, kind, key)
  if (!found) throw notFound(key)
  if (found.retired)
    throw new Problem('Gone', 'records.retired', { values: { code: (JSON.parse(found.body) as AnyRecord).code } })
  return found
}

function statementFor(ctx: AppContext, kind: RecordKind, byId: boolean): Statement {
  let known = statements.get(ctx.caller)
  if (!known) {
    known = new Map()
    statements.set(ctx.caller, known)
  }
  const slot = byId ? kind.kind : `${kind.kind} code`
  let statement = known.get(slot)
  if (!statement) {
    statement = compile(ctx, kind, byId)
    known.set(slot, statement)
  }
  return statement
}

function compile(ctx: AppContext, kind: RecordKind, byId: boolean): Statement {
  const query: CompiledQuery = recordQuery(ctx, kind, byId).compile(ctx.database.kysely)
  let name = names.get(query.sql)
  if (!name && names.size < maxNames) {
    name = `record ${names.size + 1}`
    names.set(query.sql, name)
  }
  return {
    ...(name ? { name } : {}),
    text: query.sql,
    values: query.parameters,
    key: query.parameters.indexOf(keyMark),
  }
}

function recordQuery(ctx: AppContext, kind: RecordKind, byId: boolean): RawBuilder<unknown> {
  const visible = ctx.policies.visible(ctx.caller)
  const key = byId ? sql`r.id = ${keyMark}` : sql`r.code = ${keyMark}`
  const table = sql.id(schemaOf(kind.kind), nameOf(kind.kind))
  const readable = (id: RawBuilder<unknown>) =>
    isSignedIn(ctx.caller) ? id : sql`(select r.id from records.record r where r.id = ${id} and ${visible})`
  const fields = Object.entries(kind.fields).map(([name, field]) => {
    const value = sql.raw(selectedField(name, field, 't'))
    if (!fieldType(field.type).references || isSignedIn(ctx.caller)) return sql`${value} as ${sql.id(name)}`
    if (isSingleReference(field)) return sql`${readable(value)} as ${sql.id(name)}`
    return sql`(select array_agg(e.id order by e.place) from unnest(${value}) with ordinality e(id, place)
      join records.record r on r.id = e.id where ${visible}) as ${sql.id(name)}`
  })
  const links = Object.keys(kind.links).map(
    (name) => sql`${sql.lit(name)}, (select coalesce(json_agg(${
      kind.links[name]!.weighted
        ? sql`json_build_object('to', l."to", 'weight', l.weight::text)`
        : sql`json_build_object('to', l."to")`
    } order by l."to"), '[]'::json)
      from records.link l join records.record r on r.id = l."to"
      where l."from" = b.id and l.name = ${sql.lit(`${kind.kind}.${name}`)} and r."retiredAt" is null and ${visible})`,
  )
  return sql`
    select b.version, b."retiredAt" is not null as retired, row_to_json(x)::text as body
    from (select r.* from records.record r where ${key} and r.kind = ${sql.lit(kind.kind)} and ${visible}) b
    join ${table} t on t.id = b.id
    cross join lateral (select ${sql.join([
      sql`b.id, b.kind, b.code, b.title, b.state, b.organisation, ${readable(sql`b.owner`)} as owner, b.audience, b.version,
        ${instant('createdAt')}, ${instant('changedAt')}, ${instant('retiredAt')}`,
      ...fields,
      sql`json_build_object(${sql.join(links)}) as links`,
      sql`(select coalesce(json_agg(json_build_object('source', e.source, 'id', e.id) order by e.source, e.id), '[]'::json)
        from records."externalId" e where e.record = b.id) as "externalIds"`,
    ])}) x`
}

const instant = (name: string) =>
  sql`to_char(b.${sql.id(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as ${sql.id(name)}`

/** Names of a kind's fields that hold text by language. */
export const localizedNames = (kind: RecordKind): string[] => [
  'title',
  ...Object.entries(kind.fields)
    .filter(([, field]) => field.localized)
    .map(([name]) => name),
]

export type InOneLanguage = {
  readonly record: Record<string, unknown>
  /** Languages that were used, for Content-Language. */
  readonly used: ReadonlySet<string>
}

/**
 * A record with plain texts instead of texts by language: the requested language, else the city's, else any that
 * exists; `languages` says which language each text is in.
 */
export function inLanguage(
  kind: RecordKind,
  record: Readonly<Record<string, unknown>>,
  language: string,
  cityLanguage: string,
): InOneLanguage {
  // `zh` and `zh-CN` mean Simplified Chinese; any other tag is taken as it is.
  const wanted = languageOf(language) ?? language
  const plain: Record<string, unknown> = { ...record }
  const languages: Record<string, string> = {}
  for (const name of localizedNames(kind)) {
    const value = record[name]
    if (typeof value !== 'object' || value === null) continue
    const { text, lang } = localize(value as Record<string, string>, wanted, cityLanguage)
    plain[name] = text
    languages[name] = lang
  }
  const used = new Set(Object.values(languages).filter((each) => each !== 'und'))
  return { record: { ...plain, languages }, used }
}
