/** Publishing in bulk: first what would happen, then doing it. */
import type { WriteContext } from '#platform/context.ts'
import type { RecordRow } from '#platform/policy.ts'
import { authorize, type Change, prepare, publish, write } from '#platform/records/index.ts'
import { belongingTo, type Publishable } from './queries-publish.ts'
import { missingLanguages, type Obstacle, obstacleOf } from './rules-publish.ts'

export type PublicationAssessment = Publishable & {
  /** Why it is not published; null = it is. */
  readonly obstacle: Obstacle | null
  /** Missing fields, if it is incomplete. */
  readonly fields: readonly string[]
  readonly untranslated: boolean
}

/**
 * Asks the gate what would happen to each record on publishing, without writing. Needs a transaction, because the gate
 * locks what it checks.
 */
export async function assessPublication(
  ctx: WriteContext,
  root: { id: string; kind: string },
  languages: readonly string[],
): Promise<PublicationAssessment[]> {
  const rows = await belongingTo(ctx, root)
  const asking = rows.filter(
    (row) => row.audience !== 'public' && !row.waiting && !['draft', 'dropped'].includes(row.state),
  )
  const prepared = await prepare(
    ctx,
    asking.map(({ kind, id }) => ({ kind, id, action: 'publish' })),
  )
  const problems = new Map(prepared.map((each) => [each.after.id, each.problems]))
  const allowed = new Map(prepared.map((each) => [each.after.id, mayWrite(ctx, each)]))
  return rows.map((row) => {
    const found = problems.get(row.id) ?? []
    return {
      ...row,
      obstacle: obstacleOf({ ...row, allowed: allowed.get(row.id) ?? true, problems: found }),
      fields: [...new Set(found.map(({ at }) => at.split('/')[1] ?? ''))],
      untranslated: missingLanguages(row.title, languages).length > 0,
    }
  })
}

function mayWrite(ctx: WriteContext, each: Parameters<typeof authorize>[1], action = 'publish'): boolean {
  if (!ctx.policies.can(ctx.caller, action, each.after as RecordRow)) return false
  try {
    authorize(ctx, each)
    return true
  } catch {
    return false
  }
}

/** Publishes those assessed records that can be published, in one go. Returns nothing if none can. */
export async function publishAssessed(
  ctx: WriteContext,
  assessed: readonly PublicationAssessment[],
  options: { publicFrom: string | null; withUntranslated: boolean; why: string | null },
): Promise<{ count: number; done: boolean } | null> {
  const ready = assessed.filter((each) => each.obstacle === null && (options.withUntranslated || !each.untranslated))
  if (ready.length === 0) return null
  const made = await publish(
    ctx,
    { source: 'page', why: options.why },
    ready.map(({ kind, id, version }) => ({ kind, id, version })),
    options.publicFrom ?? undefined,
  )
  return { count: made.length, done: made[0]!.done }
}

export type AgreementPlan = {
  /** The changes that move each complete draft to agreed. */
  readonly changes: readonly Change[]
  /** Drafts without an organisation or a post, which agreement needs. */
  readonly unanswered: number
}

/** Which of the assessed drafts could be agreed together, without writing. Needs a transaction, like the assessment. */
export async function assessAgreement(
  ctx: WriteContext,
  assessed: readonly PublicationAssessment[],
): Promise<AgreementPlan> {
  const drafts = assessed.flatMap(({ obstacle, kind, id, version }): Change[] => {
    const verb = ctx.registry
      .kind(kind)
      .verbs.find((each) => each.from[0] === 'draft' && ['agree', 'adopt'].includes(each.name))
    return obstacle === 'draft' && verb && kind !== 'strategy.vision' ? [{ kind, id, action: verb.name, version }] : []
  })
  const prepared = await prepare(ctx, drafts)
  const can = prepared.map(
    (each, index) => each.problems.length === 0 && each.refusal === null && mayWrite(ctx, each, drafts[index]!.action),
  )
  return {
    changes: drafts.filter((_, index) => can[index]),
    unanswered: prepared.filter(({ problems }) => problems.some(({ at }) => at === '/organisation' || at === '/owner'))
      .length,
  }
}

/** Agrees them in one change set, which can be undone. */
export async function agreeAll(ctx: WriteContext, { changes }: AgreementPlan, why: string | null): Promise<number> {
  if (changes.length === 0) return 0
  return (await write(ctx, { source: 'page', why }, changes)).saved.length
}
