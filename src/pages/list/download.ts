/** A list as a file: exactly what its address shows, all pages of it, in words; numbers and days as they are kept. */
import { Readable } from 'node:stream'
import { notFound } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { type AppContext, type PageDefinition, type PageRequest, unseenPage } from '#platform/page.ts'
import { list as listOf } from '#platform/records/index.ts'
import { type WritableCell, writeTable } from '#platform/tabular/index.ts'
import { sheetName, type WorkbookCell, writeWorkbook } from '#platform/workbook/index.ts'
import { textOfCell } from '#web/list/cell.tsx'
import { presenterOf } from '../presenter.ts'
import { type Asked, readAddress } from './address.ts'
import { columnsShown, isExact, rowsShown, type ShownColumn } from './cells.ts'
import type { List } from './declare.ts'

/** Read together; memory stays small however long the list is. */
const portion = 200

type Exact = { readonly exact: string | number; readonly as: 'number' | 'day' }
type FileCell = string | Exact | null

async function* fileRows(ctx: AppContext, list: List, asked: Asked, columns: readonly ShownColumn[]) {
  const hidden = presenterOf(ctx).say('record.page.hidden')
  const hasCode = columns.some(({ name }) => name === 'code')
  let after: string | undefined
  do {
    const page = await listOf(ctx, list.kind, {
      ...asked.where,
      sort: asked.sort,
      limit: portion,
      ...(after ? { after } : {}),
    })
    for (const { record, cells } of await rowsShown(ctx, list, columns, page.rows as AnyRecord[]))
      yield [
        ...(hasCode ? [] : [record.code]),
        ...columns.map(({ name, computed }): FileCell => {
          const value = record[name]
          if (!computed && isExact(list, name)) return exactOf(value)
          return textOfCell(cells[name]!, hidden)
        }),
      ]
    after = page.next ?? undefined
  } while (after)
}

/** An amount is written without its unit if it is a number alone; money and quantities keep theirs in the text. */
function exactOf(value: unknown): FileCell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return { exact: value, as: 'number' }
  if (typeof value === 'string') return { exact: value, as: /^\d{4}-\d\d-\d\d$/.test(value) ? 'day' : 'number' }
  const { amount, value: number, currency, unit } = value as Record<string, string | undefined>
  return [amount ?? number, currency ?? unit].filter(Boolean).join(' ')
}

const heads = (ctx: AppContext, columns: readonly ShownColumn[]): string[] => [
  ...(columns.some(({ name }) => name === 'code') ? [] : [presenterOf(ctx).say('record.field.code')]),
  ...columns.map(({ label }) => label),
]

const inText = (cell: FileCell): WritableCell =>
  cell === null || typeof cell === 'string'
    ? cell
    : cell.as === 'number' && /^-?\d{1,15}$/.test(String(cell.exact))
      ? Number(cell.exact)
      : String(cell.exact)

const inWorkbook = (cell: FileCell): WorkbookCell =>
  cell === null || typeof cell === 'string'
    ? cell
    : cell.as === 'day'
      ? { day: String(cell.exact) }
      : { decimal: String(cell.exact) }

async function* csv(ctx: AppContext, list: List, asked: Asked) {
  const columns = columnsShown(ctx, list, asked)
  yield heads(ctx, columns)
  for await (const row of fileRows(ctx, list, asked, columns)) yield row.map(inText)
}

async function* workbook(ctx: AppContext, list: List, asked: Asked) {
  const columns = columnsShown(ctx, list, asked)
  async function* rows() {
    yield heads(ctx, columns)
    for await (const row of fileRows(ctx, list, asked, columns)) yield row.map(inWorkbook)
  }
  const title = presenterOf(ctx).say(list.title)
  const widths = heads(ctx, columns).map(() => ({ width: 24 }))
  yield* writeWorkbook({
    sheets: [{ name: sheetName(title), columns: widths, headerRows: 1, rows: rows() }],
    language: ctx.language,
  })
}

/** `/benefits/list.csv?state=agreed`, `/benefits/list.xlsx`. */
export const shownDownload = (list: List): PageDefinition =>
  unseenPage({
    path: `${list.path}/list.:format`,
    policy: list.policy,
    load: async (ctx: AppContext, { params, query }: PageRequest) => {
      const asked = await readAddress(ctx, list, query)
      const name = list.kind.plural
      if (params.format === 'csv')
        return {
          download: `${name}.csv`,
          type: 'text/csv; charset=utf-8',
          body: Readable.from(writeTable(csv(ctx, list, asked))),
        }
      if (params.format !== 'xlsx') throw notFound(params.format ?? '')
      return {
        download: `${name}.xlsx`,
        type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        body: Readable.from(workbook(ctx, list, asked)),
      }
    },
  })
