/**
 * The tables of one import. A text file has one, a workbook may have many: each is read with a profile and an importer
 * of its own, and all are saved in one change set. Lines and steps are numbered across all of them, so that later
 * stages deal with one file only; a line is turned back into a sheet and a cell when it is reported.
 */

import type { Registry } from '#kernel/registry.ts'
import type { TableFile } from '../table-file.ts'
import {
  excerpt,
  type Profile,
  readOptionsOf,
  type Table,
  type TableProblem,
  tableProblem,
  tablesOf,
} from '../tabular/index.ts'
import { type AllOffers, subjectOf } from './offers.ts'
import type { ImportProblem } from './problems.ts'
import { recordImporter } from './record-importer.ts'
import type { Importer, Step } from './steps.ts'
import { subjectImporter } from './subject-importer.ts'

/** More lines than a sheet can have (1,048,576), yet few enough that fifty tables fit in an integer column. */
const linesOfTable = 2_000_000
const stepsOfTable = 200

export type Part = {
  readonly table: Table
  readonly profile: Profile
  readonly importer: Importer
  /** Added to the lines of the table. */
  readonly offset: number
  /** Added to the numbers of the importer's steps. */
  readonly firstStep: number
}

/** The importer for one table: of a subject that a room offers, or of one kind of record by its declaration. */
export function importerOf(
  registry: Registry,
  offers: AllOffers,
  profile: Profile,
  header: readonly string[],
): Importer {
  const subject = subjectOf(offers, profile.kind)
  return subject ? subjectImporter(offers, subject, profile, header) : recordImporter(registry, profile, header)
}

/** Opens the tables one by one; each must be read before the next. Optional sheets that are missing are skipped. */
export async function* openParts(
  registry: Registry,
  file: TableFile,
  profile: Profile,
  offers: AllOffers,
): AsyncGenerator<Part> {
  for (const [index, each] of tablesOf(profile).entries()) {
    const { sheet, optional } = each.file ?? {}
    if (optional && file.sheets && !file.sheets.some(({ name }) => name === sheet)) continue
    const table = await file.open(readOptionsOf(each))
    yield {
      ...{ table, profile: each, importer: importerOf(registry, offers, each, table.header) },
      ...{ offset: index * linesOfTable, firstStep: index * stepsOfTable },
    }
  }
}

/** The steps of all tables in the order of saving. */
export const stepsOf = (parts: readonly Part[]): Step[] =>
  parts.flatMap(({ importer, firstStep }) => importer.steps.map((step) => ({ ...step, step: step.step + firstStep })))

/** Turns lines back into places. */
export class PartPlaces {
  readonly parts: Part[] = []

  /** Sheets in reading order, each once. */
  get sheets(): string[] {
    return [...new Set(this.parts.flatMap(({ table }) => (table.sheet ? [table.sheet.name] : [])))]
  }

  add(part: Part): void {
    this.parts.push(part)
  }

  /** A problem of an import, with its line numbered across all tables. */
  of(problem: ImportProblem): ImportProblem {
    if (problem.sheet !== undefined || problem.row === null) return problem
    const offset = Math.floor(problem.row / linesOfTable) * linesOfTable
    const part = this.parts.find((each) => each.offset === offset)
    if (!part) return problem
    const { first } = problem.values
    const values =
      typeof first === 'number' && first > offset ? { ...problem.values, first: first - offset } : problem.values
    return this.within(part, { ...problem, row: problem.row - offset, values })
  }

  /** A problem of one table, with that table's own lines. */
  within({ table, offset }: Pick<Part, 'table' | 'offset'>, problem: ImportProblem): ImportProblem {
    if (!table.sheet) return problem
    const row = problem.row !== null && problem.row >= linesOfTable ? problem.row - offset : problem.row
    const at = problem.column === null ? -1 : table.header.indexOf(problem.column)
    const cell = problem.cell ?? (at >= 0 && row !== null ? `${table.sheet.letters[at]}${row}` : undefined)
    return { ...problem, row, sheet: table.sheet.name, ...(cell === undefined ? {} : { cell }) }
  }
}

/** Names non-empty sheets that no table reads, so that nobody believes they were imported. */
export function unreadSheets(file: TableFile, places: PartPlaces): TableProblem[] {
  const read = new Set(places.sheets)
  const others = (file.sheets ?? []).filter(({ name, hidden }) => !hidden && !read.has(name))
  if (others.length === 0) return []
  return [
    tableProblem('workbook.other-sheets', {
      count: others.length,
      text: excerpt(others.map(({ name }) => name).join(', ')),
    }),
  ]
}
