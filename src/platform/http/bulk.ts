/**
 * `POST …/bulk`: up to a thousand records in one transaction and one change set. Set-based: matched with the stored
 * records together, checked one by one, written together. Without `atomic`, valid items are saved and the rest is
 * listed.
 */
import { type FieldProblem, invalid, notFound, Problem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import { inTransaction } from '../app.ts'
import type { WriteContext } from '../context.ts'
import { isId } from '../id.ts'
import {
  altersNothing,
  authorize,
  byExternalId,
  type Change,
  type ExternalId,
  openChangeSet,
  Permit,
  type Prepared,
  prepare,
  read,
  save,
} from '../records/index.ts'
import { documentOf } from './errors.ts'
import type { ApiHandler } from './handlers.ts'
import { contextOf, objectOf } from './request.ts'
import { factsOf, merged, rowChangesOf } from './writing.ts'

export const bulkLimit = 1000

/** One item as requested, with what is wrong with it so far. */
type Item = {
  readonly index: number
  readonly id?: string
  readonly externalId?: ExternalId
  readonly version?: number
  readonly action?: string
  readonly values: Record<string, unknown>
  readonly rows?: Change['rows']
  problem?: Problem
  change?: Change
  prepared?: Prepared
}

const itemKeys = new Set(['id', 'externalId', 'version', 'action', 'values', 'rows'])

export const bulkHandler =
  (known: KnownKind): ApiHandler =>
  async (request, reply) => {
    const ctx = contextOf(request)
    const { items: given, atomic, why, ...others } = objectOf(request.body)
    const asked = readItems(known, given, atomic, others)
    const facts = factsOf(request, why)
    const result = await inTransaction(ctx, async (inside) => {
      const items = asked.map((item) => ({ ...item }))
      await resolve(inside, known, items)
      await prepareSound(inside, items)
      const wrong = items.filter((item) => item.problem)
      if (atomic !== false && wrong.length > 0) throw allOrNothing(wrong)
      const sound = items.filter((item) => item.prepared)
      const permit = Permit.for(
        inside,
        sound.map((item) => item.prepared!),
      )
      const changeSet = permit.covered.length > 0 ? await openChangeSet(inside, facts) : null
      if (changeSet) await save(changeSet, permit)
      return { items, changeSet: changeSet?.id ?? null }
    })
    const { registry, language } = ctx
    const reported = result.items.map((item) => {
      if (item.problem) {
        const about = { registry, language, instance: request.url, request: request.id, kind: known.declaration.kind }
        const { status, reason, detail, errors } = documentOf(item.problem, about)
        return { result: 'rejected', problem: { status, reason, detail, ...(errors ? { errors } : {}) } }
      }
      const { after, before } = item.prepared!
      const done = altersNothing(item.prepared!) ? 'unchanged' : before ? 'changed' : 'created'
      return { result: done, id: after.id, code: after.code, version: after.version }
    })
    const countOf = (name: string) => reported.filter((each) => each.result === name).length
    if (result.changeSet) reply.header('change-set', result.changeSet)
    return reply.send({
      changeSet: result.changeSet,
      created: countOf('created'),
      changed: countOf('changed'),
      unchanged: countOf('unchanged'),
      rejected: countOf('rejected'),
      items: reported,
    })
  }

function readItems(known: KnownKind, given: unknown, atomic: unknown, others: Record<string, unknown>): Item[] {
  const problems: FieldProblem[] = Object.keys(others).map((name) => ({
    at: `/${name}`,
    code: 'field.unknown',
    values: { name },
  }))
  if (atomic !== undefined && typeof atomic !== 'boolean')
    problems.push({ at: '/atomic', code: 'field.type', values: { type: 'boolean' } })
  if (!Array.isArray(given)) problems.push({ at: '/items', code: 'field.type', values: { type: 'array' } })
  else if (given.length === 0) problems.push({ at: '/items', code: 'field.too-few', values: { limit: 1 } })
  else if (given.length > bulkLimit)
    problems.push({ at: '/items', code: 'field.too-many', values: { limit: bulkLimit } })
  if (problems.length > 0) throw invalid('records.invalid', problems, { count: problems.length })
  return (given as unknown[]).map((each, index) => readItem(known, each, index))
}

function readItem(known: KnownKind, given: unknown, index: number): Item {
  const fields: FieldProblem[] = []
  const object = typeof given === 'object' && given !== null && !Array.isArray(given) ? given : undefined
  if (!object) fields.push({ at: '/', code: 'field.type', values: { type: 'object' } })
  const raw: Record<string, unknown> = { ...object }
  for (const name of Object.keys(raw))
    if (!itemKeys.has(name)) fields.push({ at: `/${name}`, code: 'field.unknown', values: { name } })
  const { id, externalId, version, action, values, rows } = raw
  if (id !== undefined && !(typeof id === 'string' && isId(id))) fields.push({ at: '/id', code: 'field.pattern' })
  if (externalId !== undefined && !isExternalId(externalId)) fields.push({ at: '/externalId', code: 'field.wrong' })
  if (version !== undefined && !Number.isInteger(version))
    fields.push({ at: '/version', code: 'field.type', values: { type: 'integer' } })
  const actions = ['create', 'change', 'retire', 'restore', ...known.verbs.map((verb) => verb.name)]
  if (action !== undefined && !actions.includes(action as string))
    fields.push({ at: '/action', code: 'field.not-a-choice', values: { allowed: actions.join(', ') } })
  if (values !== undefined && (typeof values !== 'object' || values === null || Array.isArray(values)))
    fields.push({ at: '/values', code: 'field.type', values: { type: 'object' } })
  const changes = rowChangesOf(known, rows, fields)
  const item: Item = {
    index,
    values: (values as Record<string, unknown> | undefined) ?? {},
    ...(typeof id === 'string' ? { id } : {}),
    ...(isExternalId(externalId) ? { externalId } : {}),
    ...(typeof version === 'number' ? { version } : {}),
    ...(typeof action === 'string' ? { action } : {}),
    ...(changes ? { rows: changes } : {}),
  }
  if (fields.length > 0) item.problem = invalid('records.invalid', fields, { count: fields.length })
  return item
}

const isExternalId = (value: unknown): value is ExternalId =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as ExternalId).source === 'string' &&
  typeof (value as ExternalId).id === 'string' &&
  Object.keys(value).length === 2

/** Finds the items' records, and turns each item into a change. */
async function resolve(ctx: WriteContext, known: KnownKind, items: Item[]): Promise<void> {
  const { kind } = known.declaration
  const ids = new Map<Item, string>()
  for (const item of items) if (item.id && !item.problem) ids.set(item, item.id)
  const byRoute = items.filter((item) => !item.problem && !item.id && item.externalId)
  for (const [source, group] of Map.groupBy(byRoute, (item) => item.externalId!.source)) {
    const wanted = group.map((item) => item.externalId!.id)
    const found = await byExternalId(ctx, kind, source, wanted)
    for (const item of group) {
      const id = found.get(item.externalId!.id)
      if (id) ids.set(item, id)
    }
  }
  const current = await readMany(ctx, known, [...new Set(ids.values())])
  const seen = new Set<string>()
  for (const item of items) {
    if (item.problem) continue
    const id = ids.get(item)
    const slot = id ?? (item.externalId ? JSON.stringify([item.externalId.source, item.externalId.id]) : undefined)
    if (slot !== undefined && seen.has(slot)) item.problem = new Problem('Invalid', 'records.repeated-in-bulk')
    else if (slot !== undefined) seen.add(slot)
    if (!item.problem) decide(known, item, id, id === undefined ? undefined : current.get(id), ctx.registry.language)
  }
}

/** Records by id that the caller may read, including retired ones. */
async function readMany(ctx: WriteContext, known: KnownKind, ids: readonly string[]): Promise<Map<string, AnyRecord>> {
  return ids.length === 0 ? new Map() : read(ctx, known.declaration.kind).retired().in({ id: ids }).byId()
}

function decide(
  known: KnownKind,
  item: Item,
  id: string | undefined,
  current: AnyRecord | undefined,
  cityLanguage: string,
): void {
  const { kind } = known.declaration
  const action = item.action ?? (id ? 'change' : 'create')
  const rows = item.rows ? { rows: item.rows } : {}
  if (action === 'create') {
    const { externalIds, ...values } = item.values
    const ids = item.externalId ? [item.externalId, ...listOf(externalIds)] : externalIds
    if (id) item.problem = new Problem('Conflict', 'records.there-already', { values: { id } })
    else
      item.change = { kind, action, values: { ...values, ...(ids === undefined ? {} : { externalIds: ids }) }, ...rows }
  } else if (!id || !current) item.problem = notFound(id ?? item.externalId?.id ?? '')
  else {
    // Texts by language are merged with the version read here, so the write is against that version.
    const version = item.version ?? current.version
    const onlyRows = Object.keys(item.values).length === 0 && item.rows && action === 'change'
    const values = onlyRows ? {} : { values: merged(known.declaration, current, item.values, cityLanguage) }
    item.change = { kind, id, action, version, ...values, ...rows }
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Matches the changes with their records in one go, then checks whether each is valid and allowed. */
async function prepareSound(ctx: WriteContext, items: Item[]): Promise<void> {
  const open = items.filter((item) => item.change)
  const prepared = await prepare(
    ctx,
    open.map((item) => item.change!),
  )
  for (const [at, item] of open.entries()) {
    const each = prepared[at]!
    try {
      authorize(ctx, each)
      if (each.refusal) item.problem = each.refusal
      else if (each.problems.length === 0) item.prepared = each
      else item.problem = invalid('records.invalid', each.problems.map(inItem), { count: each.problems.length })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      item.problem = error
    }
  }
}

const inItem = (field: FieldProblem): FieldProblem =>
  field.at === '/' || field.at.startsWith('/rows/') ? field : { ...field, at: `/values${field.at}` }

function allOrNothing(wrong: readonly Item[]): Problem {
  const fields = wrong.flatMap(({ index, problem }) => {
    const { fields: own, reason, values } = problem!
    if (own.length === 0) return [{ at: `/items/${index}`, code: reason, values }]
    return own.map((field) => ({ ...field, at: `/items/${index}${field.at === '/' ? '' : field.at}` }))
  })
  return new Problem('Invalid', 'records.bulk-rejected', { fields, values: { count: wrong.length } })
}
