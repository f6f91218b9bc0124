/** What a plan lacks or waits for: for each finding one read of exactly these records. */
import { type RawBuilder, sql } from 'kysely'
import { addDays } from '#kernel/day.ts'
import type { Context } from '#platform/context.ts'
import type { Found } from '#platform/finding.ts'
import { type Relation, readable, readableRecords } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'

/** What may be found; `findings.ts` says how urgent it is and who ends it. */
export type FindingName =
  | 'commitment-overdue'
  | 'commitment-due'
  | 'vision-review'
  | 'relink'
  | 'outcome-no-sentence'
  | 'outcome-no-rule'
  | 'outcome-unmeasured'
  | 'objective-no-outcome'
  | 'draft'

/** A commitment due within this many days is announced. */
const announcedDays = 30

/** Kinds whose drafts wait for somebody. */
const drafted = ['plan', 'vision', 'outcome', 'objective', 'commitment'].map((name) => `strategy.${name}`)

type Part = { from: Relation; where: RawBuilder<unknown> }

const linked = (name: string, end: 'from' | 'to') =>
  sql`exists (select 1 from records.link l where l.${sql.id(end)} = r.id and l.name = ${name})`

/** Where to look, as `r`, and for what. */
function partOf(ctx: Context, finding: FindingName, today: string): Part {
  const commitment = (condition: RawBuilder<unknown>) => ({
    from: readable(ctx, 'strategy.commitment'),
    where: sql`r.state in ('draft', 'agreed') and ${condition}`,
  })
  const outcome = (condition: RawBuilder<unknown>, from = readableRecords(ctx, ['strategy.outcome'])) => ({
    from,
    where: sql`r.state <> 'dropped' and ${condition}`,
  })
  const parts: Record<FindingName, () => Part> = {
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

const days: Partial<Record<FindingName, RawBuilder<string | null>>> = {
  'commitment-overdue': sql`r."dueOn"`,
  'commitment-due': sql`r."dueOn"`,
  'vision-review': sql`r."reviewOn"`,
}

/** The records that show a finding, with the day it speaks of; among some records, or all that may be read. */
export async function waitingRecords(ctx: Context, finding: FindingName, only?: readonly string[]): Promise<Found[]> {
  const { from, where } = partOf(ctx, finding, todayOf(ctx))
  const among = only ? sql`and r.id = any(${[...only]}::uuid[])` : sql``
  const { rows } = await sql<{ id: string; day: string | null }>`
    select r.id, ${days[finding] ?? sql`null`}::date as day from ${from} r where ${where} ${among}`.execute(ctx.db)
  return rows.map(({ id, day }) => ({
    record: id,
    ...(day === null ? {} : { values: { day } }),
    // What falls due waits from today; what is overdue, since its day.
    ...(finding === 'commitment-overdue' || finding === 'vision-review' ? { since: day } : {}),
  }))
}
