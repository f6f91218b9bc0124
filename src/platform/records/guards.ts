/**
 * What stands in the way of a verb: its own guard and what other rooms hold against it, asked once for all records of a
 * save; and the changes of other records that belong to it.
 */
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { Attempt, Objections, Verb, VerbDeclaration } from '#kernel/verb.ts'
import type { Context, WriteContext } from '../context.ts'
import type { Change, Prepared } from './change.ts'
import { verbsOf } from './rules.ts'

type Ask = (ctx: Context, attempts: readonly Attempt[]) => Promise<Objections>

/** The guard of a verb and the blocks of other rooms, as one question. */
function asking(known: KnownKind, verb: Verb): Ask[] {
  const blocks = known.blocks.filter((each) => each.verb === verb.name)
  return [
    ...(verb.guard ? [verb.guard as unknown as Ask] : []),
    ...blocks.map(
      ({ found }): Ask =>
        (ctx, attempts) =>
          (found as unknown as (ctx: Context, ids: readonly string[]) => Promise<Objections>)(
            ctx,
            attempts.map(({ id }) => id),
          ),
    ),
  ]
}

async function objectionsTo(
  ctx: Context,
  known: KnownKind,
  verb: Verb,
  attempts: readonly Attempt[],
): Promise<Map<string, FieldProblem[]>> {
  const found = new Map<string, FieldProblem[]>(attempts.map(({ id }) => [id, []]))
  for (const ask of asking(known, verb))
    for (const [id, problems] of await ask(ctx, attempts)) found.get(id)?.push(...problems)
  return found
}

/** What stands in the way of a step that a page offers, before anything is asked. */
export async function obstaclesTo(ctx: Context, record: AnyRecord, verb: Verb): Promise<readonly FieldProblem[]> {
  const known = ctx.registry.kind(record.kind)
  if (asking(known, verb).length === 0) return []
  const attempt = { id: record.id, before: record, after: { ...record, state: verb.to } }
  const found = (await objectionsTo(ctx, known, verb, [attempt])).get(record.id) ?? []
  return found.filter(({ at }) => at === '/')
}

/** Asks the guards and blocks of all verbs of a save, and adds what they say to the changes. */
export async function askGuards(ctx: WriteContext, all: readonly Prepared[]): Promise<void> {
  const uses = all.flatMap((prepared) =>
    prepared.refusal || (!prepared.before && ctx.caller.system)
      ? []
      : verbsOf(prepared)
          .filter((each) => asking(prepared.known, each).length > 0)
          .map((each) => ({ prepared, verb: each, slot: `${each.kind}.${each.name}` })),
  )
  const found = new Map<Prepared, FieldProblem[][]>()
  for (const group of Map.groupBy(uses, ({ slot }) => slot).values()) {
    const { prepared, verb } = group[0]!
    const objections = await objectionsTo(
      ctx,
      prepared.known,
      verb,
      group.map(({ prepared: { before, after } }) => ({ id: after.id, before, after })),
    )
    for (const each of group)
      found.set(each.prepared, [...(found.get(each.prepared) ?? []), objections.get(each.prepared.after.id) ?? []])
  }
  // Several verbs may lead to the state in which a record is created; one that agrees is enough.
  for (const [prepared, answers] of found) {
    const free = answers.length < verbsOf(prepared).length || answers.some((problems) => problems.length === 0)
    if (!free) prepared.problems.push(...answers[0]!)
  }
}

/** The changes that belong to the verbs of a save, by the change that brings them. */
export async function followersOf(ctx: WriteContext, all: readonly Prepared[]): Promise<Map<Prepared, Change[]>> {
  const ids = new Set(all.map(({ after }) => after.id))
  const uses = all.flatMap((prepared) =>
    prepared.refusal
      ? []
      : verbsOf(prepared)
          .filter((each) => each.follow)
          .map((each) => ({ prepared, verb: each, slot: `${each.kind}.${each.name}` })),
  )
  const found = new Map<Prepared, Change[]>()
  for (const group of Map.groupBy(uses, ({ slot }) => slot).values()) {
    const follow = group[0]!.verb.follow as unknown as NonNullable<
      VerbDeclaration<RecordKind, Context, Change>['follow']
    >
    const changes = await follow(
      ctx,
      group.map(({ prepared: { before, after } }) => ({ id: after.id, before, after })) as never,
    )
    // What the writer does to a record in the same save stands before what the step would do to it.
    for (const { prepared } of group)
      found.set(
        prepared,
        (changes.get(prepared.after.id) ?? []).filter((change) => change.id === undefined || !ids.has(change.id)),
      )
  }
  return found
}
