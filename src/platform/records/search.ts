/**
 * The global search. One function cuts runs of Chinese, Japanese and Korean into overlapping pairs, for the index and
 * the query alike: PostgreSQL's own parser would treat a whole phrase as one word.
 */
import { sql } from 'kysely'
import { fieldType } from '#kernel/fields/types.ts'
import type { Rows } from '#kernel/record.ts'
import type { Context, WriteContext } from '../context.ts'
import type { Prepared } from './change.ts'
import { readableRecords } from './readable.ts'
import { rowTable, selectedRows } from './table.ts'

const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu

/**
 * Words of a text as the index holds them: NFKC, lower case, CJK in overlapping pairs, everything else split into runs
 * of letters (with their marks) and digits.
 */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase()
  const words: string[] = []
  for (const run of plain.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
    let last = 0
    for (const match of run.matchAll(cjk)) {
      if (match.index > last) words.push(run.slice(last, match.index))
      const letters = [...match[0]]
      if (letters.length === 1) words.push(letters[0]!)
      for (let at = 0; at + 1 < letters.length; at++) words.push(letters[at]! + letters[at + 1]!)
      last = match.index + match[0].length
    }
    if (last < run.length) words.push(run.slice(last))
  }
  return words
}

type SearchRow = { record: string; language: string; a: string; b: string; c: string; d: string }

/** Brings the search rows of written records up to date; retired ones are taken out. */
export async function indexForSearch(ctx: WriteContext, written: readonly Prepared[]): Promise<void> {
  const touched = written.filter(
    (each) =>
      !each.before ||
      each.changed.some(
        (name) => name === 'title' || name === 'retiredAt' || each.known.declaration.fields[name]?.search,
      ) ||
      Object.keys(each.rows).some((name) => isSearched(each.known.declaration.rows[name]!)),
  )
  if (touched.length === 0) return
  const found = await searchedRows(ctx, touched)
  const rows = touched.flatMap((each) => searchRows(each, found.get(each.after.id) ?? []))
  const stale = touched.filter((each) => each.before).map((each) => each.after.id)
  if (stale.length > 0) await sql`delete from records.search where record = any(${stale}::uuid[])`.execute(ctx.db)
  if (rows.length > 0)
    await sql`insert into records.search (record, language, words)
      select record, language, setweight(to_tsvector('simple', a), 'A') || setweight(to_tsvector('simple', b), 'B')
        || setweight(to_tsvector('simple', c), 'C') || setweight(to_tsvector('simple', d), 'D')
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(record uuid, language text, a text, b text, c text, d text)`.execute(
      ctx.db,
    )
}

const isSearched = (rows: Rows) => Object.values(rows.fields).some((field) => field.search)
/** How many rows of one record are indexed; a register of thousands has its own list to search. */
const maxSearchedRows = 500

type FoundRow = { readonly fields: Rows['fields']; readonly values: Readonly<Record<string, unknown>> }

/** Rows with searchable text, for the records that have any; one read per table. */
async function searchedRows(ctx: WriteContext, touched: readonly Prepared[]): Promise<Map<string, FoundRow[]>> {
  const found = new Map<string, FoundRow[]>()
  for (const [kind, group] of Map.groupBy(touched, (each) => each.known.declaration))
    for (const [name, declared] of Object.entries(kind.rows)) {
      if (!isSearched(declared)) continue
      const ids = group.filter((each) => !each.after.retiredAt).map((each) => each.after.id)
      const { rows } = await sql<{ record: string }>`
        select ${selectedRows(declared.fields)} from unnest(${ids}::uuid[]) as wanted(record)
        cross join lateral (select * from ${rowTable(kind.kind, name)} w where w.record = wanted.record order by w.id limit ${maxSearchedRows}) t`.execute(
        ctx.db,
      )
      for (const values of rows)
        found.set(values.record, [...(found.get(values.record) ?? []), { fields: declared.fields, values }])
    }
  return found
}

function searchRows({ known, after }: Prepared, rowsOfRecord: readonly FoundRow[]): SearchRow[] {
  if (after.retiredAt) return []
  const rows = new Map<string, SearchRow>()
  const add = (language: string, weight: 'a' | 'b' | 'c' | 'd', text: string) => {
    const row = rows.get(language) ?? { record: after.id, language, a: '', b: '', c: '', d: '' }
    row[weight] += ` ${wordsOf(text).join(' ')}`
    rows.set(language, row)
  }
  for (const [language, text] of Object.entries(after.title)) add(language, 'a', text)
  add('und', 'a', after.code.replace('-', ''))
  add('und', 'a', after.code)
  for (const { fields, values } of [{ fields: known.declaration.fields, values: after }, ...rowsOfRecord])
    for (const [name, field] of Object.entries(fields)) {
      if (!field.search) continue
      for (const { language, text } of fieldType(field.type).words?.(values[name]) ?? [])
        add(language, field.search.toLowerCase() as 'b', text)
    }
  return [...rows.values()]
}

/** A query as a tsquery over the index: every word must occur, the last one may be incomplete. */
export function questionOf(text: string): string | null {
  const words = wordsOf(text.slice(0, 200)).slice(0, 12)
  if (words.length === 0) return null
  return words
    .map((word, index) => (index === words.length - 1 || [...word].length === 1 ? `'${word}':*` : `'${word}'`))
    .join(' & ')
}

export type SearchHit = {
  id: string
  kind: string
  code: string
  title: Record<string, string>
  state: string
  organisation: string | null
  rank: number
}

/** So many readable hits are ranked: a word that half the city contains costs no more than one that a few have. */
const maxRanked = 500

/**
 * The records that are ranked, with record, rank and number of texts: found among what may be read, up to `most` texts (a record has one a language), shorter texts before
 * longer ones of the same weight.
 */
export const rankedHits = (ctx: Context, question: string, most: number, kinds?: readonly string[]) => sql`(
  select found.record, max(ts_rank(found.words, found.q, 1)) as rank, count(*) as texts from (
    select s.record, s.words, q from to_tsquery('simple', ${question}) q join records.search s on s.words @@ q
      join ${readableRecords(ctx, kinds)} readable on readable.id = s.record limit ${most}) found
  group by found.record)`

/** Records that match a query, best first, only those the caller may read; at most `limit` (100). */
export async function search(
  ctx: Context,
  text: string,
  options: { kinds?: readonly string[]; limit?: number } = {},
): Promise<SearchHit[]> {
  const question = questionOf(text)
  if (!question) return []
  const limit = Math.min(options.limit ?? 20, 100)
  const { rows } = await sql<SearchHit>`
    select r.id, r.kind, r.code, r.title, r.state, r.organisation, hit.rank
    from (select best.record, best.rank from ${rankedHits(ctx, question, maxRanked, options.kinds)} best
        order by best.rank desc, best.record limit ${limit}) hit
      join ${readableRecords(ctx, options.kinds)} r on r.id = hit.record
    order by hit.rank desc, r.id`.execute(ctx.db)
  return rows
}
