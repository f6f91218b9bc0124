/**
 * Compares the tables with the history: every record, its values, links, identifiers, rows and secret must be what its
 * entries say. Whatever was written past the gate, by SQL for example, is named by record, field and position.
 *
 * Reads a few hundred records at a time, each portion in one snapshot of its own, so memory does not grow with the city
 * and writers are not held up. What is derived (search words, standings) is not looked at: it can be made anew.
 */
import { sql } from 'kysely'
import type { Registry } from '#kernel/registry.ts'
import type { Database, Executor } from '../db/index.ts'
import { type Approved, type Difference, differencesOf, type Secret, type Tables } from './compare.ts'
import { type Folded, fold, isHidden, unfolded } from './fold.ts'
import type { EntryContent } from './history.ts'
import { rowTable, selected, selectedRows, tableOf } from './table.ts'

export type Audited = { readonly registry: Registry; readonly secrets: readonly Secret[] }

/** Records of one portion, and entries and rows after which it is cut short. */
const portion = { records: 500, entries: 500, rows: 20_000 }

/** Goes through all records and tells each difference; returns how many records were compared. */
export async function audit(
  database: Database,
  audited: Audited,
  tell: (difference: Difference) => void,
): Promise<number> {
  let after: string | null = null
  let compared = 0
  do {
    const from: string | null = after
    const done: { last: string | null; count: number } = await snapshot(database, (tx) =>
      auditPortion(tx, audited, from, tell),
    )
    after = done.last
    compared += done.count
  } while (after !== null)
  await snapshot(database, async (tx) => {
    // Goes over all entries once; nobody waits for it.
    await sql`set local statement_timeout = 0`.execute(tx)
    for (const difference of await outside(tx, audited)) tell(difference)
  })
  return compared
}

const snapshot = <Result>(database: Database, body: (tx: Executor) => Promise<Result>): Promise<Result> =>
  database.kysely.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(body)

type Stored = { id: string; record: string; content: string; position: string | null; sequence: string }

async function auditPortion(
  tx: Executor,
  { registry, secrets }: Audited,
  after: string | null,
  tell: (difference: Difference) => void,
): Promise<{ last: string | null; count: number }> {
  const records = await sql<{ id: string; kind: string; code: string; version: number }>`
    select id, kind, code, version from records.record ${after ? sql`where id > ${after}` : sql``} order by id limit ${portion.records}`.execute(
    tx,
  )
  let ids = records.rows.map(({ id }) => id)
  if (ids.length === 0) return { last: null, count: 0 }
  const folded = await foldAll(tx, ids)
  if (folded.cut) ids = ids.slice(0, ids.indexOf(folded.cut))
  const tables = await readTables(tx, registry, secrets, records.rows.slice(0, ids.length))
  for (const record of records.rows.slice(0, ids.length))
    for (const difference of differencesOf(registry, secrets, record, folded.states.get(record.id), tables))
      tell(difference)
  return { last: ids.at(-1)!, count: ids.length }
}

/** Folds the entries of these records, up to the bound; `cut` is the first record that is not complete. */
async function foldAll(
  tx: Executor,
  ids: readonly string[],
): Promise<{ states: Map<string, Folded>; cut: string | null }> {
  const states = new Map<string, Folded>()
  let rows = 0
  let last: Stored | undefined
  for (;;) {
    const further = last ? sql`and (e.record, e.sequence) > (${last.record}::uuid, ${last.sequence}::bigint)` : sql``
    const { rows: entries } = await sql<Stored>`
      select e.id, e.record, e.content, e.sequence, s.position from records.entry e left join records.seal s on s.entry = e.id
      where e.record = any(${[...ids]}::uuid[]) ${further} order by e.record, e.sequence limit ${portion.entries}`.execute(
      tx,
    )
    const parsed = entries.map((each) => ({ ...each, content: JSON.parse(each.content) as EntryContent }))
    const opened = await openedIds(tx, parsed)
    for (const { id, record, content, position } of parsed) {
      if (record !== last?.record && rows > portion.rows && states.size > 0) return { states, cut: record }
      const state = states.get(record) ?? unfolded(record)
      states.set(record, state)
      rows += fold(state, { id, content, position: position === null ? null : Number(position) }, () => opened.get(id))
      last = entries.find((each) => each.id === id)
    }
    if (entries.length < portion.entries) return { states, cut: null }
  }
}

/** Changes of identifiers that entries hold as a commitment, where they were not erased. */
async function openedIds(
  tx: Executor,
  entries: ReadonlyArray<{ id: string; content: EntryContent }>,
): Promise<Map<string, EntryContent['externalIds']>> {
  const hidden = entries.filter(({ content }) => isHidden(content.externalIds)).map(({ id }) => id)
  if (hidden.length === 0) return new Map()
  const { rows } = await sql<{ entry: string; value: string }>`
    select entry, value from records.personal where place = 'externalIds' and entry = any(${hidden}::uuid[])`.execute(
    tx,
  )
  return new Map(rows.map(({ entry, value }) => [entry, JSON.parse(value) as EntryContent['externalIds']]))
}

async function readTables(
  tx: Executor,
  registry: Registry,
  secrets: readonly Secret[],
  records: ReadonlyArray<{ id: string; kind: string }>,
): Promise<Tables> {
  const ids = records.map(({ id }) => id)
  const tables: Tables = {
    values: new Map(),
    rows: new Map(),
    links: new Map(),
    externalIds: new Map(),
    secrets: new Map(),
    approvals: new Map(),
    salts: new Map(),
  }
  for (const [kind, group] of Map.groupBy(records, (each) => each.kind)) {
    const known = registry.kinds.get(kind)
    if (!known) continue
    const { declaration } = known
    const of = group.map(({ id }) => id)
    const { rows } = await sql<Record<string, unknown> & { id: string }>`
      select r.*, ${selected(declaration)} from records.record r join ${tableOf(kind)} t on t.id = r.id where r.id = any(${of}::uuid[])`.execute(
      tx,
    )
    for (const row of rows) tables.values.set(row.id, row)
    for (const [name, { fields }] of Object.entries(declaration.rows)) {
      const found = await sql<Record<string, unknown> & { id: string; record: string }>`
        select ${selectedRows(fields)} from ${rowTable(kind, name)} t where t.record = any(${of}::uuid[])`.execute(tx)
      for (const [record, list] of Map.groupBy(found.rows, (row) => row.record))
        tables.rows.set(record, { ...tables.rows.get(record), [name]: list })
    }
  }
  const links = await sql<{ id: string; name: string; from: string; to: string; weight: string | null }>`
    select id, name, "from", "to", weight from records.link where "from" = any(${ids}::uuid[])`.execute(tx)
  for (const [record, list] of Map.groupBy(links.rows, (row) => row.from)) tables.links.set(record, list)
  const external = await sql<{ source: string; id: string; record: string; kind: string }>`
    select source, id, record, kind from records."externalId" where record = any(${ids}::uuid[])`.execute(tx)
  for (const [record, list] of Map.groupBy(external.rows, (row) => row.record)) tables.externalIds.set(record, list)
  const approvals = await sql<Approved & { record: string }>`
    select p.record, p."changeSet", p."publicFrom", p.version, p."doneAt" is not null as done, p."approvedBy" is not distinct from c.account as own
    from records.publication p left join records."changeSet" c on c.id = p."changeSet" where p.record = any(${ids}::uuid[])`.execute(
    tx,
  )
  for (const [record, list] of Map.groupBy(approvals.rows, (row) => row.record)) tables.approvals.set(record, list)
  const salts = await sql<{ entry: string; place: string; salt: string }>`
    select entry, place, salt from records.personal where record = any(${ids}::uuid[])`.execute(tx)
  for (const { entry, place, salt } of salts.rows) tables.salts.set(`${entry} ${place}`, salt)
  for (const secret of secrets) {
    const found = await sql<{ record: string; value: string }>`
      select ${sql.id(secret.record)} as record, ${sql.id(secret.value)} as value from ${sql.id(...secret.table)}
      where ${sql.id(secret.record)} = any(${ids}::uuid[])`.execute(tx)
    for (const { record, value } of found.rows) tables.secrets.set(record, value)
  }
  return tables
}

/** At most so many differences of one sort that lie outside the records. */
const most = 1000

/** What going through the records does not meet: records that are gone, tables of another kind. */
async function outside(tx: Executor, { registry }: Audited): Promise<Difference[]> {
  const found: Difference[] = []
  const gone = await sql<{ record: string; content: string; entry: string; position: string | null }>`
    select e.record, e.content, e.id as entry, s.position from records.entry e left join records.seal s on s.entry = e.id
    where e.record is not null and not exists (select from records.record r where r.id = e.record)
      and not exists (select from records.entry l where l.record = e.record and l.sequence > e.sequence)
    limit ${most}`.execute(tx)
  for (const { record, content, entry, position } of gone.rows)
    found.push({
      ...{ record, code: (JSON.parse(content) as EntryContent).code, at: '', what: 'gone', entry },
      position: position === null ? null : Number(position),
    })
  const added = { what: 'added', entry: null, position: null } as const
  for (const { declaration } of registry.kinds.values()) {
    const { kind } = declaration
    const strays = await sql<{ record: string; code: string }>`
      select t.id as record, r.code from ${tableOf(kind)} t join records.record r on r.id = t.id where r.kind <> ${kind} limit ${most}`.execute(
      tx,
    )
    for (const row of strays.rows) found.push({ ...row, ...added, at: kind })
    for (const name of Object.keys(declaration.rows)) {
      const rows = await sql<{ record: string; code: string }>`
        select t.record, r.code from ${rowTable(kind, name)} t join records.record r on r.id = t.record where r.kind <> ${kind} limit ${most}`.execute(
        tx,
      )
      for (const row of rows.rows) found.push({ ...row, ...added, at: `rows.${name}` })
    }
  }
  return found
}
