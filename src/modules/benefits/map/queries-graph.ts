/**
 * The benefits map as a plain graph: what enables, changes, benefits and goals there are, and the links between them.
 */

import { sql } from 'kysely'
import type { NetworkPart } from '#analysis/network.ts'
import type { Registry } from '#kernel/registry.ts'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import { readableRecords } from '#platform/records/index.ts'
export type GraphNode = {
  readonly id: string
  readonly kind: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly owner: string | null
  readonly organisation: string | null
  readonly part: NetworkPart
}
export type GraphLink = { readonly from: string; readonly to: string; readonly percent: number | null }
export type Graph = { readonly nodes: readonly GraphNode[]; readonly links: readonly GraphLink[] }

/**
 * Names of the links that make a record an enabler: every link called `enables` that ends at a change or benefit
 * (decision 20).
 */
function enablingLinks(registry: Registry): string[] {
  return [...registry.kinds.values()].flatMap(({ declaration }) => {
    const link = declaration.links.enables
    const ends = link?.to.some((to) => to === 'benefits.change' || to === 'benefits.benefit')
    return ends ? [`${declaration.kind}.enables`] : []
  })
}

const ownKinds = ['benefits.benefit', 'benefits.change', 'benefits.enabler']
const ownLinks = ['benefits.change.produces', 'benefits.benefit.contributesTo']

/**
 * Everything on the map that the caller may read, or some nodes with what they rest on and what they lead to next. Dropped records are not on it; enablers of other rooms appear if they
 * are linked, goals if a benefit contributes to them. At most 20,000 nodes.
 */
export async function benefitsGraph(ctx: Context, only?: readonly string[]): Promise<Graph> {
  const names = [...enablingLinks(ctx.registry), ...ownLinks]
  const kinds = [...new Set(names.map((name) => name.slice(0, name.lastIndexOf('.'))))]
  const below = only
    ? sql`with recursive below(id) as (select unnest(${[...only]}::uuid[])
        union select l."from" from below b join records.link l on l."to" = b.id and l.name = any(${names}::text[]))`
    : sql``
  const near = only ? sql`and (l."to" in (select id from below) or l."from" = any(${[...only]}::uuid[]))` : sql``
  const own = only ? sql`where own.id = any(${[...only]}::uuid[])` : sql``
  // Through the records that can have them: a city has far more links with other names.
  const { rows: found } = await sql<{ from: string; to: string; weight: string | null }>`${below}
    select l."from", l."to", l.weight from ${readableRecords(ctx, kinds)} f join records.link l on l."from" = f.id
    where (l.name || '') = any(${names}::text[]) ${near} order by l.id`.execute(ctx.db)
  const ends = [...new Set(found.flatMap(({ from, to }) => [from, to]))]
  const { rows } = await sql<Omit<GraphNode, 'part'>>`
    select r.id, r.kind, r.code, r.title, r.state, r.owner, r.organisation
    from (select own.id from ${readableRecords(ctx, ownKinds)} own ${own} union select unnest(${ends}::uuid[])) shown
      join ${readableRecords(ctx)} r on r.id = shown.id
    where r.state <> 'dropped' order by r.kind, r.code limit 20000`.execute(ctx.db)
  const nodes = rows.map((row): GraphNode => ({ ...row, part: partOf(row.kind) }))
  const known = new Set(nodes.map((node) => node.id))
  return {
    nodes,
    links: found
      .filter(({ from, to }) => known.has(from) && known.has(to))
      .map(({ from, to, weight }) => ({ from, to, percent: weight === null ? null : Number(weight) })),
  }
}

const partOf = (kind: string): NetworkPart =>
  kind === 'benefits.benefit'
    ? 'benefit'
    : kind === 'benefits.change'
      ? 'change'
      : kind.startsWith('strategy.')
        ? 'outcome'
        : 'enabler'
