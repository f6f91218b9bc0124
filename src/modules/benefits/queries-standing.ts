/** How benefits stand, for the register: read from the derived table, and computed for the few it does not know yet. */
import { type RawBuilder, sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import { derivedRows, notYetDerived } from '#platform/derived.ts'
import { readOnce } from '#platform/finding.ts'
import { readable } from '#platform/records/index.ts'
import { standing } from './derived.ts'
import { type CurrentBenefit, currentBenefits, moneyOf } from './queries-register.ts'
import { isUnconfirmed, unsignedStates } from './queries-work.ts'
import { benefit, moneyTypes } from './records.ts'
import type { MoneyFacts } from './rules-money.ts'

const computed = (ctx: Context) =>
  readOnce(ctx, 'benefits computed', async () => {
    const where = await notYetDerived(standing, ctx)
    return { where: where ?? sql`false`, benefits: where ? await currentBenefits(ctx, where) : [] }
  })

/** Benefits, over `r`, of which the table says so or, where it does not know yet, what is computed. */
async function standingSo(
  ctx: Context,
  told: RawBuilder<unknown>,
  so: (now: CurrentBenefit) => boolean,
): Promise<RawBuilder<unknown>> {
  const { where, benefits } = await computed(ctx)
  const inTable = sql`r.id in (select s.record from ${derivedRows(standing, ctx)} s where ${told})`
  if (benefits.length === 0) return inTable
  const ids = benefits.filter(so).map(({ record }) => record.id)
  return sql`((not ${where} and ${inTable}) or r.id = any(${ids}::uuid[]))`
}

/** Benefits whose path stands in one of these ways. */
export const onPath = (ctx: Context, paths: readonly string[]): Promise<RawBuilder<unknown>> =>
  standingSo(ctx, sql`s.path = any(${[...paths]}::text[])`, ({ status }) => paths.includes(status.state))

/** Benefits with a signature that waits for the caller's posts, over `r` and `t`. */
export const toSign = ({ caller }: Context): RawBuilder<unknown> => sql`(r.state = any(${[...unsignedStates]}::text[])
  and t."handedOverOn" is null and t."receivingPost" = any(${[...caller.posts]}::uuid[]))`

/** Benefits with budget lines that the caller may confirm, over `r` and `t`. */
export async function toConfirm(ctx: Context): Promise<RawBuilder<unknown>> {
  const unseen = await standingSo(ctx, sql`s.unseen`, (now) => isUnconfirmed(ctx, now))
  return sql`(${unseen} and ${ctx.policies.allowed(ctx.caller, 'rows.confirmation', benefit.kind)})`
}

/** What all benefits of money that the reader may see add to the totals, those that are alike together. */
export async function moneyFacts(ctx: Context, overlapping: readonly string[]): Promise<MoneyFacts[]> {
  const { where, benefits } = await computed(ctx)
  const { rows } = await sql<MoneyFacts>`
    select coalesce(r.effect, 'gain') as effect, r."benefitType", r.recurrence, r."worthCurrency" as currency,
      r."worthPriceYear" as "priceBaseYear", r.state, count(*)::integer as count, sum(s.promised) as promised,
      sum(s."promisedSoFar") as "promisedSoFar", sum(s.realized) as realized, sum(s."runningCost") as "runningCost",
      sum(s.forecast) as forecast, sum(s.cashed) as cashed,
      count(*) filter (where r.id = any(${[...overlapping]}::uuid[]))::integer as overlapping
    from ${readable(ctx, benefit.kind)} r join benefits.standing s on s.record = r.id and s.place = 0
    where r."benefitType" = any(${[...moneyTypes]}::text[]) and not ${where} group by 1, 2, 3, 4, 5, 6`.execute(ctx.db)
  return [...rows, ...benefits.flatMap((now) => moneyOf(now, overlapping) ?? [])]
}
