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

type Step = TraceNode & { name: string; from: string; to: string; weight: string | null }

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

async function walk(
  ctx: Context,
  start: string,
  way: 'up' | 'down',
  depth: number,
  limit: number,
  nodes: Map<string, TraceNode>,
  edges: Map<string, TraceEdge>,
) {
  const { forward, backward } = ctx.house.towardsVision
  const [along, against] = way === 'up' ? [forward, backward] : [backward, forward]
  const seen = new Set([start])
  let level = [start]
  for (let step = 1; step <= depth && level.length > 0; step++) {
    const room = limit - nodes.size
    if (room <= 0) return true
    const found = await neighbours(ctx, level, along, against, room * 8 + 100)
    const next: string[] = []
    let cut = found.length >= room * 8 + 100
    for (const row of found) {
      const known = nodes.has(row.id)
      if (!known && nodes.size >= limit) {
        cut = true
        continue
      }
      edges.set(`${row.name} ${row.from} ${row.to}`, { name: row.name, from: row.from, to: row.to, weight: row.weight })
      if (!known) {
        const { id, kind, code, title, state, organisation } = row
        nodes.set(id, { id, kind, code, title, state, organisation, depth: way === 'up' ? -step : step })
      }
      if (!seen.has(row.id)) {
        seen.add(row.id)
        next.push(row.id)
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
  const visible = ctx.policies.visible(ctx.caller)
  const side = (names: readonly string[], near: 'from' | 'to', far: 'from' | 'to') => sql`
    select l.name, l."from", l."to", l.weight, r.id, r.kind, r.code, r.title, r.state, r.organisation, 0 as depth
    from records.link l join records.record r on r.id = l.${sql.id(far)}
    where l.${sql.id(near)} = any(${level}::uuid[]) and l.name = any(${[...names]}::text[]) and r."retiredAt" is null and ${visible}`
  const parts = [
    ...(along.length > 0 ? [side(along, 'from', 'to')] : []),
    ...(against.length > 0 ? [side(against, 'to', 'from')] : []),
  ]
  if (parts.length === 0) return []
  const { rows } = await sql<Step>`${sql.join(parts, sql` union all `)} limit ${limit}`.execute(ctx.db)
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
