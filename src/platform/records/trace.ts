/**
 * The line of sight: from any record towards the vision (up) or towards the evidence (down), level by level. A trace
 * stops at what the caller may not read, holds at most 5,000 records, and says whether it was cut short.
 */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { isId } from '../id.ts'
import { readableRecords } from './readable.ts'

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

/** How many links one walk follows; a graph dense enough to need more is cut short. */
const stepLimit = 50_000

/** Traces from one record; depth 1–20 (default 6). `up` depths are negative in `both`, so that a page can sort them. */
export async function trace(
  ctx: Context,
  start: string,
  direction: TraceDirection,
  depth = 6,
  limit = traceLimit,
): Promise<Trace> {
  const found: Found = { nodes: new Map(), edges: [], limit: Math.min(limit, traceLimit) }
  const first = isId(start) ? await readStart(ctx, start) : undefined
  if (!first) return { nodes: [], edges: [], truncated: false }
  found.nodes.set(start, first)
  let truncated = false
  for (const way of direction === 'both' ? (['up', 'down'] as const) : [direction])
    truncated = (await walk(ctx, first, way, Math.min(Math.max(depth, 1), 20), found)) || truncated
  const edges = direction === 'both' ? once(found.edges) : found.edges
  return { nodes: [...found.nodes.values()], edges, truncated }
}

type Found = { readonly nodes: Map<string, TraceNode>; readonly edges: TraceEdge[]; readonly limit: number }

async function readStart(ctx: Context, id: string): Promise<TraceNode | undefined> {
  const { rows } = await sql<TraceNode>`
    select r.id, r.kind, r.code, r.title, r.state, r.organisation, 0 as depth
    from ${readableRecords(ctx)} r where r.id = ${id}`.execute(ctx.db)
  return rows[0]
}

/**
 * Walks level by level, only through records that the caller may read and this walk has not visited: a record reached
 * by many paths is expanded once. Returns whether anything was left out.
 */
async function walk(ctx: Context, start: TraceNode, way: 'up' | 'down', depth: number, found: Found): Promise<boolean> {
  const reached = new Set([start.id])
  let level: Place[] = [start]
  let steps = 0
  for (let away = 1; away <= depth && level.length > 0; away++) {
    const next: Place[] = []
    for await (const met of readLevel(ctx, level, way)) {
      steps += met.columns.far.length
      const full = gather(met, way === 'up' ? -away : away, found, reached, next)
      if (full || steps > stepLimit) return true
    }
    level = next
  }
  return false
}

/** Adds what was found to what is known, and records new to this walk to the `next` level; true if some did not fit. */
function gather(met: Met, depth: number, { nodes, edges, limit }: Found, reached: Set<string>, next: Place[]): boolean {
  const { near, far, link, kind, code, state } = met.columns
  let full = false
  for (let at = 0; at < far.length; at++) {
    const id = far[at]!
    if (!nodes.has(id)) {
      if (nodes.size >= limit) {
        full = true
        continue
      }
      const [own, organisation = null] = parts(state[at]!, '@')
      nodes.set(id, { id, kind: kind[at]!, code: code[at]!, title: met.titles[at]!, state: own, organisation, depth })
    }
    if (!reached.has(id)) {
      reached.add(id)
      next.push({ id, kind: kind[at]! })
    }
    const place = Number(near[at])
    const here = met.places[Math.abs(place) - 1]!.id
    const [name, weight = null] = parts(link[at]!, '=')
    edges.push(place > 0 ? { name, from: here, to: id, weight } : { name, from: id, to: here, weight })
  }
  return full
}

/** What comes before and after a separator, if there is one. */
function parts(text: string, sign: string): [string, string?] {
  const cut = text.indexOf(sign)
  return cut < 0 ? [text] : [text.slice(0, cut), text.slice(cut + 1)]
}

type Place = Pick<TraceNode, 'id' | 'kind'>

/**
 * Each column of a level as one comma-separated text: reading thousands of rows one by one costs the program more than
 * finding them costs the database. No name, code or state has a comma, '=' or '@'; titles are JSON.
 */
const columns = {
  near: sql`near::text`,
  far: sql`id::text`,
  link: sql`case when weight is null then name else name || '=' || weight end`,
  kind: sql`kind`,
  code: sql`code`,
  state: sql`case when organisation is null then state else state || '@' || organisation end`,
}
type Column = keyof typeof columns
const texts = sql.join(Object.entries(columns).map(([name, text]) => sql`string_agg(${text}, ',') as ${sql.id(name)}`))

type Met = { places: readonly Place[]; columns: Record<Column, string[]>; titles: Array<TraceNode['title']> }

/**
 * Records whose links one statement finds, and how many statements run concurrently while earlier results are
 * collected.
 */
const [pieceSize, piecesAtOnce] = [160, 2]

/** All links that lead on from one level, a slice of the level at a time. */
async function* readLevel(ctx: Context, level: readonly Place[], way: 'up' | 'down'): AsyncGenerator<Met> {
  const underWay: Array<Promise<Met | undefined>> = []
  try {
    for (let from = 0; from < level.length || underWay.length > 0; ) {
      for (; from < level.length && underWay.length < piecesAtOnce; from += pieceSize)
        underWay.push(readPiece(ctx, level.slice(from, from + pieceSize), way))
      const met = await underWay.shift()
      if (met) yield met
    }
  } finally {
    await Promise.allSettled(underWay)
  }
}

/**
 * The links that lead from some places to records that the caller may read, with their details; `near` is the place,
 * counted from 1, and negative if the link comes from the far end.
 */
async function readPiece(ctx: Context, places: readonly Place[], way: 'up' | 'down'): Promise<Met | undefined> {
  const { forward, backward } = ctx.registry.towardsVision
  const [along, against] = way === 'up' ? [forward, backward] : [backward, forward]
  const sides = [...sideOf(ctx, places, along, 'from', 'to'), ...sideOf(ctx, places, against, 'to', 'from')]
  if (sides.length === 0) return undefined
  const { rows } = await sql<Record<Column, string> & { titles: string | null }>`
    select ${texts}, string_agg(title::text, ',') as titles from (
      select l.near, l.name, l.weight, r.id, r.kind, r.code, r.title, r.state, r.organisation
      from (${sql.join(sides, sql` union all `)}) l join ${readableRecords(ctx)} r on r.id = l.far
      limit ${stepLimit + 1}) step`.execute(ctx.db)
  const { titles, ...joined } = rows[0]!
  if (titles === null) return undefined
  const split = Object.entries(joined).map(([name, text]) => [name, text.split(',')])
  return {
    places,
    columns: Object.fromEntries(split) as Record<Column, string[]>,
    titles: JSON.parse(`[${titles}]`) as Array<TraceNode['title']>,
  }
}

/** Links of some names at some places, looked for only at the kinds that can have them. */
function sideOf(
  ctx: Context,
  places: readonly Place[],
  names: readonly string[],
  near: 'from' | 'to',
  far: 'from' | 'to',
) {
  const kinds = kindsAt(ctx, names, near)
  const ids = places.map(({ id, kind }) => (kinds.has(kind) ? id : 'null'))
  if (ids.every((id) => id === 'null')) return []
  // The name as an expression needs one index search per record: as a column it would need one for each pair of record
  // and name.
  return [
    sql`select ${sql.raw(near === 'from' ? 'place.at' : '-place.at')} as near, l.${sql.id(far)} as far, l.name, l.weight
    from unnest(${`{${ids.join(',')}}`}::uuid[]) with ordinality place(id, at) join records.link l on l.${sql.id(near)} = place.id
    where (l.name || '') = any(${[...names]}::text[])`,
  ]
}

/** Kinds that can have such links. */
const kindsAt = (ctx: Context, names: readonly string[], near: 'from' | 'to'): ReadonlySet<string> =>
  new Set(
    names.flatMap((name) => {
      const cut = name.lastIndexOf('.')
      const kind = name.slice(0, cut)
      return near === 'from' ? [kind] : (ctx.registry.kinds.get(kind)?.declaration.links[name.slice(cut + 1)]?.to ?? [])
    }),
  )

/** Each link once: a cycle may be reached both on the way up and on the way down. */
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
  const side = (near: 'from' | 'to', far: 'from' | 'to') => sql`
    select l.${sql.id(near)} as near, l.name as link, l.weight, ${near === 'from'}::boolean as outgoing, r.id, r.kind, r.code, r.title, r.state
    from records.link l join ${readableRecords(ctx)} r on r.id = l.${sql.id(far)}
    where l.${sql.id(near)} = any(${[...ids]}::uuid[])`
  const { rows } = await sql<LinkedRecord & { near: string }>`
    select * from (${side('from', 'to')} union all ${side('to', 'from')}) linked order by link, code, id limit ${limit}`.execute(
    ctx.db,
  )
  for (const { near, ...row } of rows) found.set(near, [...(found.get(near) ?? []), row])
  return found
}
