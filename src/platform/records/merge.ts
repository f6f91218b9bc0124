/**
 * A change merged into its record: values parsed, the action applied. What is wrong stays beside it; rules that need more
 * than the record itself come later, in `rules.ts`.
 */
import canonicalize from 'canonicalize'
import { fieldType } from '#kernel/fields/types.ts'
import { type FieldProblem, Problem } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { Verb } from '#kernel/verb.ts'
import type { WriteContext } from '../context.ts'
import { newId } from '../id.ts'
import { todayOf } from '../today.ts'
import type { Change } from './change.ts'

/** Columns of `records.record` that a change may set through `values`. */
const settable = ['title', 'organisation', 'owner', 'audience'] as const
/** Columns that only verbs, publishing, retiring and undo may change. */
const guarded = ['state', 'audience', 'retiredAt'] as const

export type Merged = {
  after: AnyRecord
  values: Record<string, unknown>
  problems: FieldProblem[]
  changed: string[]
  refusal: Problem | null
  /** Is the record on its way out? A later rule must not block retiring or privacy erasure. */
  leaves: boolean
}

export function merge(ctx: WriteContext, known: KnownKind, change: Change, before: AnyRecord | undefined): Merged {
  const kind = known.declaration
  const now = ctx.now().toISOString()
  const values = normalized(ctx, kind, change.values ?? {})
  const restored: Record<string, unknown> = {}
  if (change.action === 'undo') {
    for (const name of guarded) {
      if (name in values) restored[name] = values[name]
      delete values[name]
    }
  }
  const problems = before ? known.change(values) : known.create(values)
  const usable = problems.length === 0 ? values : withoutWrong(values, problems)
  const base: AnyRecord = before ?? {
    id: change.id ?? newId(),
    kind: kind.kind,
    code: '',
    title: {},
    state: kind.states[0] as string,
    organisation: null,
    owner: null,
    audience: kind.audience,
    version: 0,
    createdAt: now,
    changedAt: now,
    retiredAt: null,
    ...Object.fromEntries(Object.keys(kind.fields).map((name) => [name, null])),
  }
  const after: AnyRecord = { ...base, version: base.version + 1, changedAt: now }
  for (const name of settable) if (usable[name] !== undefined) after[name] = usable[name] as never
  for (const name of Object.keys(kind.fields)) if (usable[name] !== undefined) after[name] = usable[name]
  for (const [name, value] of Object.entries(restored)) after[name] = value
  const refusal = change.action === 'undo' ? null : act(known, change, before, after, now, problems)
  const verb = refusal || !before ? undefined : known.verbs.find((each) => each.name === change.action)
  if (verb?.set && before) writeOwn(verb, before, after, usable, todayOf(ctx))
  const changed = changedColumns(kind, before, after)
  const leaves = after.retiredAt !== null || change.action === 'withdraw' || change.action === 'erase'
  return { after, values: usable, problems, changed, refusal, leaves }
}

/** A plain string means text in the city's language; there are no other shorthands. */
function normalized(ctx: WriteContext, kind: RecordKind, given: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = { ...given }
  if (typeof values.title === 'string')
    values.title = { [kind.title.localized ? ctx.registry.language : 'und']: values.title.trim() }
  for (const [name, field] of Object.entries(kind.fields)) {
    const value = values[name]
    if (value === '' && !field.empty) values[name] = null
    else if (field.localized && typeof value === 'string') values[name] = { [ctx.registry.language]: value }
    else if (value !== null && value !== undefined) values[name] = fieldType(field.type).normal?.(value, field) ?? value
  }
  return values
}

const withoutWrong = (values: Record<string, unknown>, problems: readonly FieldProblem[]) => {
  const wrong = new Set(problems.map((problem) => problem.at.split('/')[1]))
  return Object.fromEntries(Object.entries(values).filter(([name]) => !wrong.has(name)))
}

/** Applies the action to `after`; returns why it is impossible, if it is, for the permit to throw. */
function act(
  known: KnownKind,
  change: Change,
  before: AnyRecord | undefined,
  after: AnyRecord,
  now: string,
  problems: FieldProblem[],
): Problem | null {
  const { action } = change
  if (before?.retiredAt && action !== 'restore' && action !== 'erase')
    return new Problem('Gone', 'records.retired', { values: { code: before.code } })
  if (before && change.version !== undefined && change.version !== before.version) return stale(before, change)
  const wasPublic = before?.audience === 'public'
  if (wasPublic !== (after.audience === 'public')) problems.push({ at: '/audience', code: 'record.publish-instead' })
  if (action === 'create') {
    if (change.state === undefined) return null
    const states: readonly string[] = known.declaration.states
    if (states.includes(change.state)) after.state = change.state
    else problems.push({ at: '/state', code: 'field.not-a-choice', values: { allowed: states.join(', ') } })
  } else if (action === 'retire') after.retiredAt = now
  else if (action === 'restore') after.retiredAt = null
  else if (action === 'publish') after.audience = 'public'
  else if (action === 'withdraw') {
    if (wasPublic) after.audience = known.declaration.audience
  } else if (action === 'erase') erasePersonal(known.declaration, after)
  else if (action !== 'change') {
    const verb = known.verbs.find((each) => each.name === action)
    if (!verb) {
      problems.push({ at: '/', code: 'record.unknown-action', values: { action } })
      return null
    }
    if (!before || !verb.from.includes(before.state))
      return new Problem('Conflict', 'records.wrong-state', { values: { verb: action, state: before?.state ?? '' } })
    after.state = verb.to
  }
  return null
}

/** What the step writes by itself, where nothing else is given. */
function writeOwn(
  { set = {} }: Verb,
  before: AnyRecord,
  after: AnyRecord,
  given: Readonly<Record<string, unknown>>,
  today: string,
): void {
  for (const [name, value] of Object.entries(set))
    if (given[name] === undefined) after[name] = value({ today, before, after })
}

function erasePersonal(kind: RecordKind, after: AnyRecord): void {
  if (kind.title.personal) after.title = { und: '—' }
  for (const [name, field] of Object.entries(kind.fields)) if (field.personal) after[name] = null
}

/** The writer saw an older version: the answer holds both, so that nothing typed is lost. */
export const stale = (current: AnyRecord, change: Change): Problem =>
  new Problem('Conflict', 'records.stale', {
    values: { seen: change.version ?? 0, current: current.version },
    extra: { current, attempted: change.values ?? {} },
  })

const same = (left: unknown, right: unknown) =>
  left === right ||
  (left ?? null) === (right ?? null) ||
  (typeof left === 'object' && canonicalize(left) === canonicalize(right))

function changedColumns(kind: RecordKind, before: AnyRecord | undefined, after: AnyRecord): string[] {
  const names = ['title', 'state', 'organisation', 'owner', 'audience', 'retiredAt', ...Object.keys(kind.fields)]
  return names.filter((name) =>
    before ? !same(before[name], after[name]) : after[name] !== null && after[name] !== undefined,
  )
}
