/**
 * Which records belong to an export. The set is kept in a temporary table of the reading transaction, so that a plan of
 * a hundred thousand records needs no more memory here than one of ten. Everything follows from the declarations: a
 * kind that a room adds later is found by its references and links.
 */

import { type RawBuilder, sql } from 'kysely'
import { acceptsKind, isSingleReference, targetKinds } from '#kernel/fields/reference.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Scope } from '../content/index.ts'
import type { Context } from '../context.ts'
import type { AppContext } from '../page.ts'
import { conditionsOf, type Relation, readableRecords, tableOf } from '../records/index.ts'

/** A walk ends after this many steps; a line of sight is a few steps deep. */
const maxRounds = 100

/** Holds people's names: never exported with a plan, only when everything is. */
const isPersonal = (kind: RecordKind) =>
  kind.title.personal || Object.values(kind.fields).some((field) => field.personal === true)

/** Fills `pg_temp.exported (id, kind, context, round)` with what the caller may read. */
export async function selectRecords(ctx: AppContext, scope: Scope): Promise<void> {
  await sql`create temporary table exported (id uuid primary key, kind text not null, context boolean not null, round integer not null) on commit drop`.execute(
    ctx.db,
  )
  const kinds = [...ctx.registry.kinds.values()].map((known) => known.declaration)
  const carried = kinds.filter((kind) => !isPersonal(kind) && !ctx.exchange.without.includes(kind.kind))
  if (scope.of === 'all') {
    const names = kinds.map((kind) => kind.kind).filter((kind) => !ctx.exchange.without.includes(kind))
    await sql`insert into exported select r.id, r.kind, false, 0 from ${readableRecords(ctx, names)} r`.execute(ctx.db)
    return analyzed(ctx)
  }
  const carriedOnly = readableRecords(
    ctx,
    carried.map((kind) => kind.kind),
  )
  if (scope.of === 'list') {
    const { declaration } = ctx.registry.kind(scope.kind)
    const where = sql.join(conditionsOf(ctx, declaration, scope.where ?? {}), sql` and `)
    await sql`insert into exported select r.id, r.kind, false, 0 from records.record r join ${tableOf(scope.kind)} t on t.id = r.id
      where ${where}`.execute(ctx.db)
  } else {
    await sql`insert into exported select r.id, r.kind, false, 0 from ${readableRecords(ctx, [scope.kind])} r
      where r.id = ${scope.id}`.execute(ctx.db)
    const steps = carried.flatMap((kind) => stepsDown(kind, kinds, scope))
    await walk(ctx, steps, carriedOnly, false, 1)
  }
  await walk(ctx, stepsUp(carried), carriedOnly, true, maxRounds + 1)
  return analyzed(ctx)
}

const analyzed = async (ctx: Context) => {
  await sql`analyze exported`.execute(ctx.db)
}

type Step = { readonly kinds: readonly string[]; readonly reached: (round: number) => RawBuilder<unknown> }

/** Expands what the last round found until nothing is new. */
async function walk(
  ctx: Context,
  steps: readonly Step[],
  readable: Relation,
  context: boolean,
  first: number,
): Promise<void> {
  for (let round = first; round < first + maxRounds; round += 1) {
    // The first round of a walk starts from everything in the set.
    const present = await sql<{ kind: string }>`select distinct kind from exported`.execute(ctx.db)
    const there = new Set(present.rows.map((row) => row.kind))
    const from = round === first ? -1 : round - 1
    let found = 0n
    for (const step of steps) {
      if (!step.kinds.some((kind) => there.has(kind))) continue
      const { numAffectedRows } = await sql`
        insert into exported select r.id, r.kind, ${context}, ${round}::integer from ${readable} r
        where r.id in (${step.reached(from)}) on conflict do nothing`.execute(ctx.db)
      found += numAffectedRows ?? 0n
    }
    if (found === 0n) return
  }
}

/**
 * What belongs to a member: records that must name it, that are below it within its own kind, that name the plan, and
 * everything further from the vision along the links. What names another plan belongs to that one.
 */
function stepsDown(kind: RecordKind, kinds: readonly RecordKind[], root: { kind: string; id: string }): Step[] {
  const steps: Step[] = []
  const members = (from: number) => sql`select m.id from exported m where not m.context and m.round >= ${from}`
  const own = elsewhere(kind, root)
  for (const [name, field] of Object.entries(kind.fields)) {
    const targets = targetKinds(field)
    if (!isSingleReference(field) || targets === 'any') continue
    if (!(field.required || acceptsKind(field, kind.kind) || acceptsKind(field, root.kind))) continue
    steps.push({
      kinds: targets,
      reached: (from) =>
        sql`select t.id from ${tableOf(kind.kind)} t where t.${sql.id(name)} in (${members(from)}) ${own}`,
    })
  }
  for (const [name, link] of Object.entries(kind.links)) {
    const full = `${kind.kind}.${name}`
    if (link.towards === 'vision')
      steps.push({
        kinds: link.to,
        reached: (
          from,
        ) => sql`select t.id from ${tableOf(kind.kind)} t join records.link l on l."from" = t.id and l.name = ${full}
          where l."to" in (${members(from)}) ${own}`,
      })
    else
      for (const to of kinds.filter((each) => link.to.includes(each.kind)))
        steps.push({
          kinds: [kind.kind],
          reached: (
            from,
          ) => sql`select t.id from ${tableOf(to.kind)} t join records.link l on l."to" = t.id and l.name = ${full}
            where l."from" in (${members(from)}) ${elsewhere(to, root)}`,
        })
  }
  return steps
}

/** Leaves out what names another plan. */
function elsewhere(kind: RecordKind, root: { kind: string; id: string }): RawBuilder<unknown> {
  const names = Object.entries(kind.fields)
    .filter(([, field]) => isSingleReference(field) && field.to === root.kind)
    .map(([name]) => sql`and (t.${sql.id(name)} is null or t.${sql.id(name)} = ${root.id})`)
  return names.length > 0 ? sql.join(names, sql` `) : sql``
}

/** What members and their surroundings point at, so that the content is self-contained. */
function stepsUp(kinds: readonly RecordKind[]): Step[] {
  const names = kinds.map((kind) => kind.kind)
  const steps: Step[] = []
  for (const column of ['organisation', 'owner'])
    steps.push({
      kinds: names,
      reached: (from) =>
        sql`select p.${sql.id(column)} from records.record p join exported m on m.id = p.id and m.round >= ${from}`,
    })
  for (const kind of kinds) {
    for (const [name, field] of Object.entries(kind.fields)) {
      const targets = targetKinds(field)
      if (targets !== 'any' && !targets.some((each) => names.includes(each))) continue
      const value = isSingleReference(field) ? sql`t.${sql.id(name)}` : sql`unnest(t.${sql.id(name)})`
      steps.push({
        kinds: [kind.kind],
        reached: (from) =>
          sql`select ${value} from ${tableOf(kind.kind)} t join exported m on m.id = t.id and m.round >= ${from}`,
      })
    }
    if (Object.keys(kind.links).length > 0)
      steps.push({
        kinds: [kind.kind],
        reached: (from) => sql`select l."to" from records.link l join exported m on m.id = l."from" and not m.context
          where m.round >= ${from} and m.kind = ${kind.kind}`,
      })
  }
  return steps
}
