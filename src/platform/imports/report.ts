/** The report of an import: stored as codes and figures, put into words for whoever reads it. */
import type { Say } from '#kernel/words.ts'
import type { Severity } from '../tabular/index.ts'
import { type ImportProblem, type ImportValues, messageOf, weightOf } from './problems.ts'

/** Something the reader should know about the whole file; `code` is the key of its sentence. */
export type Note = { readonly code: string; readonly values: ImportValues }

export type RecordCounts = { created: number; changed: number; unchanged: number }

export type StoredReport = {
  /** Records by what happened to them. */
  readonly created: number
  readonly changed: number
  readonly unchanged: number
  /** Rows of the file that were not imported. */
  readonly rejected: number
  readonly rows: { readonly read: number; readonly left: number; readonly taken: number }
  readonly kinds: Readonly<Record<string, RecordCounts>>
  /** The first 1,000 problems; the others are counted in `problemCounts`. */
  readonly problems: readonly ImportProblem[]
  readonly problemCounts: Readonly<Record<string, number>>
  readonly notes: readonly Note[]
  /** What was written; null for a trial run, and if there was nothing to write. */
  readonly changeSet: string | null
  readonly dryRun: boolean
  /** Why nothing was imported although there was something to import; null otherwise. */
  readonly refused: 'stopped' | 'all-or-nothing' | null
}

export type ReportProblem = {
  readonly row: number | null
  readonly column: string | null
  /** In a workbook: the sheet, and the cell as a spreadsheet names it. */
  readonly sheet?: string
  readonly cell?: string
  readonly code: string
  readonly message: string
  readonly severity: Severity
}

/** A report as pages and the command line show it. */
export type Report = Omit<StoredReport, 'problems' | 'notes'> & {
  readonly problems: readonly ReportProblem[]
  readonly notes: ReadonlyArray<{ readonly code: string; readonly message: string }>
}

/** Puts a stored report into words. */
export function inWords(report: StoredReport, say: Say): Report {
  return {
    ...report,
    problems: report.problems.map((problem) => ({
      row: problem.row,
      column: problem.column,
      ...(problem.sheet === undefined ? {} : { sheet: problem.sheet }),
      ...(problem.cell === undefined ? {} : { cell: problem.cell }),
      code: problem.code,
      message: messageOf(problem, say),
      severity: weightOf(problem.code),
    })),
    notes: report.notes.map(({ code, values }) => ({ code, message: say(code, { ...values }) })),
  }
}

/** Was anything rejected? Then the command ends with 1. */
export const hasRejections = (report: Pick<StoredReport, 'rejected' | 'refused'>): boolean =>
  report.rejected > 0 || report.refused !== null
