import { notAllowed, notFound, notSignedIn, Problem } from '#kernel/problem.ts'
import { isSignedIn } from '../caller.ts'
import type { WriteContext } from '../context.ts'
import type { RecordRow } from '../policy.ts'
import { altersNothing, type Prepared } from './change.ts'

/** What a permission asks for each action; verbs are asked by their own name. */
const permissionOf: Record<string, string> = { restore: 'retire', withdraw: 'publish', undo: 'change' }

/**
 * Leave to write exactly these prepared changes: which records, fields and versions. Only `permit` makes one, and
 * `save` writes nothing that is not in it.
 */
export class Permit {
  readonly #prepared: readonly Prepared[]
  private constructor(prepared: readonly Prepared[]) {
    this.#prepared = prepared
  }

  /** The changes it covers. */
  get covered(): readonly Prepared[] {
    return this.#prepared
  }

  /**
   * Asks the policies over every record before and after, and over every changed field.
   * @throws Invalid with all problems by place, NotSignedIn, NotAllowed, NotFound (where the caller may not even read).
   */
  static for(ctx: WriteContext, prepared: readonly Prepared[]): Permit {
    const many = prepared.length > 1
    const fields = prepared.flatMap((each, index) =>
      each.problems.map((problem) => (many ? { ...problem, at: `/${index}${problem.at}` } : problem)),
    )
    for (const each of prepared) authorize(ctx, each)
    if (fields.length > 0) throw new Problem('Invalid', 'records.invalid', { fields, values: { count: fields.length } })
    return new Permit(prepared.filter((each) => !altersNothing(each)))
  }
}

/** May the caller make this one change? Throws the reason if not. */
export function authorize(ctx: WriteContext, each: Prepared): void {
  const { caller, policies } = ctx
  if (caller.house) return
  const { change, before, after } = each
  if (before && !policies.can(caller, 'read', before as RecordRow)) throw notFound(change.id ?? '')
  const refuse = (action: string) => {
    if (!isSignedIn(caller)) throw notSignedIn()
    throw notAllowed('identity.not-allowed', { action, kind: change.kind })
  }
  const rows: RecordRow[] = before ? [before as RecordRow, after as RecordRow] : [after as RecordRow]
  const ask = (action: string, field?: string) => {
    for (const row of rows) if (!policies.can(caller, action, row, field)) refuse(action)
  }
  const onlyRows = change.action === 'change' && change.values === undefined && change.rows !== undefined
  if (!onlyRows) {
    const action = permissionOf[change.action] ?? change.action
    ask(action)
    for (const name of each.changed) if (!(name === 'retiredAt' || name === 'state')) ask(action, name)
    if (each.links.length > 0) ask(action, 'links')
    if (change.action === 'create' && change.state && change.state !== each.known.declaration.states[0]) {
      const leading = each.known.verbs.filter((verb) => verb.to === change.state)
      if (!leading.some((verb) => policies.can(caller, verb.name, after as RecordRow))) refuse(`${change.state}`)
    }
  }
  for (const name of Object.keys(change.rows ?? {})) ask(`rows.${name}`)
}
