/** What a change points to must exist, be of the right kind, be readable by the caller, and not close a loop. */
import { sql } from 'kysely'
import { acceptsKind, isSingleReference, targetKinds } from '#kernel/fields/reference.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { WellKnownKinds } from '#kernel/registry.ts'
import type { WriteContext } from '../context.ts'
import type { Prepared } from './change.ts'
import { read } from './read.ts'
import { tableOf } from './table.ts'

type Target = { prepared: Prepared; at: string; id: string; kinds: readonly string[] | 'any' }

export async function checkReferences(ctx: WriteContext, all: readonly Prepared[]): Promise<void> {
  const targets = all.flatMap((each) => targetsOf(ctx.registry.wellKnown, each))
  if (targets.length > 0) {
    const ids = [...new Set(targets.map((target) => target.id))]
    const found = new Map<string, { kind: string; live: boolean }>()
    for (const { after, change } of all) found.set(after.id, { kind: change.kind, live: after.retiredAt === null })
    const ask = ids.filter((id) => !found.has(id))
    if (ask.length > 0) {
      const rows = await read(ctx).retired().in({ id: ask }).pick('id', 'kind', 'retiredAt').rows()
      for (const { id, kind, retiredAt } of rows) found.set(id, { kind, live: retiredAt === null })
    }
    for (const target of targets) {
      const { kind, live } = found.get(target.id) ?? {}
      // Undo restores what was, even if the other end has been retired since.
      if (!kind || !(live || target.prepared.change.action === 'undo'))
        target.prepared.problems.push({ at: target.at, code: 'reference.unknown', values: { id: target.id } })
      else if (target.kinds !== 'any' && !target.kinds.includes(kind))
        target.prepared.problems.push({ at: target.at, code: 'reference.wrong-kind', values: { kind } })
    }
  }
  await checkLoops(ctx, all)
  await checkExternalIds(ctx, all)
}

function targetsOf(wellKnown: WellKnownKinds, prepared: Prepared): Target[] {
  const { declaration } = prepared.known
  const targets: Target[] = []
  const changed = new Set(prepared.changed)
  if (changed.has('organisation') && prepared.after.organisation)
    targets.push({ prepared, at: '/organisation', id: prepared.after.organisation, kinds: [wellKnown.organisation] })
  if (changed.has('owner') && prepared.after.owner)
    targets.push({ prepared, at: '/owner', id: prepared.after.owner, kinds: [wellKnown.post] })
  for (const [name, field] of Object.entries(declaration.fields)) {
    if (!changed.has(name)) continue
    for (const id of fieldType(field.type).references?.(prepared.after[name]) ?? [])
      targets.push({ prepared, at: `/${name}`, id, kinds: targetKinds(field) })
  }
  for (const link of prepared.links) {
    const short = link.name.slice(declaration.kind.length + 1)
    if (link.after) targets.push({ prepared, at: `/links/${short}`, id: link.to, kinds: declaration.links[short]!.to })
  }
  for (const [name, rows] of Object.entries(prepared.rows)) {
    for (const [field, declared] of Object.entries(declaration.rows[name]!.fields)) {
      const { references } = fieldType(declared.type)
      if (!references) continue
      for (const row of rows)
        for (const id of references(row.after?.[field]))
          targets.push({ prepared, at: `/rows/${name}/${row.place}/${field}`, id, kinds: targetKinds(declared) })
    }
  }
  return targets
}

/** A record may not stand above itself: neither by a reference to its own kind, nor along links of one name. */
async function checkLoops(ctx: WriteContext, all: readonly Prepared[]): Promise<void> {
  const own = all.flatMap((prepared) =>
    Object.entries(prepared.known.declaration.fields)
      .filter(
        ([name, field]) =>
          isSingleReference(field) &&
          acceptsKind(field, prepared.change.kind) &&
          prepared.changed.includes(name) &&
          prepared.after[name],
      )
      .map(([name]) => ({
        prepared,
        name,
        at: `/${name}`,
        from: prepared.after.id,
        to: prepared.after[name] as string,
        link: false,
      })),
  )
  const linked = all.flatMap((prepared) =>
    prepared.links
      .filter(
        (link) =>
          link.after &&
          prepared.known.declaration.links[link.name.slice(prepared.change.kind.length + 1)]?.to.includes(
            prepared.change.kind,
          ),
      )
      .map((link) => ({
        prepared,
        name: link.name,
        at: `/links/${link.name.slice(prepared.change.kind.length + 1)}`,
        from: prepared.after.id,
        to: link.to,
        link: true,
      })),
  )
  const edges = [...own, ...linked]
  for (const [, group] of Map.groupBy(edges, (edge) => `${edge.prepared.change.kind} ${edge.name}`)) {
    const planned = new Map<string, string[]>()
    for (const edge of group) planned.set(edge.from, [...(planned.get(edge.from) ?? []), edge.to])
    const stored = await lockedAbove(ctx, group[0]!, [...new Set(group.map((edge) => edge.to))])
    const given = givenUp(all, group[0]!)
    for (const edge of group)
      if (reaches(edge.to, edge.from, planned, stored, given))
        edge.prepared.problems.push({ at: edge.at, code: 'reference.loop' })
  }
}

/** Stored edges that this batch removes, so that reversing a chain in one go is not a loop. */
function givenUp(
  all: readonly Prepared[],
  edge: { name: string; link: boolean },
): (from: string, to: string) => boolean {
  const gone = new Set<string>()
  for (const { after, changed, before, links } of all) {
    if (!edge.link && changed.includes(edge.name) && before?.[edge.name]) gone.add(`${after.id} ${before[edge.name]}`)
    if (!edge.link) continue
    for (const link of links) if (link.name === edge.name && !link.after) gone.add(`${after.id} ${link.to}`)
  }
  return (from, to) => gone.has(`${from} ${to}`)
}

/**
 * The ancestors, locked against other writers: two transactions that each close one half of a loop wait for each other,
 * the database ends one of them (40P01), and its second try finds the loop. Read again until nothing new appears.
 */
async function lockedAbove(ctx: WriteContext, edge: Edge, start: string[]): Promise<Map<string, string[]>> {
  const held = new Set<string>()
  for (;;) {
    const stored = await above(ctx, edge, start)
    const fresh = [...new Set([...start, ...[...stored].flatMap(([from, to]) => [from, ...to])])].filter(
      (id) => !held.has(id),
    )
    if (fresh.length === 0) return stored
    await sql`select from records.record where id = any(${fresh}::uuid[]) order by id for share`.execute(ctx.db)
    for (const id of fresh) held.add(id)
  }
}

type Edge = { prepared: Prepared; name: string; link: boolean }

async function above(ctx: WriteContext, edge: Edge, start: string[]): Promise<Map<string, string[]>> {
  const step = edge.link
    ? sql`select l."from", l."to" from records.link l where l.name = ${edge.name}`
    : sql`select t.id as "from", t.${sql.id(edge.name)} as "to" from ${tableOf(edge.prepared.change.kind)} t where t.${sql.id(edge.name)} is not null`
  const { rows } = await sql<{ from: string; to: string }>`
    with recursive step as not materialized (${step}), up("from", "to") as (
      select s."from", s."to" from step s where s."from" = any(${start}::uuid[])
      union select s."from", s."to" from up join step s on s."from" = up."to")
    select "from", "to" from up limit 100000`.execute(ctx.db)
  const found = new Map<string, string[]>()
  for (const row of rows) found.set(row.from, [...(found.get(row.from) ?? []), row.to])
  return found
}

function reaches(
  from: string,
  goal: string,
  planned: Map<string, string[]>,
  stored: Map<string, string[]>,
  given: (from: string, to: string) => boolean,
): boolean {
  const seen = new Set<string>()
  const open = [from]
  while (open.length > 0) {
    const next = open.pop()!
    if (next === goal) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(planned.get(next) ?? []), ...(stored.get(next) ?? []).filter((to) => !given(next, to)))
  }
  return false
}

async function checkExternalIds(ctx: WriteContext, all: readonly Prepared[]): Promise<void> {
  const wanted = all.flatMap((prepared) =>
    prepared.externalIds.added.map((each) => ({ prepared, ...each, kind: prepared.change.kind })),
  )
  if (wanted.length === 0) return
  const slot = (each: { source: string; kind: string; id: string }) =>
    `${each.source}\u0000${each.kind}\u0000${each.id}`
  const { rows } = await sql<{ source: string; kind: string; id: string; record: string }>`
    select e.* from records."externalId" e
    join jsonb_to_recordset(${JSON.stringify(wanted.map(({ source, kind, id }) => ({ source, kind, id })))}::jsonb) as x(source text, kind text, id text)
      using (source, kind, id)`.execute(ctx.db)
  const taken = new Map<string, string>(rows.map((row) => [slot(row), row.record]))
  for (const each of wanted) {
    const holder = taken.get(slot(each))
    if (holder && holder !== each.prepared.after.id)
      each.prepared.problems.push({
        at: '/externalIds',
        code: 'external-id.taken',
        values: { source: each.source, id: each.id },
      })
    else taken.set(slot(each), each.prepared.after.id)
  }
}
