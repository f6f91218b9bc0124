/**
 * Rows pasted from a spreadsheet become lines of the form, shown before anything is saved; and the same table as a
 * file. What one gives the other understands: one column for each part of a value, as the form asks for it.
 */
import { type Field, type Part, textsOf } from '#kernel/fields/field.ts'
import { targetKinds } from '#kernel/fields/reference.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { languageName, languages } from '#kernel/words.ts'
import { between } from '#platform/content/index.ts'
import type { AppContext } from '#platform/page.ts'
import { isId, namesOf } from '#platform/records/index.ts'
import type { RowValues } from '#platform/row-form.ts'
import { possibleDayOrders, readDay, readTable } from '#platform/tabular/index.ts'
import { presenterOf, referencesIn } from '../presenter.ts'
import { type FormValues, formMedium } from '../record/form-values.ts'
import { resolve } from '../record/options.ts'
import { maxLines, typedRow } from './lines.ts'
import { type Column, columnsFor, type TableForm, typeOf } from './table.ts'

/** One column of the pasted table or the file: a part of a column of the form. */
type Cell = {
  readonly column: Column
  readonly part: Part
  /** What stands behind the number of the line in the name of its control: `value`, `note.en`. */
  readonly slot: string
  readonly heading: string
}

function cellsOf(ctx: AppContext, columns: readonly Column[]): Cell[] {
  const { say, has } = presenterOf(ctx)
  return columns.flatMap((column) => {
    const parts = typeOf(column).parts(column.field, formMedium(ctx))
    return parts.map((part): Cell => {
      const word = part.language ? languageName(part.language as never) : part.name
      const named = !part.language && has(`web.part.${part.name}`) ? say(`web.part.${part.name}`) : word
      return {
        column,
        part,
        slot: part.name === '' ? column.name : `${column.name}.${part.name}`,
        heading: part.name === '' || parts.length === 1 ? column.label : `${column.label} (${named})`,
      }
    })
  })
}

/** The part of each column that people mean where only the column is named. */
const mainCells = (ctx: AppContext, cells: readonly Cell[]): Cell[] =>
  [...Map.groupBy(cells, (cell) => cell.column).values()].map(
    (group) => group.find((cell) => cell.part.name === '' || cell.part.language === ctx.language) ?? group[0]!,
  )

const tidy = (text: string) => text.normalize('NFKC').trim().toLowerCase()

/** Headings in every language, and the names of the parts themselves. */
function headingsOf(ctx: AppContext, table: TableForm, record: AnyRecord): Map<string, Cell> {
  const known = new Map<string, Cell>()
  for (const language of new Set([ctx.language, ...languages])) {
    const cells = cellsOf(ctx, columnsFor(ctx, table, record))
    const inLanguage = cellsOf({ ...ctx, language }, columnsFor({ ...ctx, language }, table, record))
    for (const [index, { slot, heading }] of inLanguage.entries())
      for (const text of [heading, slot]) if (!known.has(tidy(text))) known.set(tidy(text), cells[index]!)
    for (const cell of mainCells(ctx, cells)) {
      const label = tidy(inLanguage.find((each) => each.slot === cell.slot)!.column.label)
      if (!known.has(label)) known.set(label, cell)
    }
  }
  return known
}

export type Pasted = {
  /** For each row what was given, by what stands behind the number of the line. */
  readonly rows: ReadonlyArray<Readonly<Record<string, string | string[]>>>
  /** Headings that mean no column here. */
  readonly unknown: readonly string[]
  /** There were more rows than a form holds. */
  readonly cut: boolean
}

/** Reads what somebody pasted: tabs or commas, with or without a line of headings in either language. */
export async function readPasted(
  ctx: AppContext,
  table: TableForm,
  columns: readonly Column[],
  record: AnyRecord,
  text: string,
): Promise<Pasted> {
  const lines: string[][] = []
  const read = await readTable(oneBuffer(text), {
    encoding: 'utf-8',
    headerRow: 'none',
    restoreNeutralised: true,
    ...(text.includes('\t') ? { delimiter: '\t' as const } : {}),
  })
  for await (const row of read.rows) {
    lines.push(row.cells)
    if (lines.length > maxLines + 1) break
  }
  const first = lines[0] ?? []
  const known = headingsOf(ctx, table, record)
  const filled = first.filter((cell) => cell.trim() !== '')
  const named = filled.filter((cell) => known.has(tidy(cell)))
  const hasHeadings = filled.length > 0 && named.length * 2 >= filled.length
  const cells: Array<Cell | undefined> = hasHeadings
    ? first.map((cell) => known.get(tidy(cell)))
    : mainCells(ctx, cellsOf(ctx, columns))
  const data = hasHeadings ? lines.slice(1) : lines
  const rows: Array<Record<string, string | string[]>> = []
  for (const line of data.slice(0, maxLines)) {
    const row: Record<string, string | string[]> = {}
    for (const [index, text] of line.entries()) {
      const cell = cells[index]
      if (!cell) continue
      const given = await givenBy(ctx, cell, text)
      row[cell.slot] = given.value
      if (given.add) row[`${cell.slot}.add`] = given.add
    }
    rows.push(row)
  }
  return {
    rows,
    unknown: hasHeadings ? filled.filter((cell) => !known.has(tidy(cell))) : [],
    cut: data.length > maxLines,
  }
}

async function* oneBuffer(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

type Given = { readonly value: string | string[]; readonly add?: string }

/** What a cell says, as the control would post it. What is not understood stays as it is, for the form to name. */
async function givenBy(ctx: AppContext, { column, part }: Cell, text: string): Promise<Given> {
  const { field } = column
  if (part.several) {
    const texts = part.ordered ? text.split(/\r\n|\n/) : text.split(/\s*\|\s*|\r\n|\n/).filter((each) => each.trim())
    if (part.holds !== 'record') return { value: texts.map((each) => chosen(ctx, column, each)) }
    return records(ctx, field, texts)
  }
  if (part.holds === 'day') return { value: dayIn(text) }
  if (part.holds === 'flag') return { value: flagIn(ctx, text) }
  return { value: part.name === '' ? chosen(ctx, column, text) : text }
}

/** A choice by its value or its word in any language. */
function chosen(ctx: AppContext, { field, choices }: Column, text: string): string {
  if (!field.of || !typeOf({ field }).namesChoices) return text
  const found = field.of.find(
    (value) =>
      value === text.trim() ||
      languages.some((language) => tidy(ctx.registry.words.say(language)(`${choices}.${value}`)) === tidy(text)),
  )
  return found ?? text
}

async function records(ctx: AppContext, field: Field, texts: readonly string[]): Promise<Given> {
  const found = await Promise.all(texts.map((text) => resolve(ctx, targetKinds(field), text)))
  const unclear = texts.find((_text, index) => !('id' in found[index]!))
  return {
    value: found.flatMap((each) => ('id' in each ? [each.id] : [])),
    ...(unclear === undefined ? {} : { add: unclear }),
  }
}

/** A day in whichever order it is written, if only one is possible. */
function dayIn(text: string): string {
  const orders = possibleDayOrders(text.trim())
  const read = orders.length === 1 ? readDay(text.trim(), orders[0]!) : null
  return read && 'value' in read && typeof read.value === 'string' ? read.value : text
}

function flagIn(ctx: AppContext, text: string): string {
  const is = (key: string) => languages.some((language) => tidy(ctx.registry.words.say(language)(key)) === tidy(text))
  if (is('record.page.yes')) return 'true'
  return is('record.page.no') ? 'false' : text.trim()
}

/** The table as a file: headings in the reader's language, then the rows. */
export async function exported(
  ctx: AppContext,
  table: TableForm,
  columns: readonly Column[],
  record: AnyRecord,
  rows: readonly RowValues[],
): Promise<string[][]> {
  const cells = cellsOf(ctx, columns)
  const names = await namesOf(
    ctx,
    rows.flatMap((row) => referencesIn(table.rows.fields, row)),
  )
  const written = (text: string) => (isId(text) ? (names.get(text)?.code ?? text) : text)
  const cellOf = ({ part, slot }: Cell, typed: FormValues) => {
    const given = typed[`0.${slot}`]
    if (!part.several) return written(textsOf(given).at(-1) ?? '')
    return part.ordered ? [given ?? []].flat().join('\n') : textsOf(given).map(written).join(between)
  }
  return [
    cells.map((cell) => cell.heading),
    ...rows.map((row) => {
      const typed = typedRow(ctx, table, columns, 0, row, record)
      return cells.map((cell) => cellOf(cell, typed))
    }),
  ]
}
