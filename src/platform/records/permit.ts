import { notAllowed, notFound, notSignedIn, Problem } from '#kernel/problem.ts'
import { writesField } from '#kernel/verb.ts'
import { isSignedIn } from '../caller.ts'
import type { WriteContext } from '../context.ts'
import type { RecordRow } from '../policy.ts'
import { altersNothing, type Prepared } from './change.ts'

/** The permission each action needs; verbs need one of their own name. */
const permissionOf: Record<string, string> = { restore: 'retire', withdraw: 'publish' }

/** Private to this file, so that nothing else can make a permit. */
const maker = Symbol('maker')

/**
 * Permission to write exactly these prepared changes (records, fields and versions), once, in the transaction that
 * holds their locks. Only `Permit.for` makes one, and `save` writes nothing that is not in it.
 */
export class Permit {
  readonly #prepared: readonly Prepared[]
  readonly #db: WriteContext['db']
  #used = false

  constructor(by: symbol, prepared: readonly Prepared[], db: WriteContext['db']) {
    if (by !== maker) throw new Error('A permit is made by Permit.for.')
    this.#prepared = prepared
    this.#db = db
  }

  /** The changes it covers. */
  get covered(): readonly Prepared[] {
    return this.#prepared
  }

  /** Returns what it covers, once, in the transaction it was made in; anything else is a bug. */
  static use(permit: Permit, db: WriteContext['db']): readonly Prepared[] {
    if (permit.#used || permit.#db !== db) throw new Error('A permit is good for one save, in its own transaction.')
    permit.#used = true
    return permit.#prepared
  }

  /**
   * Checks the policies for every record, before and after, and for every changed field.
   * @throws Invalid with all problems by place, NotSignedIn, NotAllowed, NotFound (if the caller may not even read it),
   * Gone and Conflict (`index` in the extra members says which of several).
   */
  static for(ctx: WriteContext, prepared: readonly Prepared[]): Permit {
    const many = prepared.length > 1
    const place = (index: number, at: string) => (many ? `/${index}${at === '/' ? '' : at}` : at)
    for (const each of prepared) authorize(ctx, each)
    for (const [index, { refusal }] of prepared.entries()) {
      if (!refusal) continue
      if (!many) throw refusal
      const { kind, reason, values, extra } = refusal
      throw new Problem(kind, reason, { values, extra: { ...extra, index } })
    }
    const fields = prepared.flatMap((each, index) =>
      each.problems.map((problem) => ({ ...problem, at: place(index, problem.at) })),
    )
    if (fields.length > 0) throw new Problem('Invalid', 'records.invalid', { fields, values: { count: fields.length } })
    return new Permit(
      maker,
      withFollowers(prepared).filter((each) => !altersNothing(each)),
      ctx.db,
    )
  }
}

/** Each change, then what belongs to it. */
const withFollowers = (prepared: readonly Prepared[]): Prepared[] =>
  prepared.flatMap((each) => [each, ...withFollowers(each.followers)])

/** May the caller make this one change, and those that belong to it? Throws the reason if not. */
export function authorize(ctx: WriteContext, each: Prepared): void {
  authorizeOne(ctx, each)
  for (const follower of each.followers) authorize(ctx, follower)
}

function authorizeOne(ctx: WriteContext, each: Prepared): void {
  const { caller, policies } = ctx
  if (caller.system) return
  const { change, before, after } = each
  if (before && !policies.can(caller, 'read', before as RecordRow)) throw notFound(change.id ?? '')
  const rows: RecordRow[] = before ? [before as RecordRow, after as RecordRow] : [after as RecordRow]
  /** Permission for at least one of the actions. */
  const ask = (actions: readonly string[], field?: string) => {
    if (actions.some((action) => rows.every((row) => policies.can(caller, action, row, field)))) return
    if (!isSignedIn(caller)) throw notSignedIn()
    throw notAllowed('identity.not-allowed', { action: actions[0] ?? change.action, kind: change.kind })
  }
  const edits = change.action === 'change' || change.action === 'undo'
  const onlyRows = edits && Object.keys(change.values ?? {}).length === 0 && change.rows !== undefined
  if (!onlyRows) {
    if (change.action !== 'undo') ask([permissionOf[change.action] ?? change.action])
    for (const name of each.changed) ask(permissionsFor(each, name), name)
    const write = change.action === 'create' ? 'create' : 'change'
    const verb = each.known.verbs.find(({ name }) => name === change.action)
    const asked = (name: string) =>
      verb !== undefined && writesField(verb, `links.${name.slice(change.kind.length + 1)}`)
    if (each.links.some(({ name }) => !asked(name))) ask([write], 'links')
    if (each.externalIds.added.length + each.externalIds.removed.length > 0) ask([write], 'externalIds')
  }
  for (const name of Object.keys(change.rows ?? {})) {
    ask([`rows.${name}`])
    const signature = policies.signature(`rows.${name}`, change.kind)
    if (signature === undefined || change.action === 'undo') continue
    for (const { after: row } of each.rows[name] ?? [])
      if (row && !caller.posts.includes(String(row[signature])))
        throw notAllowed('identity.not-allowed', { action: `rows.${name}`, kind: change.kind })
  }
}

/**
 * Which permissions let this action change a column; any one is enough. Undo needs what the step it reverses needed, so
 * that it cannot bypass publishing, retiring or a verb; whoever may create may undo a creation.
 */
function permissionsFor({ change, known, before, after }: Prepared, name: string): string[] {
  const { action } = change
  if (name === 'retiredAt') return action === 'undo' ? ['retire', 'create'] : ['retire']
  if (name === 'audience' && before && (before.audience === 'public') !== (after.audience === 'public'))
    return ['publish']
  if (name === 'state' && before && action === 'undo')
    return known.verbs.filter((verb) => verb.to === after.state || verb.to === before.state).map((verb) => verb.name)
  if (action === 'create') {
    if (name !== 'state' || after.state === known.declaration.states[0]) return ['create']
    return known.verbs.filter((verb) => verb.to === after.state).map((verb) => verb.name)
  }
  if (action === 'erase') return ['erase']
  const asked = known.declaration.fields[name]?.requiredFrom
  // Undoing a step undoes what it wrote.
  if (action === 'undo')
    return [
      'change',
      ...known.verbs
        .filter((each) => (asked !== undefined && each.to === asked) || writesField(each, name))
        .map((each) => each.name),
    ]
  const verb = known.verbs.find((each) => each.name === action)
  if (name === 'state' && verb) return [verb.name]
  // What the verb asks for or writes, and what its state requires, goes with it; anything else is an edit.
  if (verb && (asked === verb.to || writesField(verb, name))) return [verb.name, 'change']
  return ['change']
}
