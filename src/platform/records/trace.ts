/**
 * The line of sight: from any record towards the vision (up) or towards the evidence (down), level by level. A trace is
 * cut at what the caller may not read, holds at most 5,000 records, and says where it was cut short.
 */
import { sql } from 'kysely'
import type { Context } from '../context.ts'

export type TraceDirection = 'up' | 'down' | 'both'
export type TraceNode = {
  id: string
  kind: string
  code: string
  title: Record<string, string>
  state: string
  organisation: string | null
  depth: number
}
export type TraceEdge = { name: string; from: string; to: string; weight: string | null }
export type Trace = { readonly nodes: TraceNode[]; readonly edges: TraceEdge[]; readonly truncated: boolean }

export const traceLimit = 5000

/** Links looked at in one step; a record with more neighbours than that is cut short. */
const linkLimit = 50_000

/** A neighbour with the links that lead to it: near end, name, weight, and whether the near end is its `from`. */
type Step = Omit<TraceNode, 'depth'> & {
  edges: Array<[near: string, name: string, weight: string | null, outgoing: boolean]>
  links: string
}

/** Traces from one record; depth 1–20 (default 6). `up` depths are negative in `both`, so that a page can order them. */
export async function trace(
  ctx: Context,
  start: string,
  direction: TraceDirection,
  depth = 6,
  limit = traceLimit,
): Promise<Trace> {
  const nodes = new Map<string, TraceNode>()
  const edges = new Map<string, TraceEdge>()
  const { rows } = await sql<TraceNode>`
    select r.id, r.kind, r.code, r.title, r.state, r.organisation, 0 as depth from records.record r
    where r.id = ${start} and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}`.execute(ctx.db)
  if (!rows[0]) return { nodes: [], edges: [], truncated: false }
  nodes.set(start, rows[0])
  let truncated = false
  for (const way of direction === 'both' ? (['up', 'down'] as const) : [direction]) {
    truncated =
      (await walk(ctx, start, way, Math.min(Math.max(depth, 1), 20), Math.min(limit, traceLimit), nodes, edges)) ||
      truncated
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], truncated }
}

/** Walks one way, level by level; answers whether something was left out. */
async function walk(
  ctx: Context,
  start: string,
  way: 'up' | 'down',
  depth: number,
  limit: number,
  nodes: Map<string, TraceNode>,
  edges: Map<string, TraceEdge>,
): Promise<boolean> {
  const { forward, backward } = ctx.house.towardsVision
  const [along, against] = way === 'up' ? [forward, backward] : [backward, forward]
  const seen = new Set([start])
  let level = [start]
  for (let step = 1; step <= depth && level.length > 0; step++) {
    // Room for every record known already, and one more that tells that there are too many.
    const found = await neighbours(ctx, level, along, against, limit + 1)
    const next: string[] = []
    let cut = Number(found[0]?.links ?? 0) >= linkLimit
    for (const { edges: leading, links: _, ...node } of found) {
      if (!nodes.has(node.id)) {
        if (nodes.size >= limit) {
          cut = true
          continue
        }
        nodes.set(node.id, { ...node, depth: way === 'up' ? -step : step })
      }
      for (const [near, name, weight, outgoing] of leading) {
        const [from, to] = outgoing ? [near, node.id] : [node.id, near]
        edges.set(`${name} ${from} ${to}`, { name, from, to, weight })
      }
      if (!seen.has(node.id)) {
        seen.add(node.id)
        next.push(node.id)
      }
    }
    if (cut) return true
    level = next
  }
  return false
}

async function neighbours(
  ctx: Context,
  level: string[],
  along: readonly string[],
  against: readonly string[],
  limit: number,
): Promise<Step[]> {
  // The name is compared as an expression: as a column it would join the index search, once for each name and record.
  const side = (names: readonly string[], near: 'from' | 'to', far: 'from' | 'to') => sql`
    select l.${sql.id(far)} as id, json_build_array(l.${sql.id(near)}, l.name, l.weight::text, ${near === 'from'}::boolean) as edge
    from unnest(${level}::uuid[]) u(id) join records.link l on l.${sql.id(near)} = u.id
    where (l.name || '') = any(${[...names]}::text[])`
  const parts = [
    ...(along.length > 0 ? [side(along, 'from', 'to')] : []),
    ...(against.length > 0 ? [side(against, 'to', 'from')] : []),
  ]
  if (parts.length === 0) return []
  const { rows } = await sql<Step>`
    with found as materialized (${sql.join(parts, sql` union all `)} limit ${linkLimit}),
      far as (select id, json_agg(edge) as edges from found group by id)
    select r.id, r.kind, r.code, r.title, r.state, r.organisation, far.edges, (select count(*) from found) as links
    from far join records.record r on r.id = far.id
    where r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)} limit ${limit}`.execute(ctx.db)
  return rows
}

export type LinkedRecord = {
  id: string
  kind: string
  code: string
  title: Record<string, string>
  state: string
  link: string
  outgoing: boolean
  weight: string | null
}

/** Direct links of some records in both directions, both ends readable; at most `limit` (500) in all. */
export async function linksOf(ctx: Context, ids: readonly string[], limit = 500): Promise<Map<string, LinkedRecord[]>> {
  const found = new Map<string, LinkedRecord[]>()
  if (ids.length === 0) return found
  const visible = ctx.policies.visible(ctx.caller)
  const side = (near: 'from' | 'to', far: 'from' | 'to') => sql`
    select l.${sql.id(near)} as near, l.name as link, l.weight, ${near === 'from'} as outgoing, r.id, r.kind, r.code, r.title, r.state
    from records.link l join records.record r on r.id = l.${sql.id(far)}
    where l.${sql.id(near)} = any(${[...ids]}::uuid[]) and r."retiredAt" is null and ${visible}`
  const { rows } = await sql<LinkedRecord & { near: string }>`
    select * from (${side('from', 'to')} union all ${side('to', 'from')}) linked order by link, code, id limit ${limit}`.execute(
    ctx.db,
  )
  for (const { near, ...row } of rows) found.set(near, [...(found.get(near) ?? []), row])
  return found
}
