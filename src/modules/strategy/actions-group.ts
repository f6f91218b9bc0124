/** Groups objectives under a new or existing outcome. */
import { sql } from 'kysely'
import { invalid } from '#kernel/problem.ts'
import type { Localized } from '#kernel/words.ts'
import type { WriteContext } from '#platform/context.ts'
import { type Change, newId, write } from '#platform/records/index.ts'

export const maxGrouped = 1000

export type Grouping = {
  readonly plan: string | null
  /** An existing outcome, or a new one. */
  readonly outcome:
    | { readonly id: string }
    | {
        readonly title: Localized
        readonly organisation: string | null
        readonly sentence: string | null
        readonly rule: string | null
        readonly ruleCount: number | null
      }
  readonly objectives: readonly string[]
}

/** One change set: the outcome, if new, and the objectives that serve it. @throws Invalid by field */
export async function groupUnder(
  ctx: WriteContext,
  input: Grouping,
): Promise<{ changeSet: string | null; outcome: string }> {
  const objectives = [...new Set(input.objectives)]
  if (objectives.length === 0) throw invalid('records.invalid', [{ at: '/objectives', code: 'strategy.group-what' }])
  if (objectives.length > maxGrouped)
    throw invalid('records.invalid', [{ at: '/objectives', code: 'field.too-many', values: { limit: maxGrouped } }])
  const { outcome } = input
  const id = 'id' in outcome ? outcome.id : newId()
  const made: Change[] =
    'id' in outcome
      ? []
      : [
          {
            kind: 'strategy.outcome',
            action: 'create',
            id,
            values: {
              title: outcome.title,
              plan: input.plan,
              organisation: outcome.organisation,
              rule: outcome.rule,
              ruleCount: outcome.ruleCount,
              links: { answers: outcome.sentence ? [{ to: outcome.sentence }] : [] },
            },
          },
        ]
  const { rows } = await sql<{ from: string; to: string; weight: string | null }>`
    select "from", "to", weight from records.link where "from" = any(${objectives}::uuid[]) and name = 'strategy.objective.contributesTo'`.execute(
    ctx.db,
  )
  const moved = objectives.map(
    (objective): Change => ({
      kind: 'strategy.objective',
      action: 'change',
      id: objective,
      values: {
        links: {
          contributesTo: [
            ...rows
              .filter((row) => row.from === objective && row.to !== id)
              .map(({ to, weight }) => ({ to, ...(weight === null ? {} : { weight }) })),
            { to: id },
          ],
        },
      },
    }),
  )
  const { changeSet } = await write(ctx, { source: 'page' }, [...made, ...moved])
  return { changeSet, outcome: id }
}
