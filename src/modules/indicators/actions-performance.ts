/** Performance of indicators, and which goals they measure: derived from rows and links along the seal. */
import { sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import type { Database, Executor } from '#platform/db/index.ts'
import { readable, readableRecords } from '#platform/records/index.ts'
import { type Derived, isOutdated, rebuild, refresh } from './actions-derived.ts'
import { bareTarget, type PortionSeries, unrestrictedReader } from './queries-portions.ts'
import { indicator } from './records.ts'
import { judge, relativeGap } from './rules-series.ts'

const recentPoints = 24

function performanceRow({ facts, all }: PortionSeries, cell: string) {
  const judged = judge(facts, all, cell)
  const { assessment, due, performance } = judged
  const { latest } = assessment
  const latestRow = latest && judged.rows.find((row) => row.from === latest.from && row.to === latest.to)
  const target = performance?.target?.row ?? null
  const next = performance?.later.at(0)?.target.row ?? null
  const result = performance ?? { result: 'unknown' as const, reasons: [assessment.n > 0 ? 'no-target' : 'no-value'] }
  return {
    targets: all.targets.length,
    lacksUnit: facts.lacksUnit,
    lacksGoal: facts.lacksGoal,
    lacksDirection: facts.direction === 'not-agreed',
    points: assessment.n,
    counted: assessment.counted,
    latestFrom: latest?.from ?? null,
    latestTo: latest?.to ?? null,
    latestLabel: latestRow?.label ?? null,
    latestValue: latest === null ? null : String(latest.value),
    latestStatus: latest?.status ?? null,
    result: result.result,
    reasons: [...result.reasons],
    progress: performance?.progress ?? null,
    asked: performance?.asked ?? null,
    gap: performance?.gap ?? null,
    relativeGap: relativeGap(judged),
    target: target && bareTarget(target),
    targetDueOn: target?.dueOn ?? null,
    nextTarget: next && bareTarget(next),
    nextFrom: due?.period.from ?? null,
    nextTo: due?.period.to ?? null,
    nextLabel: due?.period.label ?? null,
    nextDueOn: due?.dueOn ?? null,
    veryLateAfter: due?.veryLateAfter ?? null,
    stoppedAfter: due?.stoppedAfter ?? null,
    reading: judged.reading,
    signal: judged.latestSignal?.kind ?? null,
    side: judged.latestSignal?.side ?? null,
    silence: judged.silence,
    capability: judged.capability,
    falseAlarmRate: judged.falseAlarmRate,
    previous: assessment.previous,
    lastYear: assessment.samePeriodLastYear,
    recent: judged.rows.slice(-recentPoints).map((row) => row.value),
  }
}

const performance: Derived = { table: 'performance', method: 2, row: performanceRow, atOnce: 1000 }

/** Makes the results of these indicators anew; retired ones lose theirs. */
export const refreshPerformance = (db: Executor, ids: readonly string[], position: number): Promise<void> =>
  refresh(performance, db, ids, position)

/** Links that put a goal below another, and kinds that count as goals, read from the declarations. */
function goalLinks(ctx: Pick<Context, 'registry'>) {
  const goals = indicator.links.measures.to
  const up = goals.flatMap((kind) =>
    Object.entries(ctx.registry.kind(kind).declaration.links)
      .filter(([, link]) => link.towards === 'vision' && link.to.some((to) => goals.includes(to)))
      .map(([name]) => `${kind}.${name}`),
  )
  return { goals: [...goals], up }
}

const indicators = readable(unrestrictedReader, indicator.kind)
const everyIndicator = readable(unrestrictedReader, indicator.kind, { retired: true })
const measuresLink = `${indicator.kind}.measures`

/** Recomputes which goals these indicators (and the parts they are broken down into) measure. */
export async function refreshServes(ctx: Pick<Context, 'db' | 'registry'>, ids: readonly string[]): Promise<void> {
  const { goals, up } = goalLinks(ctx)
  // Whether a part is counted depends on its whole, so parts are included at any depth.
  const { rows } = await sql<{ id: string }>`
    with recursive family(id) as (
      select unnest(${[...new Set(ids)]}::uuid[]) union select i.id from family f join ${everyIndicator} i on i."breakdownOf" = f.id)
    select id from family order by id`.execute(ctx.db)
  const all = rows.map((row) => row.id)
  for (let at = 0; at < all.length; at += 2000) {
    const portion = sql`any(${all.slice(at, at + 2000)}::uuid[])`
    await sql`delete from indicators.serves where indicator = ${portion}`.execute(ctx.db)
    await sql`
      with recursive above(indicator, goal, direct) as (
        select l."from", l."to", true from records.link l
          join ${readableRecords(unrestrictedReader)} i on i.id = l."from" join ${readableRecords(unrestrictedReader)} g on g.id = l."to"
        where l.name = ${measuresLink} and l."from" = ${portion}
        union
        select a.indicator, l."to", false from above a join records.link l on l."from" = a.goal and l.name = any(${up}::text[])
          join ${readableRecords(unrestrictedReader, goals)} g on g.id = l."to")
      insert into indicators.serves (indicator, goal, direct, counted)
      select indicator, goal, bool_or(direct), true from above group by indicator, goal
      on conflict (goal, indicator) do update set direct = excluded.direct, counted = true`.execute(ctx.db)
  }
  for (let at = 0; at < all.length; at += 2000) {
    const portion = sql`any(${all.slice(at, at + 2000)}::uuid[])`
    await sql`
      with recursive wholes(part, whole) as (
        select i.id, i."breakdownOf" from ${everyIndicator} i where i.id = ${portion} and i."breakdownOf" is not null
        union select w.part, i."breakdownOf" from wholes w join ${everyIndicator} i on i.id = w.whole where i."breakdownOf" is not null)
      update indicators.serves s set counted = false
      where s.indicator = ${portion} and exists (select 1 from wholes w join ${indicators} r on r.id = w.whole and r.state <> 'ended'
        join indicators.serves o on o.indicator = w.whole and o.goal = s.goal where w.part = s.indicator)`.execute(
      ctx.db,
    )
    await sql`
      update indicators.performance p set "lacksGoal" = not p."lacksGoal"
      where p.indicator = ${portion} and p.cell = ''
        and p."lacksGoal" = exists (select 1 from indicators.serves s where s.indicator = p.indicator)`.execute(ctx.db)
  }
}

/**
 * Indicators whose goals may have changed because these goals changed: all below them now, and all that were before.
 */
export async function indicatorsBelow(
  ctx: Pick<Context, 'db' | 'registry'>,
  changed: readonly string[],
): Promise<string[]> {
  const { up } = goalLinks(ctx)
  const { rows } = await sql<{ id: string }>`
    with recursive below(goal) as (
      select unnest(${[...changed]}::uuid[]) union select l."from" from below b join records.link l on l."to" = b.goal and l.name = any(${up}::text[]))
    select l."from" as id from below b join records.link l on l."to" = b.goal and l.name = ${measuresLink}
    union select s.indicator from indicators.serves s where s.goal = any(${[...changed]}::uuid[])`.execute(ctx.db)
  return rows.map((row) => row.id)
}

type Rebuilt = Pick<Context, 'registry'> & { readonly database: Database }

/** Makes all results anew, and which goals they measure. */
export async function rebuildPerformance({ database, registry }: Rebuilt): Promise<number> {
  await sql`delete from indicators.serves where indicator in
    (select r.id from ${everyIndicator} r where r."retiredAt" is not null)`.execute(database.kysely)
  return rebuild(performance, { database }, (db, ids) => refreshServes({ db, registry }, ids))
}

/** After an update with new rules; with nothing to do it is one query. */
export async function rebuildIfOutdated(ctx: Rebuilt): Promise<boolean> {
  const outdated = await isOutdated(performance, ctx)
  if (outdated) await rebuildPerformance(ctx)
  return outdated
}
