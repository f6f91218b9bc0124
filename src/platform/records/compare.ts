/** One record of the tables beside what its entries say it holds. */
import canonicalize from 'canonicalize'
import type { RecordKind } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import { commitment, digestOf } from '../commitment.ts'
import { type Folded, type HeldRow, idKey, isHidden, valueNames } from './fold.ts'

/** A secret kept beside records of a kind; the history holds its digest. */
export type Secret = {
  readonly kind: string
  /** Full name of the table, its column with the record, and that with the secret. */
  readonly table: readonly [schema: string, name: string]
  readonly record: string
  readonly value: string
}

/** Something in the tables that the history does not say. */
export type Difference = {
  readonly record: string
  readonly code: string
  /** The field, 'links.NAME', 'rows.TABLE', 'externalIds', 'secret', 'publication', 'version', 'order' of its entries; '' = the record itself. */
  readonly at: string
  readonly what: 'changed' | 'added' | 'gone'
  /** The entry that bound the value, and its position in the seal. */
  readonly entry: string | null
  readonly position: number | null
}

/** What the tables hold of one portion of records, by record. */
export type Tables = {
  readonly values: Map<string, Readonly<Record<string, unknown>>>
  readonly rows: Map<string, Readonly<Record<string, ReadonlyArray<Record<string, unknown> & { id: string }>>>>
  readonly links: Map<string, ReadonlyArray<{ id: string; name: string; to: string; weight: string | null }>>
  readonly externalIds: Map<string, ReadonlyArray<{ source: string; id: string; kind: string }>>
  readonly secrets: Map<string, string>
  /** Approvals of publications, those that are done as well. */
  readonly approvals: Map<string, readonly Approved[]>
  /** Salts of commitments, by entry and place. */
  readonly salts: Map<string, string>
}

export type Approved = {
  readonly changeSet: string | null
  readonly publicFrom: string
  readonly version: number
  readonly done: boolean
  /** Is it in the name of whoever made the change set? */
  readonly own: boolean
}

type Bound = { readonly entry: string; readonly position: number | null; readonly place: string }

/** Everything in which the record of the tables is not what its entries say. */
export function differencesOf(
  registry: Registry,
  secrets: readonly Secret[],
  record: { readonly id: string; readonly kind: string; readonly code: string; readonly version: number },
  state: Folded | undefined,
  tables: Tables,
): Difference[] {
  const found: Difference[] = []
  const tell = (at: string, what: Difference['what'], bound: Omit<Bound, 'place'> | null = null) =>
    found.push({
      ...{ record: record.id, code: record.code, at, what },
      ...{ entry: bound?.entry ?? null, position: bound?.position ?? null },
    })
  if (!state) {
    tell('', 'added')
    return found
  }
  if (!state.ordered) tell('order', 'changed', state)
  if (record.kind !== state.kind) tell('kind', 'changed', state)
  if (record.code !== state.code) tell('code', 'changed', state)
  if (record.version !== state.version) tell('version', 'changed', state)
  // A kind that no room declares any more has no table to compare.
  const declaration = registry.kinds.get(record.kind)?.declaration
  if (!declaration) return found
  const values = tables.values.get(record.id)
  if (!values) tell('', 'gone', state)
  else
    for (const name of valueNames(declaration)) {
      const held = state.values.get(name)
      if (!agree(values[name], held, tables.salts)) tell(name, 'changed', held ?? state)
    }
  compareLinks(state, tables.links.get(record.id) ?? [], tell)
  if (state.idsKnown) compareIds(state, tables.externalIds.get(record.id) ?? [], tell)
  for (const name of Object.keys(declaration.rows))
    compareRows(declaration, name, state, tables.rows.get(record.id)?.[name] ?? [], tables.salts, tell)
  compareApproval(state, tables.approvals.get(record.id) ?? [], tell)
  if (secrets.some(({ kind }) => kind === record.kind)) compareSecret(state, tables.secrets.get(record.id), tell)
  return found
}

type Tell = (at: string, what: Difference['what'], bound?: Omit<Bound, 'place'> | null) => void

/** Does the table hold the value, or the one that was committed to? A salt that is gone leaves nothing to compare with. */
function agree(
  actual: unknown,
  held: ({ readonly value: unknown } & Bound) | undefined,
  salts: Tables['salts'],
): boolean {
  const expected = held?.value ?? null
  const value = actual ?? null
  if (!isHidden(expected)) return expected === value || canonicalize(expected) === canonicalize(value)
  const salt = salts.get(`${held!.entry} ${held!.place}`)
  return salt !== undefined && value !== null && commitment(salt, canonicalize(value)!) === expected.personal
}

function compareLinks(
  state: Folded,
  links: ReadonlyArray<{ id: string; name: string; to: string; weight: string | null }>,
  tell: Tell,
): void {
  const there = new Map(links.map((link) => [link.id, link]))
  for (const [id, held] of state.links) {
    const link = there.get(id)
    if (!link) tell(shortLink(held.name), 'gone', held)
    else if (link.name !== held.name || link.to !== held.to || link.weight !== held.weight)
      tell(shortLink(held.name), 'changed', held)
  }
  for (const { id, name } of links) if (!state.links.has(id)) tell(shortLink(name), 'added')
}

/** 'strategy.outcome.answers' as it is called on the record: 'links.answers'. */
const shortLink = (name: string) => `links.${name.split('.').at(-1)}`

function compareIds(state: Folded, ids: ReadonlyArray<{ source: string; id: string; kind: string }>, tell: Tell): void {
  const there = new Set(ids.map(({ source, id }) => idKey(source, id)))
  for (const [key, held] of state.externalIds) if (!there.has(key)) tell('externalIds', 'gone', held)
  for (const { source, id, kind } of ids)
    if (!state.externalIds.has(idKey(source, id)) || kind !== state.kind) tell('externalIds', 'added')
}

function compareRows(
  declaration: RecordKind,
  name: string,
  state: Folded,
  rows: ReadonlyArray<Record<string, unknown> & { id: string }>,
  salts: Tables['salts'],
  tell: Tell,
): void {
  const held = state.rows.get(name) ?? new Map<string, HeldRow>()
  const { fields } = declaration.rows[name]!
  const seen = new Set<string>()
  for (const row of rows) {
    seen.add(row.id)
    const said = held.get(row.id)
    if (!said) tell(`rows.${name}`, 'added')
    else if (Object.keys(fields).some((field) => !agreeIn(row[field], said, field, state, salts)))
      tell(`rows.${name}`, 'changed', said)
  }
  for (const [id, said] of held) if (!seen.has(id)) tell(`rows.${name}`, 'gone', said)
}

function agreeIn(actual: unknown, row: HeldRow, field: string, state: Folded, salts: Tables['salts']): boolean {
  const value = row.values[field]
  const place = `${row.place}.${field}`
  // Erasure empties the salts of rows too; the rows themselves stay.
  if (state.erased && isHidden(value) && !salts.has(`${row.entry} ${place}`)) return true
  return agree(actual, { value, entry: row.entry, position: row.position, place }, salts)
}

/** An approval that waits for its day publishes by itself: it must be the one of the history, for its version and day. */
function compareApproval(state: Folded, approvals: readonly Approved[], tell: Tell): void {
  const { approval } = state
  const said = approvals.find(({ changeSet }) => approval?.changeSet === changeSet)
  for (const each of approvals) if (!each.done && each !== said) tell('publication', 'added')
  if (!approval) return
  if (!said || said.done) {
    if (!approval.lapses) tell('publication', 'gone', approval)
  } else if (said.publicFrom !== approval.publicFrom || said.version !== approval.version || !said.own)
    tell('publication', 'changed', approval)
}

function compareSecret(state: Folded, secret: string | undefined, tell: Tell): void {
  if (secret === undefined) {
    // Privacy erasure removes the secret of an account.
    if (state.secret && !state.erased) tell('secret', 'gone', state.secret)
  } else if (!state.secret) tell('secret', 'added')
  else if (state.secret.digest !== digestOf(secret)) tell('secret', 'changed', state.secret)
}
