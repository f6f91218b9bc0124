import type { FieldProblem, Problem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'

export type LinkEnd = { readonly to: string; readonly weight?: string | null }
export type ExternalId = { readonly source: string; readonly id: string }

export type RowValues = Record<string, unknown>
/** Rows to set (by their key fields) and keys of rows to remove, of one plain table of the record. */
export type RowChanges = { readonly set?: readonly RowValues[]; readonly remove?: readonly RowValues[] }

/** One change to write. `values` may hold title, organisation, owner, audience, declared fields, links, externalIds. */
export type Change = {
  readonly kind: string
  /** 'create', 'change', 'retire', 'restore', 'publish', 'withdraw', 'erase', or the name of a declared verb. */
  readonly action: string
  /** Absent on create: the gate assigns it. */
  readonly id?: string
  /** The version the writer has seen; absent only if the newest is meant (imports, jobs). */
  readonly version?: number
  /** Initial state of a new record, if not the first declared; needs the permission of the verb that leads there. */
  readonly state?: string
  readonly values?: Record<string, unknown>
  readonly rows?: Readonly<Record<string, RowChanges>>
}

export type RowChange = {
  readonly id: string
  /** Its position in the given list, for problems that name it. Not kept in the history. */
  readonly place: number
  readonly key: RowValues
  readonly before: RowValues | null
  readonly after: RowValues | null
}
export type LinkChange = {
  readonly id: string
  readonly name: string
  readonly to: string
  readonly before: { weight: string | null } | null
  readonly after: { weight: string | null } | null
}

/** A change together with the record it applies to: parsed, merged and checked, not yet written. */
export type Prepared = {
  readonly change: Change
  readonly known: KnownKind
  readonly before: AnyRecord | undefined
  readonly after: AnyRecord
  /** Names of the columns that differ. */
  readonly changed: readonly string[]
  /**
   * Does the record itself change (columns, links, external ids), so that its version goes up? Rows alone do not count.
   */
  readonly touched: boolean
  readonly links: readonly LinkChange[]
  readonly externalIds: { readonly added: readonly ExternalId[]; readonly removed: readonly ExternalId[] }
  readonly rows: Readonly<Record<string, readonly RowChange[]>>
  /** What is wrong with it; empty = may be written. */
  readonly problems: FieldProblem[]
  /** Why the action is impossible: Gone, a stale version, a wrong state. Thrown by the permit, or read by an import. */
  readonly refusal: Problem | null
  /** Changes of other records that belong to this one: permitted, written and undone with it. */
  readonly followers: Prepared[]
}

/** Does the change alter anything at all? One that does not is counted as unchanged and leaves no trace. */
export const altersNothing = (prepared: Prepared): boolean =>
  prepared.before !== undefined &&
  prepared.changed.length === 0 &&
  prepared.links.length === 0 &&
  prepared.externalIds.added.length === 0 &&
  prepared.externalIds.removed.length === 0 &&
  Object.values(prepared.rows).every((rows) => rows.length === 0)
