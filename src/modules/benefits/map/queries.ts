/** What the benefits map shows, the graph, what is lost, and the names of organisations. */

import { sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import { namesOf, read, readableRecords } from '#platform/records/index.ts'
import { findings } from '../queries-findings.ts'
import { openFindings } from '../queries-work.ts'
import { benefit } from '../records.ts'
import type { Finding } from '../rules-findings.ts'
import { benefitsGraph, type Graph, type GraphNode } from './queries-graph.ts'
/** The graph that the reader may see, and its open findings; residents read the map, not the to-do list. */
export async function mapGraph(
  ctx: Context,
  withFindings: boolean,
): Promise<{ graph: Graph; found: readonly Finding[] }> {
  if (!withFindings) return { graph: await upToOutcomes(ctx, await benefitsGraph(ctx)), found: [] }
  const { graph, all } = await findings(ctx)
  return { graph: await upToOutcomes(ctx, graph), found: openFindings(all) }
}

/**
 * The same graph with the outcomes its objectives belong to, so that the map ends where the city's plan does. An
 * objective contributes to an outcome itself or through the objectives above it, as far as the reader may see them:
 * what is behind a hidden or retired one is not shown.
 */
async function upToOutcomes(ctx: Context, graph: Graph): Promise<Graph> {
  const objectives = graph.nodes.flatMap(({ id, kind }) => (kind === 'strategy.objective' ? [id] : []))
  if (objectives.length === 0) return graph
  const { rows } = await sql<Omit<GraphNode, 'part'> & { from: string; weight: string | null }>`
    with recursive up(start, at) as (
      select id, id from unnest(${objectives}::uuid[]) id
      union select up.start, l."to" from up join records.link l on l."from" = up.at and l.name = 'strategy.objective.under'
        join ${readableRecords(ctx)} r on r.id = l."to" and r.state <> 'dropped')
    select distinct up.start as "from", l.weight, r.id, r.kind, r.code, r.title, r.state, r.owner, r.organisation
    from up join records.link l on l."from" = up.at and l.name = 'strategy.objective.contributesTo'
      join ${readableRecords(ctx)} r on r.id = l."to"
    where r.state <> 'dropped' order by r.code, up.start limit 20000`.execute(ctx.db)
  const known = new Set(graph.nodes.map(({ id }) => id))
  const added = new Map<string, GraphNode>()
  for (const { from: _from, weight: _weight, ...row } of rows)
    if (!known.has(row.id)) added.set(row.id, { ...row, part: 'outcome' })
  const joined = new Map(rows.map((row) => [`${row.from} ${row.id}`, row]))
  return {
    nodes: [...graph.nodes, ...added.values()],
    links: [
      ...graph.links,
      ...[...joined.values()].map(({ from, id, weight }) => ({
        from,
        to: id,
        percent: weight === null ? null : Number(weight),
      })),
    ],
  }
}

/** Findings by every record they name. */
export function findingsByRecord(found: readonly Finding[]): Map<string, Finding[]> {
  const byRecord = new Map<string, Finding[]>()
  for (const each of found)
    for (const id of new Set([each.record, ...each.with])) byRecord.set(id, [...(byRecord.get(id) ?? []), each])
  return byRecord
}

/** Benefits that are somebody's loss. */
export async function lossesAmong(ctx: Context, nodes: readonly GraphNode[]): Promise<Set<string>> {
  const ids = nodes.flatMap(({ id, part }) => (part === 'benefit' ? [id] : []))
  return new Set(ids.length === 0 ? [] : await read(ctx, benefit).in({ id: ids, effect: 'loss' }).ids())
}

/** Ids of the benefits of a plan. */
export async function benefitsOfPlan(ctx: Context, code: string): Promise<string[]> {
  const plans = await read(ctx, 'strategy.plan').in({ code }).ids()
  return read(ctx, benefit).in({ plan: plans }).ids()
}

/** Id of the post with that code, if there is one the reader may see. */
export async function idOfPost(ctx: Context, code: string): Promise<string | null> {
  const [id] = await read(ctx, 'directory.post').in({ code }).retired().ids()
  return id ?? null
}

export type Named = { readonly id: string; readonly code: string; readonly title: Record<string, string> }

/** Organisations responsible for something on the map, by id. */
export const organisationsOf = (ctx: Context, nodes: readonly GraphNode[]): Promise<ReadonlyMap<string, Named>> =>
  namesOf(
    ctx,
    nodes.map(({ organisation }) => organisation),
  )
