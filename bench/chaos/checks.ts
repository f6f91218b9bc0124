/** What must hold after every kill. Each answers sentences; none = all is well. */
import { nameOf, schemaOf } from '#kernel/record.ts'
import type { Database } from '#platform/db/connection.ts'
import { type SealHead, sealAll, sealHead, verify } from '#platform/records/index.ts'
import { type Acknowledged, contextOf, importSize, source } from './load.ts'

type Rows = <Row>(text: string, values?: unknown[]) => Promise<Row[]>
const asking =
  (database: Database): Rows =>
  async (text, values) =>
    (await database.pool.query(text, values)).rows

/** Every acknowledged change is there, whole. */
export async function lost(database: Database, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const rows = asking(database)
  const told: string[] = []
  const sets = new Map(
    (
      await rows<{ id: string; n: string }>(
        `select c.id, count(e.id) as n from records."changeSet" c left join records.entry e on e."changeSet" = c.id where c.id = any($1) group by c.id`,
        [acknowledged.map((each) => each.change)],
      )
    ).map((row) => [row.id, Number(row.n)]),
  )
  for (const { token, does, change } of acknowledged) {
    const expected = does === 'import' ? importSize + 1 : 2
    if (sets.get(change) !== expected)
      told.push(`${does} ${token}: ${sets.get(change) ?? 0} of ${expected} entries of its change set are there`)
  }
  const values = new Map<string, Acknowledged>()
  for (const each of acknowledged) if (each.does === 'change') values.set(each.id, each)
  const stored = await rows<{ id: string; abbreviation: string | null }>(
    'select id, abbreviation from directory.organisation where id = any($1)',
    [[...values.keys()]],
  )
  const now = new Map(stored.map((row) => [row.id, row.abbreviation]))
  for (const [id, { token }] of values) {
    // A later change may have been written without its acknowledgement reaching the writer; an earlier one may not.
    const found = now.get(id)
    if (found === undefined || found === null || countOf(found) < countOf(token))
      told.push(`change ${token}: the record holds ${found ?? 'nothing'}`)
  }
  return told
}

const countOf = (token: string) => Number(token.slice(token.lastIndexOf('-') + 1))

/** Nothing is half there. */
export async function halves(database: Database): Promise<string[]> {
  const rows = asking(database)
  const told: string[] = []
  const none = async (what: string, query: string, values?: unknown[]) => {
    const [row] = await rows<{ n: string }>(`select count(*) as n from (${query}) found`, values)
    if (row!.n !== '0') told.push(`${row!.n} × ${what}`)
  }
  for (const kind of contextOf(database).house.kinds.keys())
    await none(
      `a record of ${kind} without its own row`,
      `select from records.record r left join ${schemaOf(kind)}."${nameOf(kind)}" t on t.id = r.id where r.kind = $1 and t.id is null`,
      [kind],
    )
  await none(
    'a link without an end',
    `select from records.link l where not exists (select from records.record r where r.id = l."from") or not exists (select from records.record r where r.id = l."to")`,
  )
  await none(
    'an entry without its change set',
    `select from records.entry e left join records."changeSet" c on c.id = e."changeSet" where c.id is null`,
  )
  await none(
    'a change set without its opening entry',
    `select from records."changeSet" c where not exists (select from records.entry e where e."changeSet" = c.id and e.record is null)`,
  )
  await none(
    'a change set that says nothing',
    `select from records."changeSet" c where not exists (select from records.entry e where e."changeSet" = c.id and e.record is not null)`,
  )
  await none(
    'an entry that is neither sealed nor waits for it',
    `select from records.entry e where not exists (select from records.seal s where s.entry = e.id) and not exists (select from records.unsealed u where u.entry = e.id)`,
  )
  await none(
    'an entry that is sealed and waits for it',
    `select from records.unsealed u join records.seal s on s.entry = u.entry`,
  )
  await none(
    'a record whose version is not that of its newest entry',
    `
    select from records.record r left join lateral (
      select max((e.content::json->>'version')::int) as version from records.entry e where e.record = r.id) e on true where e.version is distinct from r.version`,
  )
  await none(
    'a record whose entries have a gap',
    `
    select from records.entry e where e.record is not null group by e.record having count(*) <> max((e.content::json->>'version')::int)`,
  )
  await none(
    'a live record that search does not know',
    `select from records.record r where r."retiredAt" is null and not exists (select from records.search s where s.record = r.id)`,
  )
  await none(
    'an import that is there in part',
    `select from (select split_part(x.id, '/', 1) as token, count(*) as records, count(l.id) as links, count(m.id) as measurements
       from records."externalId" x left join records.link l on l."from" = x.record left join indicators.measurement m on m.record = x.record
       where x.source = $1 and x.id like '%/%' group by 1) found
     where records <> $2 or links <> $2 or measurements <> $2`,
    [source, importSize],
  )
  return told
}

/** The history is whole and passes through the head of the round before. */
export async function chained(
  database: Database,
  before: SealHead | undefined,
): Promise<{ told: string[]; head: SealHead }> {
  await sealAll(database)
  const verdict = await verify(database.kysely, before)
  const told = verdict.faults.slice(0, 5).map((fault) => `the history is not whole: ${fault.code} at ${fault.position}`)
  return { told, head: await sealHead(database.kysely) }
}
