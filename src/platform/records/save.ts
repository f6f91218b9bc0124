/**
 * The gate. Form, API, import, job and undo all write through here: parsed, checked and permitted changes become rows,
 * links, search words and history of one change set. Set-based: a thousand records cost about as many statements as
 * one.
 */
import { sql } from 'kysely'
import { storedValues } from '#kernel/fields/field.ts'
import { conflict, invalid } from '#kernel/problem.ts'
import { nameOf, type RecordKind, schemaOf } from '#kernel/record.ts'
import type { WriteContext } from '../context.ts'
import type { Change, Prepared } from './change.ts'
import { type ChangeSet, type ChangeSetFacts, openChangeSet, writeEntries } from './ledger.ts'
import { Permit } from './permit.ts'
import { prepare } from './prepare.ts'
import { refusalOf } from './refusal.ts'
import { writeRows } from './rows.ts'
import { indexForSearch } from './search.ts'
import { columnsOf, tableOf } from './table.ts'

export type Saved = { readonly id: string; readonly code: string; readonly version: number; readonly kind: string }

/** Writes what the permit covers, as part of the change set. Opens no transaction of its own. */
export async function save(changeSet: ChangeSet, permit: Permit): Promise<Saved[]> {
  const { ctx } = changeSet
  const all = Permit.use(permit, ctx.db)
  if (all.length === 0) return []
  try {
    return await saveAll(changeSet, all)
  } catch (error) {
    throw refusalOf(error)
  }
}

async function saveAll(changeSet: ChangeSet, all: readonly Prepared[]): Promise<Saved[]> {
  const { ctx } = changeSet
  const created = all.filter((each) => !each.before)
  const changed = all.filter((each) => each.before && each.touched)
  for (const [kind, group] of Map.groupBy(created, (each) => each.change.kind)) await insertRecords(ctx, kind, group)
  for (const [kind, group] of Map.groupBy(changed, (each) => each.change.kind)) await updateRecords(ctx, kind, group)
  await writeExternalIds(ctx, all)
  await writeLinks(ctx, all)
  const rows = all.flatMap((each) =>
    Object.entries(each.rows).flatMap(([name, list]) =>
      list.map((row) => ({ kind: each.change.kind, name, record: each.after.id, row })),
    ),
  )
  if (rows.length > 0) await writeRows(ctx, rows)
  await indexForSearch(ctx, all)
  await writeEntries(changeSet, all)
  return all.map(({ after }) => ({ id: after.id, code: after.code, version: after.version, kind: after.kind }))
}

/**
 * The whole gate for changes that belong together: prepare, permit, open a change set, save. With nothing to do there
 * is no change set.
 */
export async function write(
  ctx: WriteContext,
  facts: ChangeSetFacts,
  changes: readonly Change[],
): Promise<{ changeSet: string | null; saved: Saved[] }> {
  const permit = Permit.for(ctx, await prepare(ctx, changes))
  if (permit.covered.length === 0) return { changeSet: null, saved: [] }
  const changeSet = await openChangeSet(ctx, facts)
  return { changeSet: changeSet.id, saved: await save(changeSet, permit) }
}

const fixed = [
  ['id', 'uuid'],
  ['kind', 'text'],
  ['code', 'text'],
  ['title', 'jsonb'],
  ['state', 'text'],
  ['organisation', 'uuid'],
  ['owner', 'uuid'],
  ['audience', 'text'],
  ['version', 'integer'],
  ['createdAt', 'timestamptz'],
  ['changedAt', 'timestamptz'],
  ['retiredAt', 'timestamptz'],
] as const
const fixedColumns = sql.join(fixed.map(([name]) => sql.id(name)))
const fixedTypes = sql.join(fixed.map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`))

/** A record by column, as the database expects it. */
const byColumn = ({ fields }: RecordKind, { after }: Prepared): Record<string, unknown> => ({
  ...after,
  ...storedValues(fields, after),
})

async function insertRecords(ctx: WriteContext, kind: string, group: readonly Prepared[]): Promise<void> {
  const { declaration } = ctx.registry.kind(kind)
  const sequence = `${schemaOf(kind)}."${nameOf(kind)}Code"`
  const { rows } = await sql<{
    n: string
  }>`select nextval(${sequence}) as n from generate_series(1, ${group.length})`.execute(ctx.db)
  for (const [index, each] of group.entries())
    each.after.code = `${declaration.code}-${rows[index]!.n.padStart(4, '0')}`
  const json = JSON.stringify(group.map((each) => byColumn(declaration, each)))
  const own = columnsOf(declaration.fields)
  const columns = sql.join([sql.id('id'), ...own.map((column) => sql.id(column.name))])
  const types = sql.join([sql`id uuid`, ...own.map((column) => sql`${sql.id(column.name)} ${sql.raw(column.type)}`)])
  const { numAffectedRows } =
    await sql`insert into records.record (${fixedColumns}) select ${fixedColumns} from jsonb_to_recordset(${json}::jsonb) as x(${fixedTypes})
      on conflict (id) do nothing`.execute(ctx.db)
  if (Number(numAffectedRows) !== group.length) throw conflict('records.exists')
  await sql`insert into ${tableOf(kind)} (${columns}) select ${columns} from jsonb_to_recordset(${json}::jsonb) as x(${types})`.execute(
    ctx.db,
  )
}

async function updateRecords(ctx: WriteContext, kind: string, group: readonly Prepared[]): Promise<void> {
  const { declaration } = ctx.registry.kind(kind)
  const json = JSON.stringify(group.map((each) => byColumn(declaration, each)))
  const { numAffectedRows } = await sql`
    update records.record r set title = x.title, state = x.state, organisation = x.organisation, owner = x.owner, audience = x.audience,
      version = x.version, "changedAt" = x."changedAt", "retiredAt" = x."retiredAt"
    from jsonb_to_recordset(${json}::jsonb) as x(${fixedTypes}) where r.id = x.id and r.version = x.version - 1`.execute(
    ctx.db,
  )
  if (Number(numAffectedRows) !== group.length) throw conflict('records.stale')
  const touched = new Set(group.flatMap((each) => each.changed))
  const own = columnsOf(Object.fromEntries(Object.entries(declaration.fields).filter(([name]) => touched.has(name))))
  if (own.length === 0) return
  const set = sql.join(own.map((column) => sql`${sql.id(column.name)} = x.${sql.id(column.name)}`))
  const types = sql.join([sql`id uuid`, ...own.map((column) => sql`${sql.id(column.name)} ${sql.raw(column.type)}`)])
  await sql`update ${tableOf(kind)} t set ${set} from jsonb_to_recordset(${json}::jsonb) as x(${types}) where t.id = x.id`.execute(
    ctx.db,
  )
}

async function writeExternalIds(ctx: WriteContext, all: readonly Prepared[]): Promise<void> {
  const list = (which: 'added' | 'removed') =>
    all.flatMap((each) =>
      each.externalIds[which].map(({ source, id }) => ({ source, kind: each.change.kind, id, record: each.after.id })),
    )
  const removed = list('removed')
  const added = list('added')
  if (removed.length > 0)
    await sql`delete from records."externalId" e using jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) as x(source text, kind text, id text, record uuid)
      where e.source = x.source and e.kind = x.kind and e.id = x.id and e.record = x.record`.execute(ctx.db)
  if (added.length === 0) return
  // Waits for a concurrent writer of the same identifier, then finds it taken instead of failing.
  const { rows } = await sql<{ source: string; id: string }>`
    insert into records."externalId" (source, kind, id, record)
    select source, kind, id, record from jsonb_to_recordset(${JSON.stringify(added)}::jsonb) as x(source text, kind text, id text, record uuid)
    on conflict do nothing returning source, id`.execute(ctx.db)
  if (rows.length === added.length) return
  const written = new Set(rows.map((row) => `${row.source}\u0000${row.id}`))
  throw invalid(
    'records.invalid',
    all.flatMap((each, index) =>
      each.externalIds.added
        .filter(({ source, id }) => !written.has(`${source}\u0000${id}`))
        .map(({ source, id }) => ({
          at: all.length > 1 ? `/${index}/externalIds` : '/externalIds',
          code: 'external-id.taken',
          values: { source, id },
        })),
    ),
  )
}

async function writeLinks(ctx: WriteContext, all: readonly Prepared[]): Promise<void> {
  const links = all.flatMap((each) =>
    each.links.map((link) => ({ ...link, from: each.after.id, weight: link.after?.weight ?? null })),
  )
  const gone = links.filter((link) => !link.after).map((link) => link.id)
  const kept = links
    .filter((link) => link.after)
    .map(({ id, name, from, to, weight }) => ({ id, name, from, to, weight }))
  if (gone.length > 0) await sql`delete from records.link where id = any(${gone}::uuid[])`.execute(ctx.db)
  if (kept.length > 0)
    await sql`insert into records.link (id, name, "from", "to", weight)
      select id, name, "from", "to", weight from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as x(id uuid, name text, "from" uuid, "to" uuid, weight numeric)
      on conflict (id) do update set weight = excluded.weight`.execute(ctx.db)
}
