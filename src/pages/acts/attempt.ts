/**
 * Asks the gate what a step would do to each of many records, and takes it for those that nothing stands in the way of:
 * set-based, in one change set.
 */
import { sql } from 'kysely'
import { type FieldProblem, Problem } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { WriteContext } from '#platform/context.ts'
import { documentOf } from '#platform/http/index.ts'
import type { AppContext } from '#platform/page.ts'
import {
  altersNothing,
  authorize,
  type Change,
  type LinkEnd,
  openChangeSet,
  Permit,
  type Prepared,
  prepare,
  publish,
  readableRecords,
  save,
} from '#platform/records/index.ts'
import { presenterOf } from '../presenter.ts'
import { problemMessages } from '../record/controls.ts'
import { languagesOf } from '../record/form-values.ts'
import { type Act, changeBy, type Given } from './act.ts'

export type Asked = {
  readonly act: Act
  readonly records: readonly AnyRecord[]
  /** The version of each that the reader has seen; what changed since is left out. */
  readonly seen: ReadonlyMap<string, number>
  readonly given: Given
  /** A record that is written first, because the others are linked to it. */
  readonly made?: Change
  /** When publishing: those that lack one of the city's languages as well, and from which instant. */
  readonly untranslated: boolean
  readonly publicFrom?: string
}

export type Tried = {
  readonly record: AnyRecord
  /** What stands in the way, in sentences; none = it can be done. */
  readonly obstacles: readonly string[]
  readonly prepared?: Prepared
}

export type Trial = {
  readonly tried: readonly Tried[]
  /** The record that is made first, and what is wrong with it. */
  readonly made?: Prepared
  readonly wrong: readonly FieldProblem[]
}

/** What would happen to each record; nothing is written. The gate locks what it checks, so this needs a transaction. */
export async function tryAct(ctx: AppContext, inside: WriteContext, asked: Asked): Promise<Trial> {
  const { act, records, given, made } = asked
  const known = await obstaclesBefore(ctx, inside, asked)
  const able = records.filter(({ id }) => !known.has(id))
  const links = (given.values as { links?: object }).links ? await storedLinks(inside, able) : new Map()
  const changes = able.map((record) => changeBy(ctx, act, record, given, links.get(record.id) ?? {}))
  const prepared = await prepare(inside, [...(made ? [made] : []), ...changes])
  const own = made ? prepared[0] : undefined
  const byId = new Map(prepared.map((each) => [each.after.id, each]))
  if (own) authorize(inside, own)
  return {
    ...(own ? { made: own } : {}),
    wrong: own?.problems ?? [],
    tried: records.map((record) => {
      const before = known.get(record.id)
      if (before) return { record, obstacles: [before] }
      const each = byId.get(record.id)!
      return { record, prepared: each, obstacles: obstaclesOf(ctx, inside, each) }
    }),
  }
}

/** Takes the step for those records that nothing stands in the way of. Null if there are none. */
export async function takeAct(
  inside: WriteContext,
  { act, publicFrom }: Asked,
  { made, tried }: Trial,
  why: string | null,
): Promise<{ changeSet: string | null; count: number } | null> {
  const sound = tried.flatMap(({ obstacles, prepared }) => (obstacles.length === 0 && prepared ? [prepared] : []))
  if (sound.length === 0) return null
  const facts = { source: 'page', why }
  if (act.name === 'publish') {
    const done = await publish(
      inside,
      facts,
      sound.map(({ change: { kind, id, version } }) => ({ kind, id: id!, version: version! })),
      publicFrom,
    )
    return { changeSet: done[0]!.changeSet, count: done.length }
  }
  const permit = Permit.for(inside, [...(made ? [made] : []), ...sound])
  const changeSet = await openChangeSet(inside, facts)
  await save(changeSet, permit)
  return { changeSet: changeSet.id, count: sound.length }
}

/** What the gate has against it, or that it would change nothing. */
function obstaclesOf(ctx: AppContext, inside: WriteContext, prepared: Prepared): readonly string[] {
  const { say } = presenterOf(ctx)
  const { declaration } = prepared.known
  try {
    authorize(inside, prepared)
  } catch (error) {
    if (error instanceof Problem) return [saidOf(ctx, declaration, error)]
    throw error
  }
  if (prepared.refusal) return [saidOf(ctx, declaration, prepared.refusal)]
  if (prepared.problems.length > 0)
    return [...new Set(problemMessages(ctx, declaration, prepared.problems).mistakes.map(({ text }) => text))]
  return altersNothing(prepared) ? [say('record.act.already')] : []
}

const saidOf = (ctx: AppContext, { kind }: RecordKind, problem: Problem): string =>
  documentOf(problem, { registry: ctx.registry, language: ctx.language, instance: '', request: '', kind }).detail

/** What can be said without asking the gate, by record. */
async function obstaclesBefore(ctx: AppContext, inside: WriteContext, asked: Asked): Promise<Map<string, string>> {
  const { act, records, seen } = asked
  const { say, kind } = presenterOf(ctx)
  const waiting = act.name === 'publish' ? await waitingFor(inside, records) : new Set<string>()
  const found = new Map<string, string>()
  const lacking = (record: AnyRecord) => {
    if (record.audience === 'public') return say('record.act.publish.public')
    if (waiting.has(record.id)) return say('record.act.publish.waiting')
    // What is planned, replaced or has ended badly may be public; what was dropped or is not agreed takes its own page.
    if (record.state === 'dropped') return say('record.act.publish.dropped')
    if (record.state === 'draft') return say('record.act.publish.draft')
    const missing = languagesOf(ctx).some((language) => !record.title[language]?.trim() && !record.title.und)
    return missing && !asked.untranslated ? say('record.act.publish.untranslated') : undefined
  }
  for (const record of records) {
    const stale = seen.get(record.id) !== undefined && seen.get(record.id) !== record.version
    const obstacle = !act.kinds.includes(record.kind)
      ? say('record.act.other-kind', { kind: kind(record.kind) })
      : stale
        ? say('record.act.changed')
        : act.name === 'publish'
          ? lacking(record)
          : undefined
    if (obstacle) found.set(record.id, obstacle)
  }
  return found
}

/** Those that are approved for a later day in the version that stands. */
async function waitingFor(ctx: WriteContext, records: readonly AnyRecord[]): Promise<Set<string>> {
  const { rows } = await sql<{ record: string }>`
    select p.record from records.publication p join ${readableRecords(ctx)} r on r.id = p.record and r.version = p.version
    where p."doneAt" is null and p.record = any(${records.map(({ id }) => id)}::uuid[])`.execute(ctx.db)
  return new Set(rows.map(({ record }) => record))
}

/** The links that start at some records, by record and name; the gate keeps those that the writer cannot see. */
async function storedLinks(
  { db }: WriteContext,
  records: readonly AnyRecord[],
): Promise<Map<string, Record<string, LinkEnd[]>>> {
  const { rows } = await sql<{ from: string; name: string; to: string; weight: string | null }>`
    select "from", name, "to", weight from records.link where "from" = any(${records.map(({ id }) => id)}::uuid[])`.execute(
    db,
  )
  const found = new Map<string, Record<string, LinkEnd[]>>()
  for (const { from, name, to, weight } of rows) {
    const own = found.get(from) ?? {}
    found.set(from, own)
    const link = name.split('.').at(-1)!
    own[link] = [...(own[link] ?? []), weight === null ? { to } : { to, weight }]
  }
  return found
}
