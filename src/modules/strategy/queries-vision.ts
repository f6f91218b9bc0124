/** The vision: its versions, the sentences of one of them, the outcomes that answer each. */
import { sql } from 'kysely'
import type { Localized } from '#kernel/words.ts'
import type { Context } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import { type OutcomeRow, type OutcomeStanding, outcomeColumns, outcomeStandings } from './queries-standing.ts'

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
export async function visionVersions(ctx: Context): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select r.id, r.code, r.title, r.state, r.audience, r.version, r.organisation, r.owner, t.plan, t."versionLabel", t."adoptedOn", t."reviewOn"
    from strategy.vision t join records.record r on r.id = t.id
    where r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    order by array_position('{adopted,draft,replaced}'::text[], r.state), t."adoptedOn" desc nulls last, r.code desc limit 100`.execute(
    ctx.db,
  )
  return rows
}

export type SentenceRow = {
  readonly id: string
  readonly code: string
  readonly title: Localized
  readonly state: string
  readonly position: number
  readonly replaces: { readonly code: string; readonly title: Localized } | null
  readonly replacedBy: { readonly code: string; readonly title: Localized } | null
}

const nameOfOther = (id: ReturnType<typeof sql>, ctx: Context) => sql`(
  select jsonb_build_object('code', r.code, 'title', r.title) from records.record r
  where r.id = ${id} and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)})`

/** Sentences of one version in their order, each with the one it took the place of and the one that took its place. */
export async function sentencesOf(ctx: Context, vision: string): Promise<SentenceRow[]> {
  const { rows } = await sql<SentenceRow>`
    select r.id, r.code, r.title, r.state, t.position, ${nameOfOther(sql`t.replaces`, ctx)} as replaces,
      ${nameOfOther(sql`(select n.id from strategy.sentence n join records.record k on k.id = n.id where n.replaces = t.id and k."retiredAt" is null order by n.id desc limit 1)`, ctx)} as "replacedBy"
    from strategy.sentence t join records.record r on r.id = t.id
    where t.vision = ${vision} and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)}
    order by t.position, r.code limit 1000`.execute(ctx.db)
  return rows
}

export type Answer = OutcomeRow & { readonly sentence: string }

/** Outcomes that answer these sentences. */
export async function answersTo(ctx: Context, sentences: readonly string[]): Promise<Answer[]> {
  if (sentences.length === 0) return []
  const { rows } = await sql<Answer>`
    select ${outcomeColumns(ctx)}, a."to" as sentence from records.link a
    join strategy.outcome t on t.id = a."from" join records.record r on r.id = t.id
    where a."to" = any(${[...sentences]}::uuid[]) and a.name = 'strategy.outcome.answers' and r."retiredAt" is null
      and r.state <> 'dropped' and ${ctx.policies.visible(ctx.caller)} order by r.code limit 1000`.execute(ctx.db)
  return rows
}

/** Outcomes that answer no sentence at all: of the vision's plan, or of every plan where the vision names none. */
export async function outcomesWithoutSentence(ctx: Context, plan: string | null): Promise<OutcomeRow[]> {
  const { rows } = await sql<OutcomeRow>`
    select ${outcomeColumns(ctx)} from strategy.outcome t join records.record r on r.id = t.id
    where r."retiredAt" is null and r.state <> 'dropped' and (${plan}::uuid is null or t.plan = ${plan} or t.plan is null)
      and not exists (select 1 from records.link a where a."from" = t.id and a.name = 'strategy.outcome.answers')
      and ${ctx.policies.visible(ctx.caller)} order by r.code limit 50`.execute(ctx.db)
  return rows
}

export type VisionNow = {
  readonly versions: readonly VersionRow[]
  readonly shown: VersionRow
  readonly sentences: readonly SentenceRow[]
  readonly answers: readonly Answer[]
  readonly standings: ReadonlyMap<string, OutcomeStanding>
  readonly without: readonly OutcomeRow[]
}

/** The version asked for by its number, else the one in force; nothing where the caller may read none. */
export async function visionAt(
  ctx: AppContext,
  code?: string,
  options: { counts?: boolean } = {},
): Promise<VisionNow | undefined> {
  const versions = await visionVersions(ctx)
  const shown = code ? versions.find((each) => each.code === code.toUpperCase()) : versions[0]
  if (!shown) return undefined
  const sentences = await sentencesOf(ctx, shown.id)
  const [answers, without] = await Promise.all([
    answersTo(
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
    standings: await outcomeStandings(ctx, [...outcomes.values()], options),
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

/** Outcomes that still answer a sentence that no longer stands, with the sentence that took its place. */
export async function looseEnds(ctx: Context, limit = 500): Promise<LooseEnd[]> {
  const { rows } = await sql<LooseEnd>`
    select r.id as outcome, r.code, r.title, r.version, jsonb_build_object('id', s.id, 'code', s.code, 'title', s.title,
      'replacedBy', (select n.id from strategy.sentence n join records.record k on k.id = n.id
        where n.replaces = s.id and k.state = 'standing' and k."retiredAt" is null order by n.id desc limit 1)) as sentence
    from records.link a join records.record s on s.id = a."to" and s.state = 'replaced'
    join records.record r on r.id = a."from" and r.state <> 'dropped' and r."retiredAt" is null
    where a.name = 'strategy.outcome.answers' and ${ctx.policies.visible(ctx.caller)} order by s.code, r.code limit ${limit}`.execute(
    ctx.db,
  )
  return rows
}
