/**
 * Rules of a kind: pure, called on every save. A rule says what it needs besides the record (fields of records it refers
 * to, its links, its rows); the gate loads that for all records of a save together.
 */
import type { Field } from './fields/field.ts'
import { targetKinds } from './fields/reference.ts'
import { fieldType } from './fields/types.ts'
import type { FieldProblem } from './problem.ts'
import type { AnyRecord, RecordBase, RecordKind, RecordOf, ValuesOf } from './record.ts'

/** The far end of a link. */
export type LinkedRecord = { readonly to: string; readonly weight: string | null }
/** A record that the checked one refers to, whoever may read it. */
export type Neighbour = RecordBase & Readonly<Record<string, unknown>>

type FieldNames<Kind extends RecordKind> = keyof Kind['fields'] & string
type LinkNames<Kind extends RecordKind> = keyof Kind['links'] & string
type RowNames<Kind extends RecordKind> = keyof Kind['rows'] & string

/** What a rule reads besides the record. */
export type CheckNeeds<Kind extends RecordKind = RecordKind> = {
  /** `REFERENCE.FIELD`: fields of the records that a reference points to. */
  readonly reads?: ReadonlyArray<`${FieldNames<Kind>}.${string}`>
  readonly links?: ReadonlyArray<LinkNames<Kind>>
  readonly rows?: ReadonlyArray<RowNames<Kind>>
}

type Read<Name> = Name extends `${infer Reference}.${string}` ? Reference : never
type Named<Needs, Part extends keyof CheckNeeds> = Needs extends { readonly [Each in Part]: ReadonlyArray<infer Name> }
  ? Name & string
  : never
type NeighbourOf<Kind extends RecordKind, Reference extends string> =
  Kind['fields'][Reference] extends Field<string[]> ? readonly Neighbour[] : Neighbour | null

/** What the gate loaded for a rule: neighbours by reference, links and rows by name, as they will be after the save. */
export type Loaded<Kind extends RecordKind, Needs> = {
  readonly [Reference in Read<Named<Needs, 'reads'>>]: NeighbourOf<Kind, Reference>
} & { readonly [Link in Named<Needs, 'links'>]: readonly LinkedRecord[] } & {
  readonly [Table in Named<Needs, 'rows'>]: ReadonlyArray<ValuesOf<Kind['rows'][Table]>>
}

export type Check = {
  readonly kind: string
  readonly needs: CheckNeeds
  /** Problems of the record as it will be; `before` is missing for a new one. */
  readonly rule: (
    before: AnyRecord | undefined,
    after: AnyRecord,
    loaded?: Readonly<Record<string, unknown>>,
  ) => readonly FieldProblem[]
}

export type RowCheck = {
  readonly kind: string
  readonly rows: string
  /** Problems of one row that is set, with the record as it will be. */
  readonly rule: (record: AnyRecord, row: Readonly<Record<string, unknown>>) => readonly FieldProblem[]
}

type Rule<Kind extends RecordKind, Needs> = (
  before: RecordOf<Kind> | undefined,
  after: RecordOf<Kind>,
  loaded: Loaded<Kind, Needs>,
) => readonly FieldProblem[]

/** A rule of a kind: `check(decision, { links: ['serves'] }, (before, after, { serves }) => […])`. */
export function check<Kind extends RecordKind>(kind: Kind, rule: Rule<Kind, object>): Check
export function check<Kind extends RecordKind, const Needs extends CheckNeeds<Kind>>(
  kind: Kind,
  needs: Needs,
  rule: Rule<Kind, Needs>,
): Check
export function check(kind: RecordKind, first: unknown, second?: unknown): Check {
  const [needs, rule] = typeof first === 'function' ? [{}, first] : [first as CheckNeeds, second]
  return { kind: kind.kind, needs, rule: rule as Check['rule'] }
}

/** A rule for each row that is set in one table of a kind. */
export const rowCheck = <Kind extends RecordKind, const Table extends RowNames<Kind>>(
  kind: Kind,
  rows: Table,
  rule: (record: RecordOf<Kind>, row: ValuesOf<Kind['rows'][Table]>) => readonly FieldProblem[],
): RowCheck => ({ kind: kind.kind, rows, rule: rule as unknown as RowCheck['rule'] })

/** Throws, by name, for what the kind, or a kind it refers to, does not have. */
export function assertCheck(kind: RecordKind, needs: CheckNeeds, find: (kind: string) => RecordKind | undefined): void {
  const fail = (what: string) => {
    throw new Error(`A check of ${kind.kind} reads ${what}.`)
  }
  for (const read of needs.reads ?? []) {
    const [reference = '', name = ''] = read.split('.')
    const field = Object.hasOwn(kind.fields, reference) ? kind.fields[reference]! : undefined
    if (!field || !fieldType(field.type).references) fail(`"${read}", but "${reference}" is no reference`)
    const targets = targetKinds(field!)
    for (const target of targets === 'any' ? [] : targets)
      if (!(name in baseNames) && !Object.hasOwn(find(target)?.fields ?? {}, name))
        fail(`"${read}", which ${target} does not have`)
  }
  for (const link of needs.links ?? []) if (!Object.hasOwn(kind.links, link)) fail(`an unknown link "${link}"`)
  for (const rows of needs.rows ?? []) if (!Object.hasOwn(kind.rows, rows)) fail(`unknown rows "${rows}"`)
}
const baseNames: Readonly<Record<keyof RecordBase, true>> = {
  id: true,
  kind: true,
  code: true,
  title: true,
  state: true,
  organisation: true,
  owner: true,
  audience: true,
  version: true,
  createdAt: true,
  changedAt: true,
  retiredAt: true,
}
