/** Lines that nobody typed: pasted from a spreadsheet, or derived from the record. They are shown before they are saved. */
import canonicalize from 'canonicalize'
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import type { RowValues } from '#platform/row-form.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { presenterOf } from '../presenter.ts'
import type { FormValues } from '../record/form-values.ts'
import { isBlank, type Line, maxLines, readLines, saidBy, typedRow } from './lines.ts'
import { readPasted } from './paste.ts'
import {
  allStored,
  type Column,
  idIn,
  plainRow,
  type StoredRow,
  sameKey,
  seenOf,
  storedByKey,
  type TableForm,
} from './table.ts'

export type Given = {
  readonly table: TableForm
  readonly columns: readonly Column[]
  readonly record: AnyRecord
  readonly lines: readonly Line[]
  readonly typed: FormValues
  readonly fixed: RowValues
}

export type Proposal = {
  readonly lines: readonly Line[]
  readonly typed: FormValues
  readonly problems: readonly FieldProblem[]
  readonly suggestions?: ReadonlyMap<string, readonly RecordOption[]>
  /** What became of it, in a sentence. */
  readonly said: string
}

/** Lines that said nothing yet make room. */
const startedLines = (ctx: AppContext, { columns, lines, typed }: Given): Line[] =>
  lines.filter(
    (line) =>
      line.seen !== '' || !(isBlank(ctx, columns, line.at, typed) || line.was === saidBy(ctx, columns, line.at, typed)),
  )

/** Lines in a new order, with their numbers and everything typed in them. */
function numbered(
  typed: FormValues,
  lines: ReadonlyArray<{ readonly line: Omit<Line, 'at'>; readonly says: FormValues }>,
): { lines: Line[]; typed: FormValues } {
  const kept = Object.fromEntries(
    Object.entries(typed).filter(([name]) => !/^(\d+\.|(seen|was|remove)\.\d+$)/.test(name)),
  )
  for (const [at, { says }] of lines.entries())
    for (const [suffix, value] of Object.entries(says)) kept[`${at}.${suffix}`] = value
  return { lines: lines.map(({ line }, at) => ({ ...line, at })), typed: kept }
}

/** What a line says, without its number. */
const saysIn = (typed: FormValues, at: number): FormValues =>
  Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) =>
      name.startsWith(`${at}.`) ? [[name.slice(`${at}.`.length), value]] : [],
    ),
  )

/** The pasted rows as lines: those with the key of a stored row show what changes in it, the others are new. */
export async function pastedLines(ctx: AppContext, given: Given): Promise<Proposal> {
  const { table, columns, record, fixed } = given
  const { say } = presenterOf(ctx)
  const pasted = await readPasted(ctx, table, columns, record, String(given.typed.paste ?? ''))
  const starts = saysIn(typedRow(ctx, table, columns, 0, table.form.starts?.(ctx, record) ?? {}, record), 0)
  const trial = numbered(
    {},
    pasted.rows.map((row) => ({ line: { seen: '', was: '', remove: false }, says: { ...starts, ...row } })),
  )
  const read = await readLines(ctx, table, columns, record, trial.typed, trial.lines, new Map())
  const keyed = read.rows.map((each) => ({ at: each.line.at, row: { ...each.row, ...fixed } }))
  const stored = await storedByKey(
    ctx,
    table,
    record.id,
    keyed.map((each) => each.row),
  )
  const meant = new Map<number, StoredRow>()
  for (const { at, row } of keyed) {
    const found = stored.find((each) => sameKey(table, each.values, row))
    if (found) meant.set(at, found)
  }
  const proposed = pasted.rows.map((row, at) => {
    const found = meant.get(at)
    if (!found || table.form.addsOnly)
      return { found: undefined, line: { seen: '', was: '', remove: false }, says: { ...starts, ...row } }
    const shown = typedRow(ctx, table, columns, 0, found.values, record)
    return {
      found,
      line: { seen: seenOf(found), was: saidBy(ctx, columns, 0, shown), remove: false },
      says: { ...saysIn(shown, 0), ...row },
    }
  })
  const compared = numbered({}, proposed)
  const after = await readLines(
    ctx,
    table,
    columns,
    record,
    compared.typed,
    compared.lines,
    new Map(stored.map((row) => [row.id, row])),
  )
  const alike = new Set(
    after.rows.flatMap(({ line, before, row }) =>
      before && canonicalize(before.values) === canonicalize(plainRow(table, row)) ? [line.at] : [],
    ),
  )
  const wanted = proposed.filter((_each, at) => !alike.has(at))
  const replaced = new Set(wanted.flatMap((each) => (each.found ? [each.found.id] : [])))
  const others = startedLines(ctx, given).filter((line) => !replaced.has(idIn(line.seen)))
  const all = numbered({ ...given.typed, paste: '' }, [
    ...wanted,
    ...others.map((line) => ({ line, says: saysIn(given.typed, line.at) })),
  ])
  const problems = await readLines(ctx, table, columns, record, all.typed, all.lines.slice(0, wanted.length), new Map())
  const said = say('record.rows.pasted', {
    count: pasted.rows.length,
    fresh: wanted.filter((each) => !each.found).length,
    changed: wanted.filter((each) => each.found).length,
    alike: alike.size,
  })
  const further = [
    ...(pasted.unknown.length > 0 ? [say('record.rows.pasted-unknown', { names: pasted.unknown.join(', ') })] : []),
    ...(pasted.cut ? [say('record.rows.pasted-cut', { count: maxLines })] : []),
  ]
  return { ...all, problems: problems.problems, suggestions: problems.suggestions, said: [said, ...further].join(' ') }
}

/** The whole table as it follows from the record: what stands and is not in it is ticked to be removed. */
export async function derivedLines(ctx: AppContext, given: Given): Promise<Proposal> {
  const { table, columns, record, typed } = given
  const { say } = presenterOf(ctx)
  const rows = (await table.form.derive?.rows(ctx, record)) ?? []
  const stored = await allStored(ctx, table, record.id, null)
  const of = (row: RowValues, standing: StoredRow | undefined, remove: boolean) => {
    const shown = typedRow(ctx, table, columns, 0, standing?.values ?? {}, record)
    const says = remove ? shown : typedRow(ctx, table, columns, 0, row, record)
    const was = standing ? saidBy(ctx, columns, 0, shown) : ''
    return { line: { seen: standing ? seenOf(standing) : '', was, remove }, says: saysIn(says, 0) }
  }
  const derived = rows.map((row) => {
    const standing = stored.find((each) => sameKey(table, each.values, row))
    return of({ ...standing?.values, ...row }, standing, false)
  })
  const gone = stored.filter((each) => !rows.some((row) => sameKey(table, each.values, row)))
  const all = numbered(
    { ...typed, paste: '' },
    [...derived, ...gone.map((row) => of(row.values, row, true))].slice(0, maxLines),
  )
  return {
    ...all,
    problems: [],
    said: say('record.rows.derived', { count: derived.length, gone: gone.length }),
  }
}
