/** What a change points to must exist, be of the right kind, be readable by the caller, and not close a loop. */
import { sql } from 'kysely'
import { fieldType } from '#kernel/fields/types.ts'
import type { WriteContext } from '../context.ts'
import type { Prepared } from './change.ts'

type Target = { prepared: Prepared; at: string; id: string; kinds: readonly string[] }

export async function checkReferences(ctx: WriteContext, all: readonly Prepared[]): Promise<void> {
  const targets = all.flatMap(targetsOf)
  if (targets.length > 0) {
    const ids = [...new Set(targets.map((target) => target.id))]
    const made = new Map(all.filter((each) => !each.before).map((each) => [each.after.id, each.change.kind]))
    const ask = ids.filter((id) => !made.has(id))
    const found = new Map(made)
    if (ask.length > 0) {
      const { rows } = await sql<{ id: string; kind: string }>`
        select r.id, r.kind from records.record r
        where r.id = any(${ask}::uuid[]) and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}`.execute(
        ctx.db,
      )
      for (const row of rows) found.set(row.id, row.kind)
    }
    for (const target of targets) {
      const kind = found.get(target.id)
      if (!kind) target.prepared.problems.push({ at: target.at, code: 'reference.unknown', values: { id: target.id } })
      else if (!target.kinds.includes(kind))
        target.prepared.problems.push({ at: target.at, code: 'reference.wrong-kind', values: { kind } })
    }
  }
  await checkLoops(ctx, all)
  await checkExternalIds(ctx, all)
}

function targetsOf(prepared: Prepared): Target[] {
  const { declaration } = prepared.known
  const targets: Target[] = []
  const changed = new Set(prepared.changed)
  if (changed.has('organisation') && prepared.after.organisation)
    targets.push({ prepared, at: '/organisation', id: prepared.after.organisation, kinds: ['directory.organisation'] })
  if (changed.has('owner') && prepared.after.owner)
    targets.push({ prepared, at: '/owner', id: prepared.after.owner, kinds: ['directory.post'] })
  for (const [name, field] of Object.entries(declaration.fields)) {
    if (!field.to || !changed.has(name)) continue
    for (const id of fieldType(field.type).references?.(prepared.after[name]) ?? [])
      targets.push({ prepared, at: `/${name}`, id, kinds: [field.to] })
  }
  for (const link of prepared.links) {
    const short = link.name.slice(declaration.kind.length + 1)
    if (link.after) targets.push({ prepared, at: `/links/${short}`, id: link.to, kinds: declaration.links[short]!.to })
  }
  for (const [name, rows] of Object.entries(prepared.rows)) {
    for (const [field, { to }] of Object.entries(declaration.rows[name]!.fields)) {
      if (!to) continue
      for (const row of rows)
        if (row.after?.[field])
          targets.push({ prepared, at: `/rows/${name}`, id: row.after[field] as string, kinds: [to] })
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
          field.type === 'ref' &&
          field.to === prepared.change.kind &&
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
    const stored = await above(ctx, group[0]!, [...new Set(group.map((edge) => edge.to))])
    for (const edge of group)
      if (reaches(edge.to, edge.from, planned, stored))
        edge.prepared.problems.push({ at: edge.at, code: 'reference.loop' })
  }
}

async function above(
  ctx: WriteContext,
  edge: { prepared: Prepared; name: string; link: boolean },
  start: string[],
): Promise<Map<string, string[]>> {
  const { schema, table } = {
    schema: edge.prepared.change.kind.split('.')[0]!.replaceAll('-', ''),
    table: edge.prepared.change.kind.split('.')[1]!,
  }
  const step = edge.link
    ? sql`select l."from", l."to" from records.link l where l.name = ${edge.name}`
    : sql`select t.id as "from", t.${sql.id(edge.name)} as "to" from ${sql.id(schema, table)} t where t.${sql.id(edge.name)} is not null`
  const { rows } = await sql<{ from: string; to: string }>`
    with recursive step as not materialized (${step}), up("from", "to") as (
      select s."from", s."to" from step s where s."from" = any(${start}::uuid[])
      union select s."from", s."to" from up join step s on s."from" = up."to")
    select "from", "to" from up limit 100000`.execute(ctx.db)
  const found = new Map<string, string[]>()
  for (const row of rows) found.set(row.from, [...(found.get(row.from) ?? []), row.to])
  return found
}

function reaches(from: string, goal: string, planned: Map<string, string[]>, stored: Map<string, string[]>): boolean {
  const seen = new Set<string>()
  const open = [from]
  while (open.length > 0) {
    const next = open.pop()!
    if (next === goal) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(planned.get(next) ?? []), ...(stored.get(next) ?? []))
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
