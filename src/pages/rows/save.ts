/** Writes the lines that somebody changed, all of them or none, and says what stands in the way of each. */
import canonicalize from 'canonicalize'
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { Localized } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, openChangeSet, Permit, type Prepared, prepare, save } from '#platform/records/index.ts'
import type { RowValues } from '#platform/row-form.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { presenterOf } from '../presenter.ts'
import type { FormValues } from '../record/form-values.ts'
import { isBlank, isTouched, type Line, type ReadLine, readLines } from './lines.ts'
import {
  type Column,
  columnOf,
  idIn,
  keyOf,
  type StoredRow,
  sameKey,
  seenOf,
  storedById,
  type TableForm,
} from './table.ts'

/** Somebody else got there first: what stands now, if anything. */
export type Clash = { readonly kind: 'changed' | 'gone' | 'taken'; readonly now: StoredRow | null }

export type Outcome =
  | { readonly saved: string | null; readonly count: number }
  | {
      readonly problems: readonly FieldProblem[]
      readonly clashes: ReadonlyMap<number, Clash>
      readonly suggestions: ReadonlyMap<string, readonly RecordOption[]>
    }

type Asked = {
  readonly table: TableForm
  readonly columns: readonly Column[]
  readonly record: AnyRecord
  readonly typed: FormValues
  readonly lines: readonly Line[]
  readonly why: string
  /** Values of every new row: what was chosen beside the table. */
  readonly fixed: RowValues
}

export const saveLines = (ctx: AppContext, asked: Asked): Promise<Outcome> =>
  inTransaction(ctx, async (tx) => {
    const inside: AppContext = { ...ctx, db: tx.db }
    const { table, columns, record, typed, why } = asked
    const change: Change = { kind: table.kind.kind, id: record.id, action: 'change', rows: {} }
    // Locks the record: whoever writes its rows waits, and the next statement sees what the last one wrote.
    await prepare(tx, [change])
    const touched = asked.lines.filter(
      (line) => (line.seen !== '' || !isBlank(ctx, columns, line.at, typed)) && isTouched(ctx, columns, line, typed),
    )
    const stored = await storedById(inside, table, record.id, touched.map((line) => idIn(line.seen)).filter(Boolean))
    const removed = touched.filter((line) => line.remove)
    const kept = touched.filter((line) => !line.remove)
    const read = await readLines(inside, table, columns, record, typed, kept, stored)
    for (const each of [...read.rows, ...read.faulty]) if (!each.before) Object.assign(each.row, asked.fixed)
    const problems = [...read.problems, ...(await completed(inside, asked, read.rows))]
    const clashes = staleLines(touched, stored, read.rows)
    const set = read.rows.filter(
      ({ line, before, row }) => !clashes.has(line.at) && !(before && same(before.values, row)),
    )
    const gone = [
      ...removed.flatMap((line) => stored.get(idIn(line.seen)) ?? []),
      ...set.flatMap(({ before, row }) => (before && !sameKey(table, before.values, row) ? [before] : [])),
    ].filter((row) => !set.some((each) => sameKey(table, each.row, row.values)))
    const sets = table.form.alsoSets?.(
      record,
      set.map((each) => each.row),
    )
    // What else is wrong with a faulty line is said in the same answer; nothing is written then.
    const tried = [...set, ...read.faulty]
    const [prepared] = await prepare(tx, [
      {
        ...change,
        rows: {
          [table.table]: { set: tried.map((each) => each.row), remove: gone.map((row) => keyOf(table, row.values)) },
        },
        ...(sets && Object.keys(sets).length > 0 ? { values: sets } : {}),
      },
    ])
    for (const [at, clash] of takenLines(table, prepared!, set, touched))
      if (table.form.addsOnly) problems.push({ at: `/${at}/${table.rows.key.at(-1)}`, code: 'record.row-stands' })
      else clashes.set(at, clash)
    // What is wrong with the whole (no post to sign with) leaves rows without what only the room fills in.
    if (!problems.some(({ at }) => at === '/')) problems.push(...gateProblems(prepared!, tried, problems, columns))
    if (problems.length > 0 || clashes.size > 0) return { problems, clashes, suggestions: read.suggestions }
    const permit = Permit.for(tx, [prepared!])
    if (permit.covered.length === 0) return { saved: null, count: 0 }
    const said = table.form.reasonIn && (set[0]?.row[table.form.reasonIn] as Localized | null)
    const reason = said ? presenterOf(ctx).plain(said) : why
    const opened = await openChangeSet(tx, { source: 'page', why: reason || null })
    await save(opened, permit)
    return { saved: opened.id, count: (prepared!.rows[table.table] ?? []).length }
  })

const same = (one: RowValues, other: RowValues) => canonicalize(one) === canonicalize(other)

/** What the room makes of the rows, and what it finds wrong with them. */
async function completed(
  ctx: AppContext,
  { table, record, why }: Asked,
  rows: readonly ReadLine[],
): Promise<readonly FieldProblem[]> {
  const given = rows.map(({ line, before, row }) => ({ line: line.at, before: before?.values ?? null, row }))
  return (await table.form.complete?.(ctx, record, given, { why })) ?? []
}

/** Lines whose row was changed or removed by somebody else since the form was made. */
function staleLines(
  touched: readonly Line[],
  stored: ReadonlyMap<string, StoredRow>,
  rows: readonly ReadLine[],
): Map<number, Clash> {
  const clashes = new Map<number, Clash>()
  for (const line of touched) {
    if (line.seen === '') continue
    const now = stored.get(idIn(line.seen)) ?? null
    if (!now) {
      // Whoever wanted it gone has what they wanted.
      if (!line.remove) clashes.set(line.at, { kind: 'gone', now })
      continue
    }
    if (line.seen === seenOf(now)) continue
    const mine = rows.find((each) => each.line.at === line.at)
    if (!mine || !same(now.values, mine.row)) clashes.set(line.at, { kind: 'changed', now })
  }
  return clashes
}

/** Lines whose key belongs to a row that they did not show: writing them would overwrite it unseen. */
function takenLines(
  table: TableForm,
  prepared: Prepared,
  set: readonly ReadLine[],
  touched: readonly Line[],
): Map<number, Clash> {
  const shown = new Set(touched.map((line) => idIn(line.seen)))
  const clashes = new Map<number, Clash>()
  for (const { id, place, before, after } of prepared.rows[table.table] ?? []) {
    const line = after && set[place]?.line
    if (line && before && !shown.has(id)) clashes.set(line.at, { kind: 'taken', now: { id, values: before } })
  }
  return clashes
}

/** Problems of the gate at `/line/field`, but for columns that are known to be wrong. */
function gateProblems(
  prepared: Prepared,
  tried: readonly ReadLine[],
  known: readonly FieldProblem[],
  columns: readonly Column[],
): FieldProblem[] {
  const columnAt = (at: string) => {
    const [, line = '', field = ''] = at.split('/')
    return `${line}/${columnOf(columns, field)}`
  }
  const reported = new Set(known.map(({ at }) => columnAt(at)))
  return prepared.problems.flatMap((problem) => {
    const row = /^\/rows\/\w+\/(\d+)(\/.*)?$/.exec(problem.at)
    const line = row && tried[Number(row[1])]?.line.at
    if (!row || line === undefined) return [problem]
    const at = `/${line}${row[2] ?? ''}`
    return reported.has(columnAt(at)) ? [] : [{ ...problem, at }]
  })
}
