/** Endpoints that change one record: create, change, retire, restore, verbs, publish, withdraw, rows. */
import { sql } from 'kysely'
import { type FieldProblem, invalid, Problem } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import { inTransaction } from '../app.ts'
import type { WriteContext } from '../context.ts'
import { type Change, openChangeSet, Permit, prepare, publish, save, withdraw, write } from '../records/index.ts'
import type { ApiHandler } from './handlers.ts'
import { agreedVersion, asPrecondition, needIfMatch, readIfMatch, tagOf } from './preconditions.ts'
import { contextOf, objectOf } from './request.ts'
import { answerSaved, currentOf, factsOf, merged, rowChangesOf } from './writing.ts'

const keyOf = (request: { params: unknown }) => (request.params as { id: string }).id

/** `POST /strategy/outcomes`: a record with its links, external ids and rows; `state` if it is not the first one. */
export const createHandler =
  (known: KnownKind): ApiHandler =>
  async (request, reply) => {
    const ctx = contextOf(request)
    const kind = known.declaration
    const { rows: givenRows, state, ...values } = objectOf(request.body)
    const problems: FieldProblem[] = []
    const rows = rowChangesOf(known, givenRows, problems)
    if (state !== undefined && !(kind.states as readonly unknown[]).includes(state))
      problems.push({ at: '/state', code: 'field.not-a-choice', values: { allowed: kind.states.join(', ') } })
    if (problems.length > 0) throw invalid('records.invalid', problems, { count: problems.length })
    const change: Change = {
      kind: kind.kind,
      action: 'create',
      values,
      ...(state === undefined ? {} : { state: state as string }),
      ...(rows ? { rows } : {}),
    }
    const facts = factsOf(request)
    const { changeSet, saved } = await inTransaction(ctx, (inside) => write(inside, facts, [change]))
    return answerSaved(reply, ctx, kind, { id: saved[0]!.id, changeSet, status: 201 })
  }

/** `PATCH …/{id}`: JSON merge against the version named by If-Match. */
export const changeHandler =
  (kind: RecordKind): ApiHandler =>
  async (request, reply) => {
    const expected = needIfMatch(request.headers['if-match'])
    const ctx = contextOf(request)
    const values = objectOf(request.body)
    const facts = factsOf(request)
    const { id, changeSet } = await inTransaction(ctx, async (inside) => {
      const current = await currentOf(inside, kind, keyOf(request))
      const version = agreedVersion(expected, current, values)
      const change = {
        kind: kind.kind,
        id: current.id,
        action: 'change',
        version,
        values: merged(kind, current, values, ctx.registry.language),
      }
      return { id: current.id, ...(await write(inside, facts, [change]).catch(precondition)) }
    })
    return answerSaved(reply, ctx, kind, { id, changeSet })
  }

/** `DELETE …/{id}`: hides the record; nothing is lost, and `restore` brings it back. */
export const retireHandler =
  (kind: RecordKind): ApiHandler =>
  async (request, reply) => {
    const expected = needIfMatch(request.headers['if-match'])
    const ctx = contextOf(request)
    const facts = factsOf(request)
    const changeSet = await inTransaction(ctx, async (inside) => {
      const current = await currentOf(inside, kind, keyOf(request))
      const version = agreedVersion(expected, current, {})
      const change = { kind: kind.kind, id: current.id, action: 'retire', version }
      return (await write(inside, facts, [change]).catch(precondition)).changeSet
    })
    if (changeSet) reply.header('change-set', changeSet)
    return reply.code(204).send()
  }

/** A verb of the life cycle, or `restore`: `POST …/{id}/agree { why?, values? }`. If-Match is honoured if given. */
export const actHandler =
  (kind: RecordKind, action: string): ApiHandler =>
  async (request, reply) => {
    const expected = readIfMatch(request.headers['if-match'])
    const ctx = contextOf(request)
    const { why, values, ...others } = objectOf(request.body, true)
    refuseOthers(others)
    const given = values === undefined ? undefined : objectOf(values)
    const facts = factsOf(request, why)
    const { id, changeSet } = await inTransaction(ctx, async (inside) => {
      const current = await currentOf(inside, kind, keyOf(request))
      const version = agreedVersion(expected, current, given ?? {})
      const change = {
        kind: kind.kind,
        id: current.id,
        action,
        version,
        ...(given ? { values: merged(kind, current, given, ctx.registry.language) } : {}),
      }
      const problems = await write(inside, facts, [change]).catch(precondition)
      return { id: current.id, ...problems }
    }).catch(belowValues)
    return answerSaved(reply, ctx, kind, { id, changeSet })
  }

/** `POST …/{id}/publish { publicFrom?, why? }`: now (200), or approved for a later day (202). */
export const publishHandler =
  (kind: RecordKind): ApiHandler =>
  async (request, reply) => {
    const expected = readIfMatch(request.headers['if-match'])
    const ctx = contextOf(request)
    const { why, publicFrom, ...others } = objectOf(request.body, true)
    refuseOthers(others)
    const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
    if (publicFrom !== undefined && !(typeof publicFrom === 'string' && instant.test(publicFrom)))
      throw invalid('records.bad-embargo', [{ at: '/publicFrom', code: 'field.not-an-instant' }])
    const facts = factsOf(request, why)
    const done = await inTransaction(ctx, async (inside) => {
      const current = await currentOf(inside, kind, keyOf(request))
      const version = agreedVersion(expected, current, {})
      const [publication] = await publish(
        inside,
        facts,
        [{ kind: kind.kind, id: current.id, version }],
        publicFrom as string | undefined,
      ).catch(precondition)
      return {
        id: current.id,
        publication: publication!,
        changeSet: publication!.done ? await changeSetSince(inside, current) : null,
      }
    })
    if (done.publication.done) return answerSaved(reply, ctx, kind, { id: done.id, changeSet: done.changeSet })
    return reply.code(202).send({ id: done.id, kind: kind.kind, publicFrom: done.publication.publicFrom })
  }

/** `POST …/{id}/withdraw { why? }`: withdraws the record from the public and drops pending publications. */
export const withdrawHandler =
  (kind: RecordKind): ApiHandler =>
  async (request, reply) => {
    const expected = readIfMatch(request.headers['if-match'])
    const ctx = contextOf(request)
    const { why, ...others } = objectOf(request.body, true)
    refuseOthers(others)
    const facts = factsOf(request, why)
    const { id, changeSet } = await inTransaction(ctx, async (inside) => {
      const current = await currentOf(inside, kind, keyOf(request))
      const version = agreedVersion(expected, current, {})
      await withdraw(inside, facts, [{ kind: kind.kind, id: current.id, version }]).catch(precondition)
      return { id: current.id, changeSet: await changeSetSince(inside, current) }
    })
    return answerSaved(reply, ctx, kind, { id, changeSet })
  }

/** `PUT …/{id}/measurement [{…}]`: sets rows by their keys; `{ set, remove, why }` also removes rows. */
export const writeRowsHandler =
  (known: KnownKind, name: string): ApiHandler =>
  async (request, reply) => {
    const expected = readIfMatch(request.headers['if-match'])
    const ctx = contextOf(request)
    const kind = known.declaration
    const listed = Array.isArray(request.body)
    const { why, ...parts } = listed ? { why: undefined, set: request.body } : objectOf(request.body)
    const problems: FieldProblem[] = []
    const rows = rowChangesOf(known, { [name]: parts }, problems)
    const start = `/rows/${name}`
    // A list may be the whole body; in an object it is `set`.
    const place = (at: string) =>
      at.replace(start, listed || !/^\/\d/.test(at.slice(start.length)) ? '' : '/set') || '/'
    if (problems.length > 0) throw invalid('records.invalid', moved(problems, place), { count: problems.length })
    const facts = factsOf(request, why)
    const result = await inTransaction(ctx, async (inside) => {
      const current = await currentOf(inside, kind, keyOf(request))
      const version = expected === undefined ? undefined : agreedVersion(expected, current, {})
      const change: Change = {
        kind: kind.kind,
        id: current.id,
        action: 'change',
        ...(version === undefined ? {} : { version }),
        rows: rows!,
      }
      const prepared = await prepare(inside, [change]).catch(precondition)
      const permit = Permit.for(inside, prepared)
      const written = prepared[0]!.rows[name] ?? []
      const asked = rows![name]!.set!.length + rows![name]!.remove!.length
      const changeSet = permit.covered.length > 0 ? await openChangeSet(inside, facts) : null
      if (changeSet) await save(changeSet, permit)
      const count = (which: (row: (typeof written)[number]) => boolean) => written.filter(which).length
      return {
        changeSet: changeSet?.id ?? null,
        version: prepared[0]!.after.version,
        counts: {
          created: count((row) => !row.before && Boolean(row.after)),
          changed: count((row) => Boolean(row.before && row.after)),
          removed: count((row) => !row.after),
          unchanged: asked - written.length,
        },
      }
    }).catch((error: unknown) => {
      throw error instanceof Problem && error.fields.length > 0
        ? new Problem(error.kind, error.reason, { ...error, fields: moved(error.fields, place) })
        : error
    })
    if (result.changeSet) reply.header('change-set', result.changeSet)
    return reply.header('etag', tagOf(result.version)).send(result.counts)
  }

const moved = (fields: readonly FieldProblem[], place: (at: string) => string): FieldProblem[] =>
  fields.map((field) => ({ ...field, at: place(field.at) }))

const precondition = (error: unknown): never => {
  throw asPrecondition(error)
}

/** Problems in `values`: their place in the body is below that key; one of the record as a whole stays where it is. */
const belowValues = (error: unknown): never => {
  if (error instanceof Problem && error.fields.length > 0)
    throw new Problem(error.kind, error.reason, {
      ...error,
      fields: moved(error.fields, (at) => (at === '/' ? at : `/values${at}`)),
    })
  throw error
}

function refuseOthers(others: Record<string, unknown>): void {
  const fields = Object.keys(others).map((name) => ({ at: `/${name}`, code: 'field.unknown', values: { name } }))
  if (fields.length > 0) throw invalid('records.invalid', fields, { count: fields.length })
}

/** The change set that the running transaction has just written for a record it holds locked; null if nothing moved. */
async function changeSetSince(ctx: WriteContext, before: AnyRecord): Promise<string | null> {
  const { rows } = await sql<{ changeSet: string }>`
    select e."changeSet" from records.entry e join records.record r on r.id = e.record
    where e.record = ${before.id} and r.version > ${before.version} order by e.sequence desc limit 1`.execute(ctx.db)
  return rows[0]?.changeSet ?? null
}
