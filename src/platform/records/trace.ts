/**
 * The line of sight: from any record towards the vision (up) or towards the evidence (down), level by level. A trace is
 * cut at what the caller may not read, holds at most 5,000 records, and says where it was cut short.
 */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { isId } from './id.ts'

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

/** Steps that one walk takes; a graph so dense that they do not suffice is cut short. */
const stepLimit = 50_000

/** Traces from one record; depth 1–20 (default 6). `up` depths are negative in `both`, so that a page can order them. */
export async function trace(
  ctx: Context,
  start: string,
  direction: TraceDirection,
  depth = 6,
  limit = traceLimit,
): Promise<Trace> {
  const nodes = new Map<string, TraceNode>()
  const edges: TraceEdge[] = []
  if (!isId(start)) return { nodes: [], edges: [], truncated: false }
  let truncated = false
  for (const way of direction === 'both' ? (['up', 'down'] as const) : [direction]) {
    const steps = await walk(ctx, start, way, Math.min(Math.max(depth, 1), 20))
    truncated = gather(steps, way, Math.min(limit, traceLimit), nodes, edges) || truncated
  }
  return { nodes: [...nodes.values()], edges: direction === 'both' ? once(edges) : edges, truncated }
}

/** One link met on the way, from a record known at `depth` − 1, with the facts of its far end. */
type Step = Omit<TraceNode, 'id'> & {
  near: string
  far: string
  name: string
  weight: string | null
  outgoing: boolean
}

/** All steps of one walk in one statement, which goes on only from records that the caller may read. */
async function walk(ctx: Context, start: string, way: 'up' | 'down', depth: number): Promise<Step[]> {
  const { forward, backward } = ctx.house.towardsVision
  const [along, against] = way === 'up' ? [forward, backward] : [backward, forward]
  // The name as an expression keeps to one search of the index for each record: as a column it would be searched once for
  // each pair of record and name.
  const side = (names: readonly string[], near: 'from' | 'to', far: 'from' | 'to') => sql`
    select l.${sql.id(near)} as near, l.${sql.id(far)} as far, l.name, l.weight, ${near === 'from'}::boolean as outgoing
    from records.link l where w.kind = any(${kindsAt(ctx, names, near)}::text[])
      and l.${sql.id(near)} = w.far and (l.name || '') = any(${[...names]}::text[])`
  const sides = [
    ...(along.length > 0 ? [side(along, 'from', 'to')] : []),
    ...(against.length > 0 ? [side(against, 'to', 'from')] : []),
  ]
  const visible = ctx.policies.visible(ctx.caller)
  const { rows } = await sql<Record<keyof typeof stepColumns, string | null>>`
    with recursive walked(depth, near, far, name, weight, outgoing, kind, code, title, state, organisation) as (
      select 0, null::uuid, r.id, null::text, null::numeric, null::boolean, r.kind, r.code, r.title, r.state, r.organisation
      from records.record r where r.id = ${start} and r."retiredAt" is null and ${visible}
      union
      select w.depth + 1, l.near, l.far, l.name, l.weight, l.outgoing, r.kind, r.code, r.title, r.state, r.organisation
      from walked w cross join lateral (${sides.length > 0 ? sql.join(sides, sql` union all `) : nothing}) l join records.record r on r.id = l.far
      where w.depth < ${depth}::integer and r."retiredAt" is null and ${visible})
    select ${sql.join(Object.entries(stepColumns).map(([name, text]) => sql`string_agg(${text}, ',') as ${sql.id(name)}`))}
    from (select * from walked limit ${stepLimit + 1}) steps`.execute(ctx.db)
  // They come level by level as it is; nothing promises it.
  return stepsOf(rows[0]!).sort((left, right) => left.depth - right.depth)
}

/** Kinds that such links can be at: links are looked for at these only. */
const kindsAt = (ctx: Context, names: readonly string[], near: 'from' | 'to'): string[] => [
  ...new Set(
    names.flatMap((name) => {
      const cut = name.lastIndexOf('.')
      const kind = name.slice(0, cut)
      return near === 'from' ? [kind] : (ctx.house.kinds.get(kind)?.declaration.links[name.slice(cut + 1)]?.to ?? [])
    }),
  ),
]

/**
 * Each column of all steps as one text, joined by commas: reading thousands of rows one by one costs the program more than
 * walking them costs the database. No name, code or state has a comma; titles are JSON.
 */
const stepColumns = {
  depth: sql`depth::text`,
  near: sql`coalesce(near::text, '')`,
  far: sql`far::text`,
  name: sql`coalesce(name, '')`,
  weight: sql`coalesce(weight::text, '')`,
  outgoing: sql`case when outgoing then '1' else '0' end`,
  kind: sql`kind`,
  code: sql`code`,
  title: sql`title::text`,
  state: sql`state`,
  organisation: sql`coalesce(organisation::text, '')`,
}

function stepsOf(columns: Record<keyof typeof stepColumns, string | null>): Step[] {
  if (columns.far === null) return []
  const all = (name: keyof typeof stepColumns) => columns[name]!.split(',')
  const titles = JSON.parse(`[${columns.title}]`) as Array<TraceNode['title']>
  const [depths, nears, names, weights, sides] = [
    all('depth'),
    all('near'),
    all('name'),
    all('weight'),
    all('outgoing'),
  ]
  const [kinds, codes, states, organisations] = [all('kind'), all('code'), all('state'), all('organisation')]
  return all('far').map((far, at) => ({
    far,
    depth: Number(depths[at]),
    near: nears[at]!,
    name: names[at]!,
    weight: weights[at] || null,
    outgoing: sides[at] === '1',
    kind: kinds[at]!,
    code: codes[at]!,
    title: titles[at]!,
    state: states[at]!,
    organisation: organisations[at] || null,
  }))
}

const nothing = sql`select null::uuid as near, null::uuid as far, null::text as name, null::numeric as weight, true as outgoing where false`

/** Joins the steps to what is known, nearest first; answers whether something had to be left out. */
function gather(
  steps: readonly Step[],
  way: 'up' | 'down',
  limit: number,
  nodes: Map<string, TraceNode>,
  edges: TraceEdge[],
): boolean {
  const reached = new Map<string, number>()
  let cut = steps.length > stepLimit
  for (const step of steps) {
    const { depth, near, far, name, weight, outgoing } = step
    // A record met again further away was gone on from before.
    if (depth > 0 && reached.get(near) !== depth - 1) continue
    if (!nodes.has(far)) {
      if (nodes.size >= limit) cut = true
      else {
        const { kind, code, title, state, organisation } = step
        nodes.set(far, { id: far, kind, code, title, state, organisation, depth: way === 'up' ? 0 - depth : depth })
      }
    }
    if (!nodes.has(far)) continue
    if (!reached.has(far)) reached.set(far, depth)
    if (depth === 0) continue
    // A record is gone on from once, so a walk meets each of its links once.
    edges.push(outgoing ? { name, from: near, to: far, weight } : { name, from: far, to: near, weight })
  }
  return cut
}

/** Each link once: a circle may be met on the way up and on the way down. */
const once = (edges: readonly TraceEdge[]): TraceEdge[] => [
  ...new Map(edges.map((edge) => [`${edge.name} ${edge.from} ${edge.to}`, edge])).values(),
]

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
    select l.${sql.id(near)} as near, l.name as link, l.weight, ${near === 'from'}::boolean as outgoing, r.id, r.kind, r.code, r.title, r.state
    from records.link l join records.record r on r.id = l.${sql.id(far)}
    where l.${sql.id(near)} = any(${[...ids]}::uuid[]) and r."retiredAt" is null and ${visible}`
  const { rows } = await sql<LinkedRecord & { near: string }>`
    select * from (${side('from', 'to')} union all ${side('to', 'from')}) linked order by link, code, id limit ${limit}`.execute(
    ctx.db,
  )
  for (const { near, ...row } of rows) found.set(near, [...(found.get(near) ?? []), row])
  return found
}
