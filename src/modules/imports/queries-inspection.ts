/** The preview of an uploaded file: its columns, and its first rows as they would be saved. Nothing is written. */

import type { Registry } from '#kernel/registry.ts'
import {
  type AllOffers,
  type ImportProblem,
  importerOf,
  PartPlaces,
  type RowPreview,
  weightOf,
} from '#platform/imports/index.ts'
import { openTableFile, type TableFile } from '#platform/table-file.ts'
import {
  defaultLimits,
  type Profile,
  prepareConversion,
  ReadingStopped,
  type ReadOptions,
  type Recognition,
  readOptionsOf,
  recognise,
  tablesOf,
} from '#platform/tabular/index.ts'
import { guessSheet, outlineSheets, type SheetGuess, type SheetOutline } from '#platform/workbook/index.ts'

/** Rows examined, and rows shown. */
const looked = 300
const shown = 10

export type FileInspection = {
  readonly header: readonly string[]
  readonly recognition: Recognition
  readonly problems: readonly ImportProblem[]
  /** In a workbook: its sheets, and details of the one examined. */
  readonly sheets: readonly SheetOutline[] | null
  readonly sheet: SheetGuess | null
}

/** What the columns look like, from the beginning of the file or of one sheet. */
export async function inspectFile(
  source: string | AsyncIterable<Uint8Array>,
  stated: ReadOptions = {},
): Promise<FileInspection> {
  const file = await openTableFile(source)
  try {
    const sheets = file.workbook ? await whole(() => outlineSheets(file.workbook!)) : null
    const name = stated.sheet ?? fullest(sheets ?? [])
    const headerRow = typeof stated.headerRow === 'number' ? stated.headerRow : null
    const place = { headerRow, headerRows: stated.headerRows ?? null }
    const known = name !== undefined && file.sheets?.some((each) => each.name === name)
    const sheet = known ? await whole(() => guessSheet(file.workbook!, name, place, defaultLimits.columns)) : null
    const colours = stated.colours ?? sheet?.colours.map(({ column }) => column)
    const ends = stated.endsWith ?? (sheet?.remarksFrom ? ('blank-row' as const) : undefined)
    const options: ReadOptions = { ...stated, sheet: name, colours, endsWith: ends }
    const table = await file.open(file.sheets ? options : stated)
    const rows: string[][] = []
    for await (const row of table.rows) if (rows.push(row.cells) >= looked) break
    await table.close()
    const problems = [...file.problems.filter((each) => !table.problems.shown.includes(each)), ...table.problems.shown]
    return { header: table.header, recognition: recognise(table.header, rows), problems, sheets, sheet }
  } finally {
    await file.close()
  }
}

/** The visible sheet with the most content; covers and notes have little. */
function fullest(sheets: readonly SheetOutline[]): string | undefined {
  const shown = sheets.filter(({ hidden, rows }) => !hidden && rows > 0)
  const most = Math.max(...shown.map(({ rows }) => rows))
  return shown.find(({ rows }) => rows === most)?.name
}

/** What a damaged sheet does not reveal is left out here; opening its table says why. */
async function whole<Found>(look: () => Promise<Found>): Promise<Found | null> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof ReadingStopped)) throw error
    return null
  }
}

export type PreviewRow = RowPreview & {
  /** The row's place: its line, in a workbook with its sheet. */
  readonly place: string
}

export type Preview = {
  readonly rows: readonly PreviewRow[]
  /** How many of the examined rows would be refused for their content, and how many were examined. */
  readonly refused: number
  /** How many the mapping leaves out: examples, totals. */
  readonly left: number
  readonly looked: number
  readonly problems: readonly ImportProblem[]
}

/** The first rows under a profile. What depends on stored records (an unknown post) is found by the full check. */
export async function previewOf(
  registry: Registry,
  offers: AllOffers,
  source: AsyncIterable<Uint8Array>,
  profile: Profile,
): Promise<Preview> {
  const file = await openTableFile(source)
  const seen = { rows: [] as PreviewRow[], problems: [...file.problems], count: 0, refused: 0, left: 0 }
  try {
    for (const each of tablesOf(profile)) {
      const { sheet, optional } = each.file ?? {}
      if (optional && file.sheets && !file.sheets.some(({ name }) => name === sheet)) continue
      await previewTable(registry, offers, file, each, seen)
    }
  } finally {
    await file.close()
  }
  const { rows, problems, count, refused, left } = seen
  return { rows, refused, left, looked: count, problems: problems.slice(0, 50) }
}

async function previewTable(
  registry: Registry,
  offers: AllOffers,
  file: TableFile,
  profile: Profile,
  seen: { rows: PreviewRow[]; problems: ImportProblem[]; count: number; refused: number; left: number },
): Promise<void> {
  const table = await file.open(readOptionsOf(profile))
  const conversion = prepareConversion(profile, table.header)
  const importer = importerOf(registry, offers, profile, table.header)
  const problems: ImportProblem[] = [...conversion.problems, ...importer.problems]
  const rows: PreviewRow[] = []
  let count = 0
  for await (const row of table.rows) {
    if (count >= looked) break
    count += 1
    const converted = conversion.convertRow(row)
    if (!converted.kept) {
      seen.left += 1
      continue
    }
    const read = importer.read(row, converted)
    const found = [...row.problems, ...converted.problems, ...read.problems]
    if (found.some((problem) => weightOf(problem.code) === 'reject')) seen.refused += 1
    problems.push(...converted.problems, ...read.problems)
    if (rows.length >= shown) continue
    const place = table.sheet ? `${table.sheet.name} ${row.number}` : String(row.number)
    rows.push(...importer.shown(read.items, converted).map((each) => ({ ...each, place })))
  }
  await table.close()
  seen.count += count
  seen.rows.push(...rows.slice(0, shown))
  // The reader's own problems are already in the table's list.
  const reported = [...problems, ...table.problems.shown.filter((each) => !file.problems.includes(each))]
  const places = new PartPlaces()
  seen.problems.push(
    ...reported
      .map((problem) => places.within({ table, offset: 0 }, problem))
      .sort((left, right) => (left.row ?? 0) - (right.row ?? 0)),
  )
}
