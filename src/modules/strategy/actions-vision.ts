/** What people do with the vision beyond its steps: write a new version, move outcomes to its sentences. */
import { sql } from 'kysely'
import { invalid } from '#kernel/problem.ts'
import type { Localized } from '#kernel/words.ts'
import type { WriteContext } from '#platform/context.ts'
import { type Change, newId, write } from '#platform/records/index.ts'

export type NewVersion = {
  readonly title: Localized
  readonly label: string
  readonly plan: string | null
  readonly organisation: string | null
  readonly adoptedOn: string | null
  readonly reviewOn: string | null
  readonly sentences: ReadonlyArray<{ readonly text: Localized; readonly replaces: string | null }>
  /** Put it in force now, replacing the previous version. */
  readonly adopt: boolean
  readonly why: string | null
}

/**
 * Writes a new version with all its sentences, each pointing to the one it replaces; records of older versions stay
 * unchanged at their addresses. With `adopt` the previous version and its sentences are marked as replaced. No outcome
 * moves: those still answer the sentences they answered.
 * @throws Invalid by field
 */
export async function writeVersion(
  ctx: WriteContext,
  input: NewVersion,
): Promise<{ changeSet: string; vision: string; code: string }> {
  if (input.adopt && !input.adoptedOn)
    throw invalid('records.invalid', [
      { at: '/adoptedOn', code: 'field.required-in-state', values: { state: 'adopted' } },
    ])
  const vision = newId()
  const { organisation } = input
  const changes: Change[] = [
    {
      kind: 'strategy.vision',
      action: 'create',
      id: vision,
      state: input.adopt ? 'adopted' : 'draft',
      values: {
        title: input.title,
        plan: input.plan,
        versionLabel: input.label,
        adoptedOn: input.adoptedOn,
        reviewOn: input.reviewOn,
        organisation,
      },
    },
    ...input.sentences.map(
      ({ text, replaces }, index): Change => ({
        kind: 'strategy.sentence',
        action: 'create',
        values: { title: text, vision, position: index + 1, replaces, organisation },
      }),
    ),
  ]
  const { changeSet, saved } = await write(ctx, { source: 'page', why: input.why }, changes)
  return { changeSet: changeSet!, vision, code: saved.find((each) => each.id === vision)!.code }
}

export type OutcomeMove = {
  readonly outcome: string
  /** The sentence it answers now. */
  readonly from: string
  /** The sentence it answers from now on; null = none. */
  readonly to: string | null
}

/** Moves outcomes from replaced sentences to current ones, as one change set. */
export async function relink(ctx: WriteContext, moves: readonly OutcomeMove[]): Promise<string | null> {
  const ids = [...new Set(moves.map((move) => move.outcome))]
  const { rows } = await sql<{ from: string; to: string }>`
    select "from", "to" from records.link where "from" = any(${ids}::uuid[]) and name = 'strategy.outcome.answers'`.execute(
    ctx.db,
  )
  const changes = ids.map((id): Change => {
    const mine = moves.filter((move) => move.outcome === id)
    const leaving = new Set(mine.map((move) => move.from))
    const kept = rows.filter((row) => row.from === id && !leaving.has(row.to)).map((row) => row.to)
    const wanted = [...new Set([...kept, ...mine.flatMap((move) => move.to ?? [])])]
    return {
      kind: 'strategy.outcome',
      action: 'change',
      id,
      values: { links: { answers: wanted.map((to) => ({ to })) } },
    }
  })
  if (changes.length === 0) return null
  return (await write(ctx, { source: 'page' }, changes)).changeSet
}
