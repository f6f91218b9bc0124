/** What a plan lacks or waits for, each with a count and a list of exactly these records. */
import { type RawBuilder, sql } from 'kysely'
import { addDays } from '#kernel/day.ts'
import type { Localized } from '#kernel/words.ts'
import { type WorkOffer, workItem } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { type Relation, readable, readableRecords } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'

/** Findings in order of urgency; the number is the priority of the work item. */
export const findingPriority = {
  'commitment-overdue': 1,
  relink: 2,
  'vision-review': 3,
  'outcome-no-sentence': 4,
  'outcome-unmeasured': 3,
  'outcome-no-rule': 5,
  'objective-no-outcome': 4,
  'commitment-due': 3,
  draft: 6,
} as const
export type Finding = keyof typeof findingPriority
export const findingNames = Object.keys(findingPriority) as Finding[]

/** A commitment due within this many days is announced. */
const announcedDays = 30

/** Kinds whose drafts wait for somebody. */
const drafted = ['plan', 'vision', 'outcome', 'objective', 'commitment'].map((name) => `strategy.${name}`)

type Part = { from: Relation; where: RawBuilder<unknown> }

const linked = (name: string, end: 'from' | 'to') =>
  sql`exists (select 1 from records.link l where l.${sql.id(end)} = r.id and l.name = ${name})`

/** Where to look, as `r`, and for what. */
function partOf(ctx: AppContext, finding: Finding, today: string): Part {
  const commitment = (condition: RawBuilder<unknown>) => ({
    from: readable(ctx, 'strategy.commitment'),
    where: sql`r.state in ('draft', 'agreed') and ${condition}`,
  })
  const outcome = (condition: RawBuilder<unknown>, from = readableRecords(ctx, ['strategy.outcome'])) => ({
    from,
    where: sql`r.state <> 'dropped' and ${condition}`,
  })
  const parts: Record<Finding, () => Part> = {
    'commitment-overdue': () => commitment(sql`r."dueOn" < ${today}::date`),
    'commitment-due': () =>
      commitment(sql`r."dueOn" >= ${today}::date and r."dueOn" <= ${addDays(today, announcedDays)}::date`),
    'vision-review': () => ({
      from: readable(ctx, 'strategy.vision'),
      where: sql`r.state = 'adopted' and r."reviewOn" < ${today}::date`,
    }),
    relink: () =>
      outcome(sql`exists (select 1 from records.link l join ${readableRecords(ctx)} s on s.id = l."to" and s.state = 'replaced'
        where l."from" = r.id and l.name = 'strategy.outcome.answers')`),
    'outcome-no-sentence': () => outcome(sql`not ${linked('strategy.outcome.answers', 'from')}`),
    'outcome-no-rule': () => outcome(sql`r.rule is null`, readable(ctx, 'strategy.outcome')),
    'outcome-unmeasured': () =>
      outcome(sql`not ${linked('indicators.indicator.measures', 'to')} and not exists (
        with recursive below(id) as (
          select l."from" from records.link l where l."to" = r.id and l.name = 'strategy.objective.contributesTo'
          union select l."from" from below b join records.link l on l."to" = b.id and l.name = 'strategy.objective.under')
        select 1 from below b join records.link m on m."to" = b.id and m.name = 'indicators.indicator.measures')`),
    'objective-no-outcome': () => ({
      from: readableRecords(ctx, ['strategy.objective']),
      where: sql`r.state <> 'dropped' and not exists (select 1 from records.link l where l."from" = r.id
        and (l.name || '') = any('{strategy.objective.contributesTo,strategy.objective.under}'::text[]))`,
    }),
    draft: () => ({
      from: readableRecords(ctx, drafted),
      where: sql`r.state = 'draft'`,
    }),
  }
  return parts[finding]()
}

/** Records of the caller's posts and organisations. */
const mineSql = (ctx: AppContext): RawBuilder<unknown> => {
  const bodies = ctx.caller.grants.flatMap((grant) => grant.organisations ?? [])
  return sql`(r.owner = any(${[...ctx.caller.posts]}::uuid[]) or r.organisation = any(${bodies}::uuid[]))`
}

const rowsOf = (ctx: AppContext, finding: Finding, mine: boolean) => {
  const { from, where } = partOf(ctx, finding, todayOf(ctx))
  return sql`${from} r where ${where} ${mine ? sql`and ${mineSql(ctx)}` : sql``}`
}

/** How many records show each finding; one query. */
export async function findingCounts(ctx: AppContext, mine = false): Promise<Record<Finding, number>> {
  const counts = sql.join(
    findingNames.map((name) => sql`(select count(*)::integer from ${rowsOf(ctx, name, mine)}) as ${sql.id(name)}`),
  )
  const { rows } = await sql<Record<Finding, number>>`select ${counts}`.execute(ctx.db)
  return rows[0]!
}

export type FindingRow = {
  readonly id: string
  readonly kind: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly organisation: string | null
  readonly owner: string | null
}

/** The records that show a finding. */
export async function findingRecords(
  ctx: AppContext,
  finding: Finding,
  mine: boolean,
  limit = 200,
): Promise<FindingRow[]> {
  const { rows } = await sql<FindingRow>`
    select r.id, r.kind, r.code, r.title, r.state, r.organisation, r.owner from ${rowsOf(ctx, finding, mine)} order by r.kind, r.code limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}

/** Findings with a page of their own on which they are fixed. */
const pagesOf: Partial<Record<Finding, string>> = {
  relink: '/strategy/vision/relink',
  'objective-no-outcome': '/strategy/group',
  'vision-review': '/strategy/vision',
}

export const workOffer: WorkOffer = {
  name: 'strategy',
  load: async (ctx, mine) => {
    const counts = await findingCounts(ctx, mine)
    return findingNames.flatMap((name) =>
      workItem('strategy', name, {
        count: counts[name],
        href: pagesOf[name] ?? `/strategy/waiting?for=${name}${mine ? '&mine=true' : ''}`,
        priority: findingPriority[name],
      }),
    )
  },
}
