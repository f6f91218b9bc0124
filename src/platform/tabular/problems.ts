/**
 * What can be wrong with an uploaded table: codes, places and values. The sentences are in
 * `words/{en,zh-Hans}.json` under `tabular.<code>`; each says what is wrong, where, and how to fix it.
 */

/** `stop`: nothing after this place is read. `reject`: this row is not imported. `warn`: imported, but worth a look. */
export type Severity = 'stop' | 'reject' | 'warn'

export type TableProblem = {
  /** Line of the file on which the record begins, counted from 1; null for the whole file or profile. */
  readonly row: number | null
  /** Name of the column as `readTable` gives it in `header`; null for the whole row. */
  readonly column: string | null
  readonly code: string
  /** In a workbook: name of the sheet, and the cell as a spreadsheet names it (`B7`), if it concerns one. */
  readonly sheet?: string
  readonly cell?: string
  readonly values: Readonly<Record<string, string | number>>
}

/** Every code of this folder with its severity; a test checks that both catalogues have exactly these. */
export const problemCodes = {
  'file.cannot-open': 'stop',
  'file.empty': 'stop',
  'file.not-a-table': 'stop',
  'file.too-large': 'stop',
  'file.too-many-rows': 'stop',
  'file.encoding-guessed': 'warn',
  'file.bad-bytes': 'warn',
  'file.no-rows': 'warn',
  'file.blank-rows': 'warn',
  'file.comments': 'warn',
  'file.preamble': 'warn',
  'workbook.encrypted': 'stop',
  'workbook.damaged': 'stop',
  'workbook.unsafe-name': 'stop',
  'workbook.too-much': 'stop',
  'workbook.doctype': 'stop',
  'workbook.no-sheets': 'stop',
  'workbook.sheet-missing': 'stop',
  'workbook.needed': 'stop',
  'workbook.macros': 'warn',
  'workbook.links': 'warn',
  'workbook.hidden-sheets': 'warn',
  'workbook.hidden-rows': 'warn',
  'workbook.hidden-columns': 'warn',
  'workbook.merged-cells': 'warn',
  'workbook.below-table': 'warn',
  'workbook.other-sheets': 'warn',
  'header.missing': 'warn',
  'header.unnamed': 'warn',
  'header.duplicate': 'warn',
  'header.empty-columns': 'warn',
  'header.column-missing': 'stop',
  'header.column-unmapped': 'warn',
  'row.too-few-cells': 'reject',
  'row.too-many-cells': 'reject',
  'row.too-long': 'stop',
  'row.too-many-columns': 'stop',
  'row.quote-not-closed': 'stop',
  'row.continues': 'warn',
  'row.continues-nothing': 'warn',
  'row.no-identifier': 'reject',
  'cell.formula': 'warn',
  'cell.formula-not-calculated': 'reject',
  'cell.spreadsheet-error': 'warn',
  'cell.unreadable': 'reject',
  'cell.required': 'reject',
  'cell.not-a-number': 'reject',
  'cell.other-number-format': 'reject',
  'cell.percent-in-number': 'reject',
  'cell.number-too-long': 'reject',
  'cell.not-a-duration': 'reject',
  'cell.duration-out-of-range': 'reject',
  'cell.duration-read-as-decimal': 'warn',
  'cell.not-a-day': 'reject',
  'cell.day-impossible': 'reject',
  'cell.not-a-period': 'reject',
  'cell.period-ambiguous': 'reject',
  'cell.unknown-choice': 'reject',
  'cell.too-long-for-pattern': 'reject',
  'profile.not-json': 'stop',
  'profile.too-large': 'stop',
  'profile.unknown-key': 'stop',
  'profile.missing-key': 'stop',
  'profile.wrong-value': 'stop',
  'profile.unsafe-pattern': 'stop',
  'profile.pattern-groups': 'stop',
  'profile.rule-conflict': 'stop',
} as const satisfies Record<string, Severity>

export type TableProblemCode = keyof typeof problemCodes

/** The severity of a code; a code unknown here (an importing module's own) rejects its row. */
export function severityOf(code: string): Severity {
  return Object.hasOwn(problemCodes, code) ? problemCodes[code as TableProblemCode] : 'reject'
}

/** Builds a problem; `row` and `column` are left out if it concerns the whole file. */
export function tableProblem(
  code: TableProblemCode,
  values: Record<string, string | number> = {},
  row: number | null = null,
  column: string | null = null,
): TableProblem {
  return { row, column, code, values }
}

const chosen = new Set(['conflict', 'form', 'order', 'reason'])

/**
 * Everything a sentence of the catalogue may use: the values, `row` (0 where there is none), `column`, `hasNearest`.
 * ICU MessageFormat does not allow hyphens in selectors, so those names have underscores here.
 */
export function wordValues(problem: TableProblem): Record<string, string | number> {
  const values: Record<string, string | number> = { row: problem.row ?? 0, column: problem.column ?? '' }
  for (const [key, value] of Object.entries(problem.values)) {
    values[key] = chosen.has(key) && typeof value === 'string' ? value.replaceAll('-', '_') : value
  }
  return { ...values, hasNearest: problem.values.nearest ? 'yes' : 'no' }
}

/** An excerpt of a cell for a message: at most 60 characters, line breaks and control characters made visible. */
export function excerpt(text: string): string {
  const start = [...text.slice(0, 200)].map((sign) => (sign < ' ' ? '␣' : sign))
  return start.length > 60 || text.length > 200 ? `${start.slice(0, 59).join('')}…` : start.join('')
}

/**
 * Keeps the first `limit` problems and counts all of them by code, so that a file with a fault in each of five
 * million rows costs no more memory than one with a thousand.
 */
export class ProblemList {
  readonly limit: number
  readonly shown: TableProblem[] = []
  /** How often each code occurred, including those not kept. */
  readonly byCode: Record<string, number> = {}
  total = 0
  /** The problem that ended the reading, even if it came after the limit. */
  stop: TableProblem | null = null

  constructor(limit = 1000) {
    this.limit = limit
  }

  add(...problems: readonly TableProblem[]): void {
    for (const found of problems) {
      const problem = storable(found)
      this.total += 1
      this.byCode[problem.code] = (this.byCode[problem.code] ?? 0) + 1
      if (this.shown.length < this.limit) this.shown.push(problem)
      if (this.stop === null && severityOf(problem.code) === 'stop') this.stop = problem
    }
  }

  /** How many are counted but not kept. */
  get hidden(): number {
    return this.total - this.shown.length
  }
}

/** Text from a file may contain what no database accepts (NUL, half a surrogate pair); messages about it must not. */
function storable(problem: TableProblem): TableProblem {
  const texts = [problem.column, problem.sheet, problem.cell, ...Object.values(problem.values)]
  if (texts.every((text) => typeof text !== 'string' || isStorable(text))) return problem
  const mended = (text: string) => text.toWellFormed().replaceAll('\u0000', '\uFFFD')
  return {
    ...problem,
    column: problem.column && mended(problem.column),
    ...(problem.sheet === undefined ? {} : { sheet: mended(problem.sheet) }),
    values: Object.fromEntries(
      Object.entries(problem.values).map(([name, value]) => [name, typeof value === 'string' ? mended(value) : value]),
    ),
  }
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')

/** Ends the reading from anywhere in a chain of generators; `readTable` turns it into the list's `stop`. */
export class ReadingStopped extends Error {
  readonly problem: TableProblem

  constructor(problem: TableProblem) {
    super(problem.code)
    this.name = 'ReadingStopped'
    this.problem = problem
  }
}
