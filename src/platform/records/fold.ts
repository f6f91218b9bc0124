/**
 * What the history says a record holds: its entries folded in the order of writing. Pure; reads nothing. Personal values
 * stay commitments, with the entry and the place in it that bind them.
 */
import type { RecordKind } from '#kernel/record.ts'
import type { EntryContent } from './history.ts'

/** An entry of a record as it is folded: its content parsed, where it stands in the seal, null while it waits. */
export type FoldedEntry = {
  readonly id: string
  readonly position: number | null
  readonly content: EntryContent & { readonly secret?: string }
}

/** A value and what bound it: for a commitment, `place` finds its salt ('after.title', 'rows.contact.0.after.email'). */
export type Held = {
  readonly value: unknown
  readonly entry: string
  readonly position: number | null
  readonly place: string
}

export type Approval = {
  readonly changeSet: string
  readonly publicFrom: string
  readonly version: number
  /** Was the record out of use, or public already? On its day such an approval ends without an entry. */
  readonly lapses: boolean
}
export type HeldLink = { readonly name: string; readonly to: string; readonly weight: string | null } & Bound
export type HeldRow = { readonly values: Readonly<Record<string, unknown>> } & Bound
type Bound = { readonly entry: string; readonly position: number | null; readonly place: string }

/** A record as its entries say it is. */
export type Folded = {
  readonly record: string
  kind: string
  code: string
  version: number
  /** The newest entry. */
  entry: string
  position: number | null
  readonly values: Map<string, Held>
  /** By the id of the link. */
  readonly links: Map<string, HeldLink>
  /** By source and identifier, see `idKey`. */
  readonly externalIds: Map<string, Bound>
  /** False once a change of identifiers cannot be read any more, because privacy erasure emptied it. */
  idsKnown: boolean
  /** By table, then by the id of the row. */
  readonly rows: Map<string, Map<string, HeldRow>>
  /** Digest of the secret kept beside the record. */
  secret: (Bound & { readonly digest: string }) | null
  /** The approval of a publication that waits for its day. */
  approval: (Bound & Approval) | null
  /** Do its entries stand in the order in which they were sealed? Else the newest need not be the last. */
  ordered: boolean
  /** Was it erased for privacy? What was hidden before can no longer be compared. */
  erased: boolean
}

export const idKey = (source: string, id: string): string => `${source}\u0000${id}`

export const unfolded = (record: string): Folded => ({
  ...{ record, kind: '', code: '', version: 0, entry: '', position: null, idsKnown: true, secret: null, erased: false },
  ...{ approval: null, ordered: true },
  values: new Map(),
  links: new Map(),
  externalIds: new Map(),
  rows: new Map(),
})

/** The action of an entry that a migration wrote. */
const reshaped = 'reshape'

/**
 * Lays one more entry over what is folded; returns how many rows it set. `openIds` gives the change of identifiers of an
 * entry in which they are a commitment, or nothing once they are erased.
 */
export function fold(
  state: Folded,
  { id: entry, position, content }: FoldedEntry,
  openIds: () => EntryContent['externalIds'] | undefined,
): number {
  const bound = (place: string): Bound => ({ entry, position, place })
  if (
    state.entry !== '' &&
    (state.position === null ? position !== null : position !== null && position < state.position)
  )
    state.ordered = false
  Object.assign(state, { kind: content.kind, code: content.code, version: content.version, entry, position })
  for (const [name, value] of Object.entries(content.after ?? {}))
    state.values.set(name, { value, ...bound(`after.${name}`) })
  // A change of shape says what became of the fields that were there before: those it does not name are gone.
  if (content.action === reshaped)
    for (const name of Object.keys(content.before ?? {}))
      if (!(name in (content.after ?? {}))) state.values.delete(name)
  for (const { id, name, to, after } of content.links ?? [])
    if (after) state.links.set(id, { name, to, weight: after.weight, ...bound(`links.${name}`) })
    else state.links.delete(id)
  if (content.action === 'erase') state.erased = true
  foldApproval(state, content, bound('publication'))
  foldIds(state, content, openIds, bound('externalIds'))
  if (content.secret !== undefined) state.secret = { digest: content.secret, ...bound('secret') }
  let set = 0
  for (const [table, list] of Object.entries(content.rows ?? {})) {
    const rows = state.rows.get(table) ?? new Map<string, HeldRow>()
    state.rows.set(table, rows)
    for (const [index, { id, after }] of list.entries()) {
      if (after) rows.set(id, { values: after, ...bound(`rows.${table}.${index}.after`) })
      else rows.delete(id)
      set += 1
    }
  }
  return set
}

/** What ends the approval of a publication: the publication, the withdrawal, or that it was taken back. */
const ending = ['publish', 'withdraw', 'take-back-approval']

function foldApproval(state: Folded, { action, changeSet, publicFrom, version }: EntryContent, bound: Bound): void {
  if (publicFrom !== undefined) state.approval = { changeSet, publicFrom, version, lapses: false, ...bound }
  else if (ending.includes(action)) state.approval = null
  const held = (name: string) => state.values.get(name)?.value ?? null
  if (state.approval && (held('retiredAt') !== null || held('audience') === 'public'))
    state.approval = { ...state.approval, lapses: true }
}

function foldIds(
  state: Folded,
  content: EntryContent,
  openIds: () => EntryContent['externalIds'] | undefined,
  bound: Bound,
): void {
  if (!content.externalIds) return
  const change = isHidden(content.externalIds) ? openIds() : content.externalIds
  if (content.action === 'erase') {
    // Erasure drops all identifiers, and with its own entry emptied nothing else could say so.
    state.externalIds.clear()
    state.idsKnown = true
  } else if (!change) state.idsKnown = false
  else {
    for (const { source, id } of change.removed) state.externalIds.delete(idKey(source, id))
    for (const { source, id } of change.added) state.externalIds.set(idKey(source, id), bound)
  }
}

/** Is it a commitment in place of a value? */
export const isHidden = (value: unknown): value is { readonly personal: string } =>
  typeof value === 'object' && value !== null && typeof (value as { personal?: unknown }).personal === 'string'

/** What a record has in its own columns, by the name under which the history knows it. */
export const valueNames = ({ fields }: Pick<RecordKind, 'fields'>): string[] => [
  ...['title', 'state', 'organisation', 'owner', 'audience', 'retiredAt'],
  ...Object.keys(fields),
]
