/** Content out of one house and into another: nothing is lost on the way, whatever the format. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, contextOf } from '#platform/app.ts'
import { nobody, systemCaller } from '#platform/caller.ts'
import {
  contentSource,
  type Format,
  formatOf,
  hashOf,
  jsonFormat,
  jsonLdFormat,
  type Scope,
  workbookFormat,
  writeContent,
} from '#platform/exchange/index.ts'
import { inWords, runImport, type StoredReport } from '#platform/imports/index.ts'
import { openWorkbook, type WorkbookSheet } from '#platform/workbook/index.ts'
import { type ImportHouse, openImportHouse } from '#test/kit/imports.ts'
import { piecesOf, written } from '#test/kit/workbooks.ts'

const everything: Scope = { of: 'all' }

async function textOf(app: App, format: Format, scope: Scope, caller = systemCaller): Promise<string> {
  let text = ''
  for await (const piece of writeContent(contextOf(app, caller, 'en'), { format, scope })) text += piece
  return text
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text)
  for (let at = 0; at < all.length; at += 10_007) yield all.subarray(at, at + 10_007)
}

async function load(house: ImportHouse, format: Format, text: string): Promise<StoredReport> {
  const { report } = await runImport(house.ctx, {
    name: 'content.json',
    profile: null,
    format: format.name,
    open: () => contentSource(house.ctx, format, bytes(text), { publish: true }),
  })
  return report
}

const said = (house: ImportHouse, report: StoredReport) =>
  inWords(report, house.app.registry.words.say('en')).problems.map((problem) => problem.message)

describe('a plan goes from one house to another', () => {
  let from: ImportHouse
  let plan: Scope
  beforeAll(async () => {
    from = await openImportHouse({ demo: true })
    const [row] = await from.rows<{ id: string }>(
      `select id from records.record where kind = 'strategy.plan' order by code limit 1`,
    )
    plan = { of: 'root', kind: 'strategy.plan', id: row!.id }
  })
  afterAll(() => from.close())

  test.each([jsonFormat, jsonLdFormat])('as $name, loaded twice', async (format) => {
    const into = await openImportHouse()
    try {
      const text = await textOf(from.app, format, plan)
      const first = await load(into, format, text)
      expect(said(into, first)).toEqual([])
      expect(first.created).toBeGreaterThan(50)
      const hash = /"hash":"(sha256:[0-9a-f]{64})"/.exec(text)![1]
      expect(await hashOf(into.ctx, plan)).toBe(hash)
      expect(await hashOf(from.ctx, plan)).toBe(hash)
      const second = await load(into, format, text)
      expect(said(into, second)).toEqual([])
      expect(second).toMatchObject({ created: 0, changed: 0, rejected: 0, changeSet: null })
    } finally {
      await into.close()
    }
  })

  describe('as a workbook', () => {
    const bookOf = async (scope: Scope) => {
      const pieces: Uint8Array[] = []
      for await (const piece of writeContent(from.ctx, { format: workbookFormat, scope }))
        pieces.push(Buffer.from(piece))
      return Buffer.concat(pieces)
    }
    const bring = async (house: ImportHouse, file: Buffer, options: { dryRun?: boolean } = {}) => {
      const { report } = await runImport(house.ctx, {
        ...{ name: 'plan.xlsx', profile: null, format: 'xlsx', ...options },
        open: () => contentSource(house.ctx, workbookFormat, piecesOf(file), { publish: true }),
      })
      return report
    }
    /** As another program saves it: cells are text, and somebody has typed something else into some of them. */
    const saved = async (file: Buffer, edit: (sheet: string, row: number, cells: string[]) => string[] | null) => {
      const workbook = await openWorkbook(piecesOf(file) as AsyncGenerator<Buffer>)
      const sheets: WorkbookSheet[] = []
      for (const { name, hidden } of workbook.sheets) {
        const rows: string[][] = []
        for await (const row of (await workbook.open(name)).rows) {
          const cells: string[] = []
          for (const cell of row.cells) cells[cell.column] = cell.text
          const edited = edit(
            name,
            row.number,
            Array.from(cells, (cell) => cell ?? ''),
          )
          if (edited) rows.push(edited.map((cell) => cell))
        }
        sheets.push({
          name,
          hidden,
          columns: [],
          headerRows: 0,
          rows: rows.map((cells) => cells.map((cell) => cell || null)),
        })
      }
      await workbook.close()
      return written({ sheets })
    }

    test('a plan and everything, loaded twice, with an equal hash', async () => {
      for (const scope of [plan, everything]) {
        const into = await openImportHouse()
        try {
          const file = await bookOf(scope)
          const first = await bring(into, file)
          expect(said(into, first)).toEqual([])
          expect(first.created).toBeGreaterThan(50)
          expect(await hashOf(into.ctx, scope)).toBe(await hashOf(from.ctx, scope))
          const second = await bring(into, file)
          expect(said(into, second)).toEqual([])
          expect(second).toMatchObject({ created: 0, changed: 0, rejected: 0, changeSet: null })
        } finally {
          await into.close()
        }
      }
    })

    test('saved again by another program it is the same; what somebody corrects in it is changed, and reported by sheet and row', async () => {
      const file = await bookOf(plan)
      expect(await bring(from, await saved(file, (_sheet, _row, cells) => cells), { dryRun: true })).toMatchObject({
        created: 0,
        changed: 0,
        rejected: 0,
      })
      const at = { title: -1, level: -1 }
      const edited = await saved(file, (sheet, row, cells) => {
        if (sheet !== 'Objectives') return cells
        if (row === 1) Object.assign(at, { title: cells.indexOf('title.en'), level: cells.indexOf('level') })
        if (row === 3) cells[at.title] = 'Said better'
        if (row === 4) cells[at.level] = 'second'
        return cells
      })
      const report = await bring(from, edited, { dryRun: true })
      expect(report).toMatchObject({ created: 0, changed: 1, rejected: 1 })
      expect(report.problems).toMatchObject([{ sheet: 'Objectives', row: 4 }])
    })

    test('a workbook of another kind is not taken for one of ours', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'exchange-'))
      try {
        const path = join(folder, 'book.xlsx')
        const formats = [workbookFormat, jsonFormat]
        await writeFile(path, await bookOf(plan))
        expect(await formatOf(formats, 'PK\u0003\u0004', path)).toBe(workbookFormat)
        await writeFile(
          path,
          await written({ sheets: [{ name: 'About', headerRows: 0, columns: [], rows: [['format', 'x']] }] }),
        )
        expect(await formatOf(formats, 'PK\u0003\u0004', path)).toBeUndefined()
        await writeFile(path, (await bookOf(plan)).subarray(0, 2000))
        expect(await formatOf(formats, 'PK\u0003\u0004', path)).toBeUndefined()
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  })

  test('with everything that is not an account', async () => {
    const into = await openImportHouse()
    try {
      const report = await load(into, jsonFormat, await textOf(from.app, jsonFormat, everything))
      expect(said(into, report)).toEqual([])
      expect(await hashOf(into.ctx, everything)).toBe(await hashOf(from.ctx, everything))
    } finally {
      await into.close()
    }
  })

  test('and the public gets what is public only', async () => {
    const text = await textOf(from.app, jsonFormat, plan, nobody)
    const { records, complete } = JSON.parse(text) as { records: Array<Record<string, unknown>>; complete: boolean }
    expect(complete).toBe(false)
    expect(records.length).toBeGreaterThan(10)
    expect(new Set(records.filter((each) => !each.rows).map((each) => each.audience))).toEqual(new Set(['public']))
    expect(records.some((each) => String(each.kind).startsWith('directory.person'))).toBe(false)
  })
})
