/** What must hold after every kill. Each returns sentences; none = all is well. */
import { nameOf, schemaOf } from '#kernel/record.ts'
import type { Database } from '#platform/db/index.ts'
import { sweepRuns } from '#platform/imports/index.ts'
import { type SealHead, sealAll, sealHead, verify } from '#platform/records/index.ts'
import { type Acknowledged, contextOf, fileOf, source, wholeImport } from './load.ts'

type Rows = <Row>(text: string, values?: unknown[]) => Promise<Row[]>
const asking =
  (database: Database): Rows =>
  async (text, values) =>
    (await database.pool.query(text, values)).rows

/** Every acknowledged change is there, whole. */
export async function lost(database: Database, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const rows = asking(database)
  const reported: string[] = []
  const sets = new Map(
    (
      await rows<{ id: string; n: string }>(
        `select c.id, count(e.id) as n from records."changeSet" c left join records.entry e on e."changeSet" = c.id where c.id = any($1) group by c.id`,
        [acknowledged.map((each) => each.change)],
      )
    ).map((row) => [row.id, Number(row.n)]),
  )
  for (const { token, does, change } of acknowledged) {
    const expected = does === 'import' ? wholeImport.records + 1 : 2
    if (sets.get(change) !== expected)
      reported.push(`${does} ${token}: ${sets.get(change) ?? 0} of ${expected} entries of its change set are there`)
  }
  const imports = acknowledged.filter((each) => each.does === 'import')
  const runs = new Map(
    (
      await rows<{ id: string; state: string; changeSet: string | null; fileName: string }>(
        'select id, state, "changeSet", "fileName" from imports.run where id = any($1)',
        [imports.map((each) => each.id)],
      )
    ).map((row) => [row.id, row]),
  )
  for (const { token, id, change } of imports) {
    const run = runs.get(id)
    if (run?.state !== 'done' || run.changeSet !== change || run.fileName !== fileOf(token))
      reported.push(`import ${token}: its run is ${run ? `${run.state}, change set ${run.changeSet}` : 'not there'}`)
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
      reported.push(`change ${token}: the record holds ${found ?? 'nothing'}`)
  }
  return reported
}

const countOf = (token: string) => Number(token.slice(token.lastIndexOf('-') + 1))

/** Nothing is half there. */
export async function halves(database: Database): Promise<string[]> {
  const rows = asking(database)
  const reported: string[] = []
  const none = async (what: string, query: string, values?: unknown[]) => {
    const [row] = await rows<{ n: string }>(`select count(*) as n from (${query}) found`, values)
    if (row!.n !== '0') reported.push(`${row!.n} × ${what}`)
  }
  for (const kind of contextOf(database).registry.kinds.keys())
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
  reported.push(...(await halfImports(rows)))
  return reported
}

/** Each import is there completely, with a run that says so; or not at all, with a run that does not. */
async function halfImports(rows: Rows): Promise<string[]> {
  const found = await rows<{
    source: string
    states: string[]
    records: string
    links: string
    measurements: string
    sum: string
  }>(
    `select coalesce(i.source, r.source) as source, coalesce(r.states, '{}') as states, coalesce(i.records, 0) as records,
       coalesce(i.links, 0) as links, coalesce(i.measurements, 0) as measurements, coalesce(i.sum, 0)::bigint as sum
     from (select profile->'externalId'->>'source' as source,
         array_agg(case when state = 'done' and "changeSet" is null then 'done without changes' else state end) as states
       from imports.run group by 1) r
     full join (select x.source, count(*) as records, sum(l.n) as links, sum(m.n) as measurements, sum(m.sum) as sum
       from records."externalId" x,
         lateral (select count(*) as n from records.link l where l."from" = x.record) l,
         lateral (select count(*) as n, sum(m.value) from indicators.measurement m where m.record = x.record) m
       where x.source like $1 group by 1) i on i.source = r.source`,
    [`${source}/%`],
  )
  const { records, links, measurements, sum } = wholeImport
  return found.flatMap((each) => {
    const done = each.states.length === 1 && each.states[0]!.startsWith('done')
    const there = [each.records, each.links, each.measurements, each.sum].map(Number)
    const expected = done ? [records, links, measurements, sum] : [0, 0, 0, 0]
    return there.every((count, index) => count === expected[index])
      ? []
      : [
          `import ${each.source}: ${each.states.join(', ') || 'no run'}, but ${there.join('/')} instead of ${expected.join('/')} records/links/measurements/sum are there`,
        ]
  })
}

/**
 * What dead imports left in staging is removed, and none of them looks alive for ever. The time until a silent run
 * counts as dead is skipped here; no writer may be at work.
 */
export async function unswept(database: Database): Promise<string[]> {
  const rows = asking(database)
  await rows(`update imports.run set "beatAt" = now() - interval '1 hour' where state = 'running'`)
  await sweepRuns(contextOf(database))
  const [left] = await rows<{ running: number; staged: number; rejected: number }>(
    `select (select count(*)::int from imports.run where state = 'running') as running,
       (select count(*)::int from imports.row) as staged, (select count(*)::int from imports.rejected) as rejected`,
  )
  return Object.entries(left!)
    .filter(([, count]) => count > 0)
    .map(
      ([what, count]) =>
        `${count} × ${what === 'running' ? 'a dead run that seems alive' : `a ${what} row of a dead run`}`,
    )
}

/** The history is whole and passes through the head of the round before. */
export async function chained(
  database: Database,
  before: SealHead | undefined,
): Promise<{ reported: string[]; head: SealHead }> {
  await sealAll(database)
  const verdict = await verify(database.kysely, before)
  const reported = verdict.faults
    .slice(0, 5)
    .map((fault) => `the history is not whole: ${fault.code} at ${fault.position}`)
  return { reported, head: await sealHead(database.kysely) }
}
