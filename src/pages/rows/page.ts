/** The page of one table of one record: its rows as lines of a form, new ones first. */
import { Readable } from 'node:stream'
import type { FieldProblem } from '#kernel/problem.ts'
import { notAllowed, notFound } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { inTransaction } from '#platform/app.ts'
import {
  type AppContext,
  isRedirect,
  type PageDefinition,
  type PageRequest,
  page,
  type Redirect,
  unseenPage,
} from '#platform/page.ts'
import { entriesOf, get, isId, undo } from '#platform/records/index.ts'
import type { RowValues } from '#platform/row-form.ts'
import { writeTable } from '#platform/tabular/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { RowsPage, type RowsPageView } from '#web/record-pages/rows.tsx'
import { one } from '../form.ts'
import { may, mustBeAllowed } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { controlsFor, writingLanguages } from '../record/controls.ts'
import type { FormValues } from '../record/form-values.ts'
import { type Drawn, lineMessagesFor, linesView } from './draw.ts'
import { fieldsOfLines, isBlank, type Line, lineKind, linesIn, maxLines, saidBy, typedRow } from './lines.ts'
import { exported } from './paste.ts'
import { derivedLines, type Proposal, pastedLines } from './propose.ts'
import { type Clash, saveLines } from './save.ts'
import {
  addressOfTable,
  allStored,
  type Column,
  columnsFor,
  type Narrowed,
  pathBelow,
  rowWriter,
  type StoredRow,
  seenOf,
  storedPage,
  type TableForm,
  tableLabel,
} from './table.ts'

/** Stored rows on one page; empty lines above them. */
export const pageSize = 25
const spareLines = 1
const moreLines = 5

/** The tables of a record that the reader may write, in the order of their declaration. */
export async function writable(ctx: AppContext, tables: readonly TableForm[], record: AnyRecord): Promise<TableForm[]> {
  const allowed = record.retiredAt ? [] : tables.filter(({ table }) => may(ctx, `rows.${table}`, record))
  const applies = await Promise.all(allowed.map(({ form }) => form.applies?.(ctx, record) ?? true))
  return allowed.filter((_table, index) => applies[index])
}

/**
 * The record, or the way back to it where it has no such table.
 * @throws NotFound; NotAllowed for somebody who may not write these rows.
 */
async function recordFor(ctx: AppContext, table: TableForm, request: PageRequest): Promise<AnyRecord | Redirect> {
  const record = (await get(ctx, table.kind, request.params.key ?? '')) as AnyRecord
  mustBeAllowed(ctx, `rows.${table.table}`, record)
  if ((await writable(ctx, [table], record)).length > 0) return record
  return {
    redirect: `${table.base}/${record.code}`,
    notice: { key: 'record.rows.not-here', values: { table: presenterOf(ctx).say(tableLabel(table)) } },
  }
}

/** What the form holds at the moment. */
type State = {
  readonly lines: readonly Line[]
  readonly typed: FormValues
  readonly page: number
  readonly narrowed: Narrowed
  readonly problems?: readonly FieldProblem[]
  readonly clashes?: ReadonlyMap<number, Clash>
  readonly suggestions?: ReadonlyMap<string, readonly RecordOption[]>
  readonly leads?: ReadonlyMap<number, string>
  readonly said?: string | undefined
  readonly done?: { readonly changeSet: string; readonly sentence: string } | undefined
}

const pageIn = (text: string | undefined) => Math.min(Math.max(Math.trunc(Number(text)) || 1, 1), 100_000)

const narrowedIn = ({ form }: TableForm, text: string | undefined): Narrowed =>
  form.narrow ? { field: form.narrow.field, value: (text ?? '').slice(0, 200) } : null

/** Values of every new row: what was chosen beside the table. */
const fixedBy = (narrowed: Narrowed): RowValues => (narrowed ? { [narrowed.field]: narrowed.value } : {})

/** The form before anything is typed: rows that wait, an empty line, and a page of what is stored. */
async function startOf(
  ctx: AppContext,
  table: TableForm,
  record: AnyRecord,
  query: Readonly<Record<string, string>>,
): Promise<State> {
  const columns = columnsFor(ctx, table, record)
  const pageNumber = pageIn(query.page)
  const narrowed = narrowedIn(table, query.of)
  const { rows } = table.form.addsOnly
    ? { rows: [] }
    : await storedPage(ctx, table, record.id, { narrowed, page: pageNumber, size: pageSize })
  const offered = pageNumber === 1 ? ((await table.form.offer?.(ctx, record, narrowed?.value ?? '')) ?? []) : []
  const starts = table.form.starts?.(ctx, record) ?? {}
  const fresh = [...offered, ...Array.from({ length: spareLines }, () => ({ row: {} as RowValues }))]
  const state: { lines: Line[]; typed: FormValues } = { lines: [], typed: {} }
  const leads = new Map<number, string>()
  for (const { row, ...offer } of fresh) {
    if ('lead' in offer && offer.lead) leads.set(state.lines.length, offer.lead)
    addLine(ctx, table, columns, record, state, { ...starts, ...row }, '')
  }
  for (const row of rows) addLine(ctx, table, columns, record, state, row.values, seenOf(row))
  const done = isId(query.saved ?? '')
    ? {
        changeSet: query.saved!,
        sentence: presenterOf(ctx).say('record.rows.saved', { count: Number(query.count) || 0 }),
      }
    : undefined
  return { ...state, page: pageNumber, narrowed, leads, done }
}

/** Adds a line that shows a row; it is written only if somebody changes it. */
function addLine(
  ctx: AppContext,
  table: TableForm,
  columns: readonly Column[],
  record: AnyRecord,
  state: { lines: Line[]; typed: FormValues },
  row: RowValues,
  seen: string,
): void {
  const at = state.lines.length
  const typed = typedRow(ctx, table, columns, at, row, record)
  Object.assign(state.typed, typed)
  state.lines.push({ at, seen, was: saidBy(ctx, columns, at, typed), remove: false })
}

async function pageData(
  ctx: AppContext,
  table: TableForm,
  tables: readonly TableForm[],
  record: AnyRecord,
  state: State,
): Promise<RowsPageView> {
  const { say, named } = presenterOf(ctx)
  const { form } = table
  const columns = columnsFor(ctx, table, record)
  const address = addressOfTable(table, record)
  const { narrowed } = state
  const { rows, count } = await storedPage(ctx, table, record.id, { narrowed, page: state.page, size: pageSize })
  const drawn: Drawn = { ctx, table, columns, record, lines: state.lines, typed: state.typed, clashes: state.clashes }
  const messages = await lineMessagesFor(drawn, state.problems ?? [])
  const fields = fieldsOfLines(
    columns,
    state.lines.map((line) => line.at),
    say,
  )
  const kind = lineKind(
    table,
    columns,
    state.lines.map((line) => line.at),
  )
  const controls = await controlsFor(ctx, kind, fields, state.typed, messages, state.suggestions)
  const at = (page: number) =>
    `${address}?${new URLSearchParams({ ...(narrowed ? { of: narrowed.value } : {}), page: String(page) })}`
  const choices = form.narrow ? await form.narrow.choices(ctx, record) : []
  const derived = form.derive ? await form.derive.rows(ctx, record) : undefined
  return {
    record: { ...named(record), code: record.code },
    title: say(tableLabel(table)),
    lead: form.lead ? say(form.lead) : undefined,
    tabs: (await writable(ctx, tables, record)).map((each) => ({
      label: say(tableLabel(each)),
      href: addressOfTable(each, record),
      current: each === table,
    })),
    parts: choices.map(({ value, label }) => ({
      label,
      href: `${address}?of=${encodeURIComponent(value)}`,
      current: value === narrowed?.value,
    })),
    action: address,
    hidden: { page: String(state.page), ...(narrowed ? { of: narrowed.value } : {}) },
    ...(await linesView(drawn, controls, messages, state.leads ?? new Map())),
    standing: form.addsOnly ? await standingView(ctx, table, record, columns, rows) : undefined,
    pager: {
      summary:
        count > pageSize
          ? say('record.rows.page', {
              from: (state.page - 1) * pageSize + 1,
              to: (state.page - 1) * pageSize + rows.length,
              count,
            })
          : undefined,
      newer: state.page > 1 ? at(state.page - 1) : undefined,
      older: state.page * pageSize < count ? at(state.page + 1) : undefined,
    },
    mistakes: messages.mistakes,
    languages: writingLanguages(ctx),
    why: form.reasonIn
      ? undefined
      : { value: one(state.typed, 'why'), hint: say(form.whyHint ?? 'record.rows.why-hint'), problem: messages.why },
    derive:
      derived === undefined
        ? undefined
        : { ready: derived !== null, words: form.derive!.words, edit: `${table.base}/${record.code}/edit` },
    paste: one(state.typed, 'paste'),
    headings: columns.map((column) => column.label).join(' · '),
    said: state.said,
    done: state.done,
    exported:
      count > 0 ? `${address}/table.csv${narrowed ? `?of=${encodeURIComponent(narrowed.value)}` : ''}` : undefined,
    public: record.audience === 'public',
  }
}

async function standingView(
  ctx: AppContext,
  table: TableForm,
  record: AnyRecord,
  columns: readonly Column[],
  rows: readonly StoredRow[],
): Promise<RowsPageView['standing']> {
  const writer = await rowWriter(
    ctx,
    table,
    record,
    columns,
    rows.map((row) => row.values),
  )
  const used = columns.filter((column) => rows.some((row) => writer.text(column, row.values) !== ''))
  return {
    heads: used.map((column) => column.label),
    rows: rows.map((row) => used.map((column) => writer.text(column, row.values))),
  }
}

/** What is typed, with further lines below it. */
function withLines(ctx: AppContext, table: TableForm, record: AnyRecord, state: State, count: number): State {
  const columns = columnsFor(ctx, table, record)
  const more = { lines: [...state.lines], typed: { ...state.typed } }
  const starts = table.form.starts?.(ctx, record) ?? {}
  for (let left = Math.min(count, maxLines - more.lines.length); left > 0; left--)
    addLine(ctx, table, columns, record, more, starts, '')
  return { ...state, ...more }
}

const proposed = (state: State, proposal: Proposal): State => ({ ...state, ...proposal })

/** Everything the buttons of the form do; nothing typed is lost on the way. */
async function answer(
  ctx: AppContext,
  table: TableForm,
  tables: readonly TableForm[],
  request: PageRequest,
): Promise<RowsPageView | Redirect> {
  const record = await recordFor(ctx, table, request)
  if (isRedirect(record)) return record
  const typed: FormValues = { ...request.form }
  const address = addressOfTable(table, record)
  const undoing = one(typed, 'undo')
  if (isId(undoing)) {
    const entries = await entriesOf(ctx, undoing, null, 2)
    if (entries.length === 0 || entries.some((entry) => entry.record !== record.id)) throw notFound(undoing)
    const { undone } = await inTransaction(ctx, (tx) => undo(tx, undoing, { mode: 'all', source: 'page' }))
    return { redirect: address, notice: { key: 'record.rows.undone', values: { count: undone } } }
  }
  const columns = columnsFor(ctx, table, record)
  const narrowed = narrowedIn(table, one(typed, 'of'))
  const state: State = { lines: linesIn(typed), typed, page: pageIn(one(typed, 'page')), narrowed }
  const given = { table, columns, record, lines: state.lines, typed, fixed: fixedBy(narrowed) }
  const act = one(typed, 'act')
  if (act === 'more') return pageData(ctx, table, tables, record, withLines(ctx, table, record, state, moreLines))
  if (act === 'paste') return pageData(ctx, table, tables, record, proposed(state, await pastedLines(ctx, given)))
  if (act === 'derive') return pageData(ctx, table, tables, record, proposed(state, await derivedLines(ctx, given)))
  const outcome = await saveLines(ctx, { ...given, why: one(typed, 'why') })
  if ('saved' in outcome) {
    if (!outcome.saved) return unchanged(ctx, table, tables, record, state)
    const query = new URLSearchParams({
      ...(narrowed ? { of: narrowed.value } : {}),
      saved: outcome.saved,
      count: String(outcome.count),
    })
    return { redirect: `${address}?${query}` }
  }
  const lines = state.lines.map((line) => {
    const clash = outcome.clashes.get(line.at)
    return clash ? { ...line, seen: clash.now ? seenOf(clash.now) : '' } : line
  })
  return pageData(ctx, table, tables, record, { ...state, lines, ...outcome })
}

/** Nothing differs from what is stored: that is said, because a form that answers with silence looks broken. */
function unchanged(
  ctx: AppContext,
  table: TableForm,
  tables: readonly TableForm[],
  record: AnyRecord,
  state: State,
): Promise<RowsPageView> {
  const columns = columnsFor(ctx, table, record)
  const first =
    state.lines.find((line) => line.seen === '' && isBlank(ctx, columns, line.at, state.typed)) ?? state.lines[0]
  const problems = [{ at: first ? `/${first.at}` : '/', code: 'record.nothing-typed' }]
  return pageData(ctx, table, tables, record, { ...state, problems })
}

/** The pages of one table: the form, and the same rows as a file. */
export function tablePages(table: TableForm, tables: readonly TableForm[]): PageDefinition[] {
  const path = `${table.base}/:key/${pathBelow(table)}`
  const policy = { can: `rows.${table.table}`, kind: table.kind.kind }
  const section = table.section ? { section: table.section } : {}
  return [
    page<RowsPageView>({
      path,
      policy,
      ...section,
      load: async (ctx, request) => {
        const record = await recordFor(ctx, table, request)
        if (isRedirect(record)) return record
        return pageData(ctx, table, tables, record, await startOf(ctx, table, record, request.query))
      },
      post: (ctx, request) => answer(ctx, table, tables, request),
      title: (data, { say }) => say('record.rows.title', { table: data.title, title: data.record.text }),
      trail: (data, { say }) => [
        { label: say(`${table.kind.kind}.plural`), href: table.base },
        { label: data.record.code, href: data.record.href },
      ],
      view: RowsPage,
    }),
    unseenPage({
      path: `${path}/table.csv`,
      policy,
      load: async (ctx, request) => {
        const record = await recordFor(ctx, table, request)
        if (isRedirect(record)) return record
        const rows = await allStored(ctx, table, record.id, narrowedIn(table, request.query.of))
        const columns = columnsFor(ctx, table, record)
        const cells = await exported(
          ctx,
          table,
          columns,
          record,
          rows.map((row) => row.values),
        )
        return {
          download: `${record.code}-${table.table}.csv`,
          type: 'text/csv; charset=utf-8',
          body: Readable.from(writeTable(cells)),
        }
      },
    }),
  ]
}

/** `…/rows` leads to the first table that the reader may write. */
export const firstTablePage = (tables: readonly TableForm[]): PageDefinition =>
  unseenPage({
    path: `${tables[0]!.base}/:key/rows`,
    policy: 'signed in',
    load: async (ctx, request) => {
      const { kind } = tables[0]!
      const record = (await get(ctx, kind, request.params.key ?? '')) as AnyRecord
      const [first] = await writable(ctx, tables, record)
      if (!first) throw notAllowed('identity.not-allowed', { action: 'change', kind: kind.kind })
      return { redirect: addressOfTable(first, record) }
    },
  })
