/** What a record is connected to: links and references in both directions, by name, cut short with a count. */

import { type RawBuilder, sql } from 'kysely'
import { acceptsKind, isSingleReference } from '#kernel/fields/reference.ts'
import { notFound } from '#kernel/problem.ts'
import type { RecordKind } from '#kernel/record.ts'
import { type AppContext, type PageDefinition, page } from '#platform/page.ts'
import { isId, readable, readableRecords } from '#platform/records/index.ts'
import type { LinkedName, LinkGroup } from '#web/record-pages/linked.tsx'
import { type LinkedList, LinkedRecords } from '#web/record-pages/linked.tsx'
import { presenterOf } from '../presenter.ts'
import { type KindPages, recordAt, trailBelow } from './kind-pages.ts'

/** How many records of each relation a record's page shows. */
const shownOfEach = 8
const pageSize = 100

type Relation = {
  name: string
  outgoing: boolean
  label: string
  /** The source of the records at the other end, as `r`, and the condition that selects them. */
  from: RawBuilder<unknown>
  where: RawBuilder<unknown>
  weight: RawBuilder<unknown>
}
type Row = {
  id: string
  kind: string
  code: string
  title: Record<string, string>
  state: string
  weight: string | null
  total: string
}

/** Every relation a record of this kind can have: its links, the links to it, the references to it. */
function relationsOf(ctx: AppContext, kind: RecordKind, id: string): Relation[] {
  const { say } = presenterOf(ctx)
  const along = (name: string, near: 'from' | 'to', far: 'from' | 'to') => ({
    from: sql`records.link l join ${readableRecords(ctx)} r on r.id = l.${sql.id(far)}`,
    where: sql`l.${sql.id(near)} = ${id} and l.name = ${name}`,
    weight: sql`l.weight`,
  })
  const relations: Relation[] = Object.keys(kind.links).map((name) => ({
    name: `${kind.kind}.${name}`,
    outgoing: true,
    label: say(`${kind.kind}.link.${name}`),
    ...along(`${kind.kind}.${name}`, 'from', 'to'),
  }))
  for (const { declaration } of ctx.registry.kinds.values()) {
    for (const [name, link] of Object.entries(declaration.links)) {
      if (!link.to.includes(kind.kind)) continue
      const full = `${declaration.kind}.${name}`
      relations.push({
        name: full,
        outgoing: false,
        label: say(`${declaration.kind}.link.${name}.back`),
        ...along(full, 'to', 'from'),
      })
    }
    for (const [name, field] of Object.entries(declaration.fields)) {
      if (!acceptsKind(field, kind.kind)) continue
      const meets = isSingleReference(field)
        ? sql`r.${sql.id(name)} = ${id}`
        : sql`${id}::uuid = any(r.${sql.id(name)})`
      relations.push({
        name: `${declaration.kind}.${name}`,
        outgoing: false,
        label: say(`${declaration.kind}.field.${name}.back`),
        from: sql`${readable(ctx, declaration.kind)} r`,
        where: meets,
        weight: sql`null::numeric`,
      })
    }
  }
  return relations
}

async function rowsOf(ctx: AppContext, relation: Relation, limit: number, after?: string): Promise<Row[]> {
  const { from, where, weight } = relation
  const anyRecord = readableRecords(ctx, undefined, { retired: true })
  const { rows } = await sql<Row>`
    select * from (
      select r.id, r.kind, r.code, r.title, r.state, ${weight} as weight, count(*) over () as total
      from ${from} where ${where}) linked
    ${after ? sql`where (code, id) > (select c.code, c.id from ${anyRecord} c where c.id = ${after})` : sql``}
    order by code, id limit ${limit}`.execute(ctx.db)
  return rows
}

const shownRow = (ctx: AppContext, row: Row): LinkedName => {
  const presenter = presenterOf(ctx)
  return {
    ...presenter.named(row),
    code: row.code,
    kind: presenter.kind(row.kind),
    state: presenter.stateShown(row.kind, row.state),
    ...(row.weight === null ? {} : { weight: presenter.number(row.weight) }),
  }
}

/** What a record is connected to, grouped, as far as the reader may see; empty groups are left out. */
export async function linkGroups(
  ctx: AppContext,
  kind: RecordKind,
  record: { id: string; code: string },
  base: string,
) {
  const relations = relationsOf(ctx, kind, record.id)
  const all = await Promise.all(relations.map((relation) => rowsOf(ctx, relation, shownOfEach)))
  return relations.flatMap((relation, index): LinkGroup[] => {
    const rows = all[index]!
    if (rows.length === 0) return []
    const total = Number(rows[0]!.total)
    const question = new URLSearchParams({ relation: relation.name, ...(relation.outgoing ? {} : { back: '1' }) })
    return [
      {
        label: relation.label,
        total,
        items: rows.map((row) => shownRow(ctx, row)),
        ...(total > rows.length
          ? { more: { count: total - rows.length, href: `${base}/${record.code}/links?${question}` } }
          : {}),
      },
    ]
  })
}

/** How many records of each kind a post owns or an organisation holds, with addresses of their lists. */
export async function ownedRecordCounts(
  ctx: AppContext,
  kind: RecordKind,
  id: string,
): Promise<Array<{ text: string; href: string }>> {
  const { post, organisation } = ctx.registry.wellKnown
  const column = { [post]: 'owner', [organisation]: 'organisation' }[kind.kind]
  if (!column) return []
  const presenter = presenterOf(ctx)
  const { rows } = await sql<{ kind: string; n: string }>`
    select r.kind, count(*) as n from ${readableRecords(ctx)} r
    where r.${sql.id(column)} = ${id} group by r.kind order by r.kind`.execute(ctx.db)
  return rows.map((row) => ({
    text: presenter.say('record.list.count', { count: Number(row.n), plural: presenter.plural(row.kind) }),
    href: `${presenter.base(row.kind)}?${column}=${id}`,
  }))
}

/** All records of one relation, page by page. */
export const linkedPage = (pages: KindPages): PageDefinition =>
  page<LinkedList>({
    path: `${pages.base}/:key/links`,
    policy: 'anyone',
    ...(pages.section ? { section: pages.section } : {}),
    load: async (ctx, request) => {
      const record = await recordAt(ctx, pages, request.params.key ?? '')
      const outgoing = request.query.back === undefined
      if (request.query.relation === undefined) return { redirect: `${pages.base}/${record.code}` }
      const relation = relationsOf(ctx, pages.kind, record.id).find(
        (each) => each.name === request.query.relation && each.outgoing === outgoing,
      )
      if (record.retiredAt || !relation) throw notFound(request.query.relation)
      const after = isId(request.query.after ?? '') ? request.query.after : undefined
      const rows = await rowsOf(ctx, relation, pageSize + 1, after)
      const address = (more: Record<string, string>) =>
        `${request.path}?${new URLSearchParams({ relation: relation.name, ...(outgoing ? {} : { back: '1' }), ...more })}`
      const shown = rows.slice(0, pageSize)
      return {
        kind: pages.kind.kind,
        record: { ...presenterOf(ctx).named(record), code: record.code },
        label: relation.label,
        total: Number(rows[0]?.total ?? 0),
        items: shown.map((row) => shownRow(ctx, row)),
        ...(after ? { first: address({}) } : {}),
        ...(rows.length > pageSize ? { next: address({ after: shown.at(-1)!.id }) } : {}),
      }
    },
    title: (data) => `${data.label}: ${data.record.text}`,
    trail: (data, view) => trailBelow(pages, data.record)(view),
    view: LinkedRecords,
  })
