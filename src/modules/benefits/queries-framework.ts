/** The benefits framework in force, and the thresholds it sets. */
import { sql } from 'kysely'
import type { RecordOf } from '#kernel/record.ts'
import type { Context } from '#platform/context.ts'
import startingText from './framework.json' with { type: 'json' }
import type { framework } from './records.ts'

export type Framework = RecordOf<typeof framework>

export type Thresholds = {
  readonly reviewEveryMonths: number
  readonly missedBelowPercent: number
  readonly escalateAfterDays: number
  readonly trackMonths: number
}

/** What holds where no framework is adopted, and where the caller may not read it: the figures of our starting text. */
export const startingThresholds: Thresholds = {
  reviewEveryMonths: 6,
  missedBelowPercent: 90,
  escalateAfterDays: 30,
  trackMonths: 24,
}

/** Our starting text in both languages, as values of a first version. */
export const startingFramework = { ...startingText, ...startingThresholds, versionLabel: '1' }

/** The framework that was adopted last, if there is one. */
export async function frameworkInForce(ctx: Context): Promise<Framework | undefined> {
  const { rows } = await sql<Framework>`
    select r.*, t.* from benefits.framework t join records.record r on r.id = t.id
    where r.state = 'adopted' and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    order by t."adoptedOn" desc, r.id desc limit 1`.execute(ctx.db)
  return rows[0]
}

/** Every version that may be read, the newest first. */
export async function frameworkVersions(ctx: Context): Promise<Framework[]> {
  const { rows } = await sql<Framework>`
    select r.*, t.* from benefits.framework t join records.record r on r.id = t.id
    where r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)} order by t."adoptedOn" desc nulls first, r.id desc limit 50`.execute(
    ctx.db,
  )
  return rows
}

/** The thresholds in force. They count whether or not the caller may read the document that sets them. */
export async function thresholds(ctx: Context): Promise<Thresholds> {
  const { rows } = await sql<Thresholds>`
    select t."reviewEveryMonths", t."missedBelowPercent", t."escalateAfterDays", t."trackMonths"
    from benefits.framework t join records.record r on r.id = t.id
    where r.state = 'adopted' and r."retiredAt" is null order by t."adoptedOn" desc, r.id desc limit 1`.execute(ctx.db)
  return rows[0] ?? startingThresholds
}
