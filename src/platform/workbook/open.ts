/**
 * A workbook (ECMA-376 / ISO/IEC 29500 SpreadsheetML, transitional or strict) as sheets of rows, within fixed bounds of
 * memory and time whatever the file contains. Formulas are not computed: the result stored in the file is used.
 */
import type { TableProblem } from '../tabular/index.ts'
import type { Range } from './address.ts'
import { type Archive, openArchive, spool } from './archive.ts'
import { type WorkbookLimits, workbookLimits } from './limits.ts'
import { readMerges } from './merges.ts'
import { firstRows, readSheet, type SheetRow } from './sheet.ts'
import { readStrings, type SharedStrings } from './strings.ts'
import { readStructure, type SheetFacts, sheetNamed } from './structure.ts'
import { readCellStyles } from './styles.ts'

export type Sheet = {
  readonly name: string
  readonly rows: AsyncGenerator<SheetRow>
  /** From the top down. */
  readonly merges: readonly Range[]
  /** Columns that are hidden, as pairs of first and last; complete once the first row has been yielded. */
  readonly hiddenColumns: ReadonlyArray<readonly [number, number]>
}

export type Workbook = {
  readonly sheets: readonly SheetFacts[]
  /** What the reader should know about the whole file. */
  readonly problems: readonly TableProblem[]
  /** Opens a sheet by its name. Throws `ReadingStopped` where there is none, or the file is damaged. */
  readonly open: (name: string) => Promise<Sheet>
  /** The first rows of a sheet, without reading its end. */
  readonly peek: (name: string, count: number) => Promise<SheetRow[]>
  readonly close: () => Promise<void>
}

/** Opens a workbook. Throws `ReadingStopped` if it cannot be read. */
export async function openWorkbook(
  pieces: AsyncIterable<Buffer>,
  limits: WorkbookLimits = workbookLimits,
): Promise<Workbook> {
  const file = await spool(pieces, limits.archiveBytes)
  let archive: Archive | null = null
  try {
    archive = await openArchive(file, limits)
    return await workbookIn(archive, limits)
  } catch (error) {
    await (archive?.close() ?? file.close())
    throw error
  }
}

async function workbookIn(archive: Archive, limits: WorkbookLimits): Promise<Workbook> {
  const structure = await readStructure(archive, limits)
  const looks = await readCellStyles(archive, structure.styles, limits)
  // Kept once for all sheets, as every sheet may need them.
  let strings: SharedStrings | null = null
  const reading = async (name: string, hiddenColumns: Array<readonly [number, number]>) => {
    const { part, name: exact } = sheetNamed(structure.sheets, name)
    strings ??= await readStrings(archive, structure.strings, limits)
    const { date1904 } = structure
    return { archive, part, name: exact, strings, looks, limits, date1904, hiddenColumns }
  }
  return {
    sheets: structure.sheets,
    problems: structure.problems,
    open: async (name) => {
      const hiddenColumns: Array<readonly [number, number]> = []
      const sheet = await reading(name, hiddenColumns)
      const merges = await readMerges(archive, sheet.part, sheet.name, limits)
      return { name: sheet.name, rows: readSheet(sheet), merges, hiddenColumns }
    },
    peek: async (name, count) => {
      const rows = readSheet(await reading(name, []))
      const first = await firstRows(rows, count)
      await rows.return(undefined)
      return first
    },
    close: () => archive.close(),
  }
}
