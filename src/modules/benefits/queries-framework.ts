/** The benefits framework in force, and the thresholds it sets. */
import { sql } from 'kysely'
import type { RecordOf } from '#kernel/record.ts'
import type { Attempt } from '#kernel/verb.ts'
import type { Context } from '#platform/context.ts'
import { type Change, read, unrestricted } from '#platform/records/index.ts'
import startingText from './framework.json' with { type: 'json' }
import { framework } from './records.ts'

export type Framework = RecordOf<typeof framework>

export type Thresholds = {
  readonly reviewEveryMonths: number
  readonly missedBelowPercent: number
  readonly escalateAfterDays: number
  readonly trackMonths: number
}

/** The defaults if no framework is adopted: the figures of our starting text. */
export const startingThresholds: Thresholds = {
  reviewEveryMonths: 6,
  missedBelowPercent: 90,
  escalateAfterDays: 30,
  trackMonths: 24,
}

/** Our starting text in both languages, as values of a first version. */
export const startingFramework = { ...startingText, ...startingThresholds, versionLabel: '1' }

/** The most recently adopted framework, if any. */
export const frameworkInForce = (ctx: Context): Promise<Framework | undefined> => inForce(ctx).first()

const inForce = (ctx: Context) => read(ctx, framework).in({ state: 'adopted' }).sort('-adoptedOn')

/** A version that is adopted replaces those in force. */
export async function replacedByAdoption(
  ctx: Context,
  attempts: ReadonlyArray<Attempt<Framework>>,
): Promise<Map<string, Change[]>> {
  const before = await inForce(ctx).ids()
  const replaced = before.map((id): Change => ({ kind: framework.kind, action: 'replace', id }))
  return new Map(attempts.slice(0, 1).map(({ id }) => [id, replaced]))
}

/** Every readable version, newest first. */
export const frameworkVersions = (ctx: Context): Promise<Framework[]> =>
  read(ctx, framework).sort(sql`t."adoptedOn" desc nulls first`, '-id').limit(50).rows()

/** The thresholds in force. They count whether or not the caller may read the document that sets them. */
export async function thresholds(ctx: Context): Promise<Thresholds> {
  const unrestrictedReader = unrestricted(
    'thresholds count for everybody, and nothing else of the framework is read',
    ctx,
  )
  const found = await inForce(unrestrictedReader)
    .pick('reviewEveryMonths', 'missedBelowPercent', 'escalateAfterDays', 'trackMonths')
    .first()
  return (found as Thresholds | undefined) ?? startingThresholds
}
