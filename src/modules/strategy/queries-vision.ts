/** The vision: its versions, the sentences of one of them, the outcomes that answer each. */
import { type RawBuilder, sql } from 'kysely'
import type { RecordOf } from '#kernel/record.ts'
import type { Attempt } from '#kernel/verb.ts'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, read, readable, readableRecords } from '#platform/records/index.ts'
import { type OutcomeRow, type OutcomeStatus, outcomeStatuses, outcomes } from './queries-status.ts'
import { sentence, vision } from './records.ts'

export type VersionRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly audience: string
  readonly version: number
  readonly plan: string | null
  readonly organisation: string | null
  readonly owner: string | null
  readonly versionLabel: string
  readonly adoptedOn: string | null
  readonly reviewOn: string | null
}

/** Every version the caller may read: the one in force first, then drafts, then older ones by day. */
export const visionVersions = (ctx: Context): Promise<VersionRow[]> =>
  read(ctx, vision)
    .sort(sql`array_position('{adopted,draft,replaced}'::text[], r.state)`, '-adoptedOn', '-code')
    .limit(100)
    .pick(
      'id',
      'code',
      'title',
      'state',
      'audience',
      'version',
      'organisation',
      'owner',
      'plan',
      'adoptedOn',
      'reviewOn',
    )
    .stated('versionLabel')
    .rows()

export type SentenceRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly position: number
  readonly replaces: { readonly code: string; readonly title: Localized } | null
  readonly replacedBy: { readonly code: string; readonly title: Localized } | null
}

/** Sentences of one version in their order, each with the one it replaced and the one that replaced it. */
export async function sentencesOf(ctx: Context, id: string): Promise<SentenceRow[]> {
  const other = (which: RawBuilder<unknown>) => sql<SentenceRow['replaces']>`(
    select jsonb_build_object('code', o.code, 'title', o.title) from ${readable(ctx, sentence.kind)} o
    where ${which} order by o.id desc limit 1)`
  return read(ctx, sentence)
    .in({ vision: id })
    .sort('position', 'code')
    .limit(1000)
    .pick('id', 'code', 'title', 'state')
    .stated('position')
    .with({ replaces: other(sql`o.id = t.replaces`), replacedBy: other(sql`o.replaces = t.id`) })
    .rows()
}

export type AnsweringOutcome = OutcomeRow & { readonly sentence: string }

/** Outcomes that answer these sentences. */
export async function outcomesAnswering(ctx: Context, sentences: readonly string[]): Promise<AnsweringOutcome[]> {
  if (sentences.length === 0) return []
  const answering = await outcomes(ctx)
    .linked('answers', sentences)
    .notIn({ state: 'dropped' })
    .sort('code')
    .limit(1000)
    .with({
      answers: sql<string[]>`array(select a."to" from records.link a
        where a."from" = r.id and a.name = 'strategy.outcome.answers' and a."to" = any(${[...sentences]}::uuid[]))`,
    })
    .rows()
  return answering.flatMap(({ answers, ...row }) => answers.map((sentence) => ({ ...row, sentence })))
}

/** Outcomes that answer no sentence at all: of the vision's plan, or of every plan if the vision names none. */
export const outcomesWithoutSentence = (ctx: Context, plan: string | null): Promise<OutcomeRow[]> =>
  outcomes(ctx)
    .in(plan === null ? {} : { plan: [plan, null] })
    .notIn({ state: 'dropped' })
    .notLinked('answers')
    .sort('code')
    .limit(50)
    .rows()

export type CurrentVision = {
  readonly versions: readonly VersionRow[]
  readonly shown: VersionRow
  readonly sentences: readonly SentenceRow[]
  readonly answers: readonly AnsweringOutcome[]
  readonly statuses: ReadonlyMap<string, OutcomeStatus>
  readonly without: readonly OutcomeRow[]
}

/** The version with the requested number, else the one in force; nothing if the caller may read none. */
export async function visionAt(
  ctx: AppContext,
  code?: string,
  options: { counts?: boolean } = {},
): Promise<CurrentVision | undefined> {
  const versions = await visionVersions(ctx)
  const shown = code ? versions.find((each) => each.code === code.toUpperCase()) : versions[0]
  if (!shown) return undefined
  const sentences = await sentencesOf(ctx, shown.id)
  const [answers, without] = await Promise.all([
    outcomesAnswering(
      ctx,
      sentences.map((each) => each.id),
    ),
    outcomesWithoutSentence(ctx, shown.plan),
  ])
  const outcomes = new Map([...answers, ...without].map((each) => [each.id, each]))
  return {
    versions,
    shown,
    sentences,
    answers,
    without,
    statuses: await outcomeStatuses(ctx, [...outcomes.values()], options),
  }
}

export type LooseEnd = {
  readonly outcome: string
  readonly code: string
  readonly title: Localized
  readonly version: number
  /** The sentence it answers, which a later version replaced. */
  readonly sentence: {
    readonly id: string
    readonly code: string
    readonly title: Localized
    readonly replacedBy: string | null
  }
}

/** Outcomes that still answer a replaced sentence, with the sentence that replaced it. */
export async function looseEnds(ctx: Context, limit = 500): Promise<LooseEnd[]> {
  const { rows } = await sql<LooseEnd>`
    select r.id as outcome, r.code, r.title, r.version, jsonb_build_object('id', s.id, 'code', s.code, 'title', s.title,
      'replacedBy', (select n.id from ${readable(ctx, sentence.kind)} n
        where n.replaces = s.id and n.state = 'standing' order by n.id desc limit 1)) as sentence
    from records.link a join ${readableRecords(ctx)} s on s.id = a."to" and s.state = 'replaced'
    join ${readableRecords(ctx)} r on r.id = a."from" and r.state <> 'dropped'
    where a.name = 'strategy.outcome.answers' order by s.code, r.code limit ${limit}`.execute(ctx.db)
  return rows
}

type Step = ReadonlyArray<Attempt<RecordOf<typeof vision>>>

/** A version that is put in force replaces the others of its plan. */
export async function versionsReplaced(ctx: Context, attempts: Step): Promise<Map<string, Change[]>> {
  const inForce = await read(ctx, vision).in({ state: 'adopted' }).pick('id', 'plan').rows()
  return new Map(
    attempts.map(({ id, after }) => [
      id,
      inForce
        .filter((each) => each.id !== id && each.plan === after.plan)
        .map((each): Change => ({ kind: vision.kind, action: 'replace', id: each.id })),
    ]),
  )
}

/** A version that is replaced takes its sentences with it. */
export async function sentencesReplaced(ctx: Context, attempts: Step): Promise<Map<string, Change[]>> {
  const standing = await read(ctx, sentence)
    .in({ vision: attempts.map(({ id }) => id), state: 'standing' })
    .pick('id', 'vision')
    .rows()
  return new Map(
    attempts.map(({ id }) => [
      id,
      standing
        .filter((each) => each.vision === id)
        .map((each): Change => ({ kind: sentence.kind, action: 'replace', id: each.id })),
    ]),
  )
}
