/**
 * The change set of a migration that changes the shape of fields. Such a file says what it did in a temporary table
 * `reshaped`:
 *
 *   record uuid, before jsonb, after jsonb, why text [, personal text[]] [, secret text]
 *
 * `before` and `after` hold values by field name as the history knows them (a field that is gone is null in `after`);
 * `personal` names fields whose values enter as commitments; `secret` is the digest of a secret beside the record. The change set is the system's own and part of the
 * migration's transaction: from there on history, undo and verification see the new shape.
 */
import canonicalize from 'canonicalize'
import type { PoolClient } from 'pg'
import { commitment, newSalt } from '../commitment.ts'
import { newId } from '../id.ts'

/** The action recorded in such an entry. */
export const reshapeAction = 'reshape'

type Reshaped = {
  readonly record: string
  readonly kind: string
  readonly code: string
  readonly version: number
  readonly before: Record<string, unknown>
  readonly after: Record<string, unknown>
  readonly why: string | null
  readonly personal: readonly string[] | null
  readonly secret: string | null
}

/** Entries written by one statement. */
const batch = 1000

/** Writes the change set of the file that has just run, if it says that it changed records; `source` names the file. */
export async function writeReshaped(client: PoolClient, source: string): Promise<void> {
  const there = await client.query<{ columns: string[] | null }>(
    `select array_agg(attname::text) as columns from pg_attribute
     where attrelid = to_regclass('pg_temp.reshaped') and attnum > 0 and not attisdropped`,
  )
  const columns = there.rows[0]?.columns
  if (!columns) return
  const at = new Date().toISOString()
  const { rows } = await client.query<Reshaped>(
    `with risen as (update records.record r set version = r.version + 1, "changedAt" = $1
       from pg_temp.reshaped x where r.id = x.record returning r.id, r.kind, r.code, r.version)
     select x.record, risen.kind, risen.code, risen.version, x.before, x.after, x.why,
       ${columns.includes('personal') ? 'x.personal' : 'null::text[] as personal'}, ${columns.includes('secret') ? 'x.secret' : 'null as secret'}
     from pg_temp.reshaped x join risen on risen.id = x.record order by risen.kind, risen.code`,
    [at],
  )
  await client.query('drop table pg_temp.reshaped')
  if (rows.length === 0) return
  const changeSet = newId()
  const why = rows[0]!.why
  await client.query(
    `insert into records."changeSet" (id, at, account, why, source, "undoOf") values ($1, $2, null, $3, $4, null)`,
    [changeSet, at, why, source],
  )
  const opening = { v: 1, changeSet, at, account: null, house: true, why, source, undoOf: null }
  const entries = [{ id: newId(), changeSet, record: null as string | null, content: canonicalize(opening)! }]
  const personal: Array<{ entry: string; record: string; place: string; salt: string; value: string }> = []
  for (const row of rows) {
    const id = newId()
    const side = (which: 'before' | 'after') =>
      Object.fromEntries(
        Object.entries(row[which]).map(([name, value]) => {
          if (value === null || !row.personal?.includes(name)) return [name, value]
          const [salt, text] = [newSalt(), canonicalize(value)!]
          personal.push({ entry: id, record: row.record, place: `${which}.${name}`, salt, value: text })
          return [name, { personal: commitment(salt, text) }]
        }),
      )
    const { record, kind, code, version } = row
    const content = {
      v: 1,
      changeSet,
      record,
      kind,
      action: reshapeAction,
      code,
      version,
      before: side('before'),
      after: side('after'),
      ...(row.secret === null ? {} : { secret: row.secret }),
    }
    entries.push({ id, changeSet, record, content: canonicalize(content)! })
  }
  for (let from = 0; from < entries.length; from += batch)
    await client.query(
      `with written as (insert into records.entry (id, "changeSet", record, content)
         select * from jsonb_to_recordset($1::jsonb) as x(id uuid, "changeSet" uuid, record uuid, content text) returning id)
       insert into records.unsealed (entry) select id from written`,
      [JSON.stringify(entries.slice(from, from + batch))],
    )
  if (personal.length > 0)
    await client.query(
      `insert into records.personal (entry, record, place, salt, value)
       select * from jsonb_to_recordset($1::jsonb) as x(entry uuid, record uuid, place text, salt text, value text)`,
      [JSON.stringify(personal)],
    )
}
