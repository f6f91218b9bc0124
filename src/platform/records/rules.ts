/**
 * Second half of preparing: what the kind requires, what its rules say, what a verb asks for, and what other rooms hold
 * against it. What the rules need besides the record is read for all changes together.
 */
import { sql } from 'kysely'
import type { Check, LinkedRecord, Neighbour } from '#kernel/check.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import { type AnyRecord, isRequiredIn, type RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { Verb } from '#kernel/verb.ts'
import type { WriteContext } from '../context.ts'
import type { Prepared, RowValues } from './change.ts'
import { read } from './read.ts'
import { unrestricted } from './readable.ts'
import { keyOf } from './rows.ts'
import { rowTable, selectedRows } from './table.ts'

/** A change that the rules have not seen yet. */
export type Draft = {
  readonly prepared: Prepared
  /** Links that the record has now, whoever may see them. */
  readonly links: ReadonlyArray<{ readonly name: string; readonly to: string; readonly weight: string | null }>
  readonly leaves: boolean
}

/** Must the links of a change be read, although it leaves them as they are? */
export const needsLinks = (known: KnownKind, action: string): boolean =>
  Object.values(known.declaration.links).some((link) => link.requiredFrom) ||
  known.checks.some((check) => (check.needs.links ?? []).length > 0) ||
  (known.verbs.find((verb) => verb.name === action)?.input ?? []).some(({ name }) => name.startsWith('links.'))

/** Adds the problems of each change to it. */
export async function applyRules(ctx: WriteContext, drafts: readonly Draft[]): Promise<void> {
  const ruled = drafts.filter(({ leaves }) => !leaves)
  const load = await loadFor(ctx, ruled)
  for (const draft of ruled) {
    const { prepared } = draft
    const { known, before, after, problems, changed } = prepared
    const itself = !before || changed.length > 0
    const missing = [
      ...(itself ? missingFields(known.declaration, after, problems) : []),
      ...missingLinks(known.declaration, draft),
      ...missingInput(draft),
    ]
    // What is missing is said once, and by the declaration.
    const said = new Set(problems.map(({ at }) => at))
    const lacking = new Map(missing.map((each) => [each.at, each] as const).reverse())
    problems.push(...[...lacking.values()].reverse().filter(({ at }) => !said.has(at)))
    for (const check of known.checks)
      if (itself || concerns(check, prepared))
        problems.push(...check.rule(before, after, load(check, draft)).filter(({ at }) => !lacking.has(at)))
    const untitled =
      known.declaration.title.localized && changed.includes('title') && !after.title[ctx.registry.language]
    if (untitled && !problems.some((each) => each.at.startsWith('/title')))
      problems.push({ at: `/title/${ctx.registry.language}`, code: 'field.required' })
  }
}

/** Does the change touch the links or rows that the rule looks at? */
const concerns = ({ needs }: Check, { change, links, rows }: Prepared): boolean =>
  (needs.links ?? []).some((name) => links.some((link) => link.name === `${change.kind}.${name}`)) ||
  (needs.rows ?? []).some((name) => (rows[name] ?? []).length > 0)

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0)

/** Is the requirement in force? A published record meets at least those of the first state after draft. */
const inForce = (kind: RecordKind, from: string | undefined, after: AnyRecord): boolean =>
  isRequiredIn(kind, from, after.state) ||
  (after.audience === 'public' && from !== undefined && kind.states.indexOf(from) <= 1)

function missingFields(kind: RecordKind, after: AnyRecord, already: readonly FieldProblem[]): FieldProblem[] {
  const reported = new Set(already.map((problem) => problem.at.split('/')[1]))
  const need = (name: string, from: string | undefined, always = false): FieldProblem[] =>
    isEmpty(after[name]) && !reported.has(name) && (always || inForce(kind, from, after))
      ? [
          {
            at: `/${name}`,
            code: always ? 'field.required' : 'field.required-in-state',
            values: { state: after.state },
          },
        ]
      : []
  return [
    // An organisation may hold a record provisionally until it names a post; that gap is a finding, not an error.
    ...(after.organisation ? [] : need('owner', kind.owner.requiredFrom)),
    ...need('organisation', kind.organisation.requiredFrom),
    ...Object.entries(kind.fields).flatMap(([name, field]) => need(name, field.requiredFrom, field.required === true)),
  ]
}

function missingLinks(kind: RecordKind, draft: Draft): FieldProblem[] {
  const { before, after, changed, links } = draft.prepared
  return Object.entries(kind.links)
    .filter(([name, { requiredFrom }]) => {
      const touched = !before || changed.length > 0 || links.some((link) => link.name === `${kind.kind}.${name}`)
      return touched && inForce(kind, requiredFrom, after) && linksAfter(draft, name).length === 0
    })
    .map(([name]) => ({ at: `/links/${name}`, code: 'field.required-in-state', values: { state: after.state } }))
}

/** What a verb asks for and the record would not have after it. */
function missingInput(draft: Draft): FieldProblem[] {
  const { known, change, after } = draft.prepared
  const verb = known.verbs.find((each) => each.name === change.action)
  return (verb?.input ?? [])
    .filter(({ name, required }) => {
      if (!required) return false
      const link = linkOf(name)
      return link === undefined ? isEmpty(after[name]) : linksAfter(draft, link).length === 0
    })
    .map(({ name }) => ({ at: `/${name.replace('.', '/')}`, code: 'field.required' }))
}

/** The link that an input names; undefined = it names a field. */
export const linkOf = (input: string): string | undefined =>
  input.startsWith('links.') ? input.slice('links.'.length) : undefined

function linksAfter({ prepared, links }: Draft, name: string): LinkedRecord[] {
  const full = `${prepared.change.kind}.${name}`
  const ends = new Map(links.filter((each) => each.name === full).map(({ to, weight }) => [to, weight]))
  for (const each of prepared.links.filter((link) => link.name === full))
    if (each.after) ends.set(each.to, each.after.weight)
    else ends.delete(each.to)
  return [...ends].map(([to, weight]) => ({ to, weight }))
}

type Load = (check: Check, draft: Draft) => Readonly<Record<string, unknown>>

/** Reads what the rules of these changes need: one statement per kind referred to, and per table of rows. */
async function loadFor(ctx: WriteContext, drafts: readonly Draft[]): Promise<Load> {
  const neighbours = await loadNeighbours(ctx, drafts)
  const rows = await loadRows(ctx, drafts)
  return ({ needs }, draft) => {
    const { after, known, change } = draft.prepared
    const loaded: Record<string, unknown> = {}
    for (const reference of referencesOf(needs)) {
      const field = known.declaration.fields[reference]!
      const found = fieldType(field.type).references!(after[reference]).flatMap((id) => neighbours.get(id) ?? [])
      loaded[reference] = Array.isArray(after[reference]) ? found : (found[0] ?? null)
    }
    for (const link of needs.links ?? []) loaded[link] = linksAfter(draft, link)
    for (const name of needs.rows ?? []) loaded[name] = rows(`${change.kind}/${name}`, draft)
    return loaded
  }
}

const referencesOf = (needs: Check['needs']): string[] => [
  ...new Set((needs.reads ?? []).map((each) => each.split('.')[0]!)),
]

async function loadNeighbours(ctx: WriteContext, drafts: readonly Draft[]): Promise<Map<string, Neighbour>> {
  const ids = drafts.flatMap(({ prepared: { known, after } }) =>
    known.checks.flatMap(({ needs }) =>
      referencesOf(needs).flatMap((name) => fieldType(known.declaration.fields[name]!.type).references!(after[name])),
    ),
  )
  const found = new Map<string, Neighbour>()
  if (ids.length === 0) return found
  const house = unrestricted('rules see what a record refers to, whoever writes it', ctx)
  const kinds = await read(house)
    .retired()
    .in({ id: [...new Set(ids)] })
    .pick('id', 'kind')
    .rows()
  for (const [kind, group] of Map.groupBy(kinds, (each) => each.kind)) {
    const records = await read(house, kind)
      .retired()
      .in({ id: group.map(({ id }) => id) })
      .rows()
    for (const each of records) found.set(each.id, each)
  }
  // A neighbour that the same save changes is seen as it will be.
  for (const { prepared } of drafts) if (found.has(prepared.after.id)) found.set(prepared.after.id, prepared.after)
  return found
}

async function loadRows(ctx: WriteContext, drafts: readonly Draft[]) {
  const wanted = Map.groupBy(
    drafts.flatMap((draft) =>
      [...new Set(draft.prepared.known.checks.flatMap(({ needs }) => needs.rows ?? []))].map((name) => ({
        slot: `${draft.prepared.change.kind}/${name}`,
        draft,
      })),
    ),
    ({ slot }) => slot,
  )
  const stored = new Map<string, Map<string, RowValues[]>>()
  for (const [slot, uses] of wanted) {
    const [kind, name] = slot.split('/') as [string, string]
    const ids = uses.flatMap(({ draft }) => (draft.prepared.before ? [draft.prepared.after.id] : []))
    const { fields } = ctx.registry.kind(kind).declaration.rows[name]!
    const { rows } = await sql<RowValues & { record: string }>`
      select ${selectedRows(fields)} from ${rowTable(kind, name)} t where t.record = any(${ids}::uuid[])`.execute(
      ctx.db,
    )
    stored.set(
      slot,
      Map.groupBy(rows, (row) => row.record),
    )
  }
  return (slot: string, { prepared }: Draft): RowValues[] => {
    const name = slot.split('/')[1]!
    const declaration = prepared.known.declaration.rows[name]!
    const before = stored.get(slot)?.get(prepared.after.id) ?? []
    const after = new Map(before.map((row) => [keyOf(declaration, row), row]))
    for (const { key, after: row } of prepared.rows[name] ?? [])
      if (row) after.set(keyOf(declaration, key), row)
      else after.delete(keyOf(declaration, key))
    return [...after.values()]
  }
}

/** The verb that a change takes; for a record that is created in a later state, those that lead there. */
export const verbsOf = ({ known, change, before, after }: Prepared): readonly Verb[] =>
  before
    ? known.verbs.filter((verb) => verb.name === change.action)
    : after.state === known.declaration.states[0]
      ? []
      : known.verbs.filter((verb) => verb.to === after.state)
