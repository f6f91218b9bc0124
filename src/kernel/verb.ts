/**
 * A verb is a step in the life of a record: the only way its state changes. It says what it asks for, what it writes by
 * itself, and may look around before it agrees (`guard`) and take other records along (`follow`). Form, API, import and
 * job read the same declaration.
 */
import type { Day } from './day.ts'
import type { FieldProblem } from './problem.ts'
import type { AnyRecord, RecordKind, RecordOf } from './record.ts'

/** What a verb asks for: a field or `links.NAME`. */
export type VerbInput = { readonly name: string; readonly required: boolean }

/** One record that a verb is about to move. A record that is created in a later state has no `before`. */
export type Attempt<Row = AnyRecord> = {
  readonly id: string
  readonly before: Row | undefined
  readonly after: Row
}

export type SetFacts<Row = AnyRecord> = { readonly today: Day; readonly before: Row; readonly after: Row }

/** Problems by the id of the record they stop. */
export type Objections = ReadonlyMap<string, readonly FieldProblem[]>

/** One problem of the whole record for each id that was found, with how often it was: `{count}` in its sentence. */
export const objections = (code: string, found: readonly (string | null)[]): Objections =>
  new Map(
    [...Map.groupBy(found, (id) => id)].flatMap(([id, { length: count }]) =>
      id === null ? [] : [[id, [{ at: '/', code, values: { count } }]]],
    ),
  )

export type Verb = {
  readonly kind: string
  readonly name: string
  readonly from: readonly string[]
  readonly to: string
  readonly input?: readonly VerbInput[]
  /** Values that the step writes where none are given, by field. */
  readonly set?: Readonly<Record<string, (facts: SetFacts) => unknown>>
  /** Set-based, in the transaction of the gate, whose context it knows; called for any number of records at once. */
  readonly guard?: (ctx: never, attempts: readonly Attempt[]) => Promise<Objections>
  /** Changes of other records that belong to the step, by the record that takes the step. */
  readonly follow?: (ctx: never, attempts: readonly Attempt[]) => Promise<ReadonlyMap<string, readonly object[]>>
}

/** What a room holds against a verb of another one; so no door has to point backwards. */
export type Block = {
  /** The kind whose verb is held up. */
  readonly on: string
  readonly verb: string
  readonly found: (ctx: never, ids: readonly string[]) => Promise<Objections>
}

type Asked<Kind extends RecordKind> =
  | 'organisation'
  | 'owner'
  | (keyof Kind['fields'] & string)
  | `links.${keyof Kind['links'] & string}`

/** How a verb is written down; `Ctx` and `Follower` are the machinery's. */
export type VerbDeclaration<Kind extends RecordKind, Ctx, Follower> = {
  readonly from: ReadonlyArray<Kind['states'][number]>
  readonly to: Kind['states'][number]
  /** Fields and links asked for; a trailing '?' = may be left out. */
  readonly input?: ReadonlyArray<Asked<Kind> | `${Asked<Kind>}?`>
  readonly set?: {
    readonly [Field in keyof Kind['fields']]?: (
      facts: SetFacts<RecordOf<Kind>>,
    ) => RecordOf<Kind>[Field & keyof RecordOf<Kind>]
  }
  readonly guard?: (ctx: Ctx, attempts: ReadonlyArray<Attempt<RecordOf<Kind>>>) => Promise<Objections>
  readonly follow?: (
    ctx: Ctx,
    attempts: ReadonlyArray<Attempt<RecordOf<Kind>>>,
  ) => Promise<ReadonlyMap<string, readonly Follower[]>>
}

/** A verb as the registry keeps it. */
export function verbOf<Kind extends RecordKind, Ctx, Follower extends object>(
  kind: Kind,
  name: string,
  { input = [], from, to, ...rest }: VerbDeclaration<Kind, Ctx, Follower>,
): Verb {
  return {
    ...(rest as unknown as Pick<Verb, 'set' | 'guard' | 'follow'>),
    kind: kind.kind,
    name,
    from,
    to,
    input: input.map((each) => ({ name: each.replace(/\?$/, ''), required: !each.endsWith('?') })),
  }
}

/** Does the verb write this field, so that whoever may take the step may write it with it? */
export const writesField = (verb: Verb, name: string): boolean =>
  (verb.input ?? []).some((each) => each.name === name) || Object.hasOwn(verb.set ?? {}, name)

/** Throws, by name, for what the kind does not have. */
export function assertVerb(kind: RecordKind, verb: Verb): void {
  const full = `${verb.kind}.${verb.name}`
  for (const state of [...verb.from, verb.to])
    if (!kind.states.includes(state)) throw new Error(`The verb ${full} names an unknown state "${state}".`)
  const fields = ['organisation', 'owner', ...Object.keys(kind.fields)]
  const links = Object.keys(kind.links).map((link) => `links.${link}`)
  for (const { name } of verb.input ?? [])
    if (![...fields, ...links].includes(name)) throw new Error(`The verb ${full} asks for an unknown field "${name}".`)
  for (const name of Object.keys(verb.set ?? {}))
    if (!Object.hasOwn(kind.fields, name)) throw new Error(`The verb ${full} sets an unknown field "${name}".`)
}
