/**
 * Guesses what the columns of a file contain, for the first step of an import. A guess is shown to a person with examples
 * and never applied unseen; where the cells leave it open, it says `ambiguous`.
 */
import { type DetectedFormat, detectNumberFormat, type NumberFormat } from '#values/decimal.ts'
import { isPeriod, parsePeriod } from '#values/period.ts'
import { type DayOrder, dayOrders, missingTokens, possibleDayOrders, possibleNumberFormats } from './cells.ts'
import { excerpt } from './problems.ts'

/** `period-name`: the name of the column is a period (a wide table); `period`: its cells are periods (a long table). */
export type ColumnKind =
  | 'blank'
  | 'row-number'
  | 'identifier'
  | 'code'
  | 'period-name'
  | 'period'
  | 'number'
  | 'percent'
  | 'duration'
  | 'day'
  | 'choice'
  | 'text'

export type ColumnGuess = {
  readonly name: string
  readonly position: number
  readonly kind: ColumnKind
  /** The period that the name of the column contains, e.g. '2019', 'FY2023', or '2005' of `total_2005`; else null. */
  readonly period: string | null
  /** For numbers and percentages; null for other kinds and where no cell is a number. */
  readonly numberFormat: NumberFormat | 'ambiguous' | 'mixed' | null
  readonly dayOrder: DayOrder | 'ambiguous' | 'mixed' | null
  /** Texts seen that usually mean "no value", with how often; '' is an empty cell. */
  readonly missing: Readonly<Record<string, number>>
  /** Cells that are not missing, and how many distinct ones. */
  readonly filled: number
  readonly distinct: number
  /** The first few distinct values; for a choice all of them (at most 20). */
  readonly examples: readonly string[]
  /** Labels that announce a duration, "(minutes:seconds)" or "(hours:minutes)": the numbers of those rows are durations. */
  readonly durationLabels: number
}

export type Recognition = {
  readonly columns: readonly ColumnGuess[]
  /** `wide`: periods are columns · `long`: one row for each value, with a period column · `single`: neither. */
  readonly shape: 'wide' | 'long' | 'single'
  /** Names of the columns that stand for periods. */
  readonly periodColumns: readonly string[]
}

const missing = new Set(missingTokens)
const identifierName = /(^|[\s._-])(id|ids|key|uuid|identifier|code|nr|no|number|geoid)([\s._-]|$)|编号|编码|代码|序号/i
const codeLike = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/
const durationCell = /^\d{1,4}:[0-5]\d(:[0-5]\d)?$/
const durationLabel = /\((minutes:seconds|hours:minutes|mm:ss|hh:mm|h:mm)\)/i
const periodInName = /(?:^|[^0-9])((?:FY\s?)?(?:19|20)\d\d)(?![0-9])/i
const bareNumber = /^\d+(\.\d+)?$/

/** `rows` are the cells of some hundred rows from the beginning, without the header. */
export function recognise(header: readonly string[], rows: readonly (readonly string[])[]): Recognition {
  const columns = header.map((name, position) =>
    guess(
      name,
      position,
      rows.map((row) => (row[position] ?? '').trim()),
    ),
  )
  const wide = columns.filter((column) => column.kind === 'period-name')
  const long = columns.filter((column) => column.kind === 'period' || column.kind === 'day')
  const shape =
    wide.length >= 2 || (wide.length === 1 && long.length === 0) ? 'wide' : long.length > 0 ? 'long' : 'single'
  return { columns, shape, periodColumns: (shape === 'wide' ? wide : long).map((column) => column.name) }
}

function guess(name: string, position: number, cells: readonly string[]): ColumnGuess {
  const tokens: Record<string, number> = {}
  const filled: string[] = []
  for (const cell of cells) {
    if (cell === '' || missing.has(cell)) tokens[cell] = (tokens[cell] ?? 0) + 1
    else filled.push(cell)
  }
  const different = [...new Set(filled)]
  const kind = kindOf(name, position, filled, different)
  const numeric = kind === 'number' || kind === 'percent' || kind === 'period-name'
  return {
    name,
    position,
    kind,
    period: periodOfName(name),
    numberFormat: numeric ? formatName(detectNumberFormat(filled)) : null,
    dayOrder: kind === 'day' ? dayOrderOf(different) : null,
    missing: tokens,
    filled: filled.length,
    distinct: different.length,
    examples: different.slice(0, kind === 'choice' ? 20 : 3).map(excerpt),
    durationLabels: filled.filter((cell) => durationLabel.test(cell.slice(0, 500))).length,
  }
}

function kindOf(name: string, position: number, filled: readonly string[], different: readonly string[]): ColumnKind {
  if (filled.length === 0) return periodOfName(name) ? 'period-name' : 'blank'
  const unnamed = name === `column ${position + 1}` || /^(#|row|index|序号)$/i.test(name)
  if (unnamed && isCounting(filled)) return 'row-number'
  const every = (holds: (cell: string) => boolean) => different.every(holds)
  if (every((cell) => durationCell.test(cell))) return 'duration'
  const isNumeric = every((cell) => possibleNumberFormats(cell).length > 0)
  if (isNumeric && every((cell) => cell.endsWith('%'))) return 'percent'
  if (isNumeric && periodOfName(name)) return 'period-name'
  if (every((cell) => isPeriodCell(cell))) return 'period'
  if (every((cell) => possibleDayOrders(cell).length > 0)) return 'day'
  if (identifierName.test(spaced(name)) && every((cell) => codeLike.test(cell))) {
    return different.length === filled.length && filled.length > 1 ? 'identifier' : 'code'
  }
  if (isNumeric) return 'number'
  if (every((cell) => codeLike.test(cell)) && different.length === filled.length && filled.length > 4)
    return 'identifier'
  if (different.length <= 20 && different.length * 2 <= filled.length) return 'choice'
  return every((cell) => codeLike.test(cell)) ? 'code' : 'text'
}

/** 'GeoID' and 'agencyCode' as separate words. */
function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2')
}

function isCounting(cells: readonly string[]): boolean {
  const first = Number(cells[0])
  return (first === 0 || first === 1) && cells.every((cell, index) => cell === String(first + index))
}

/** A period longer than a day; days are a separate kind, and a bare number is a year only between 1900 and 2100. */
function isPeriodCell(cell: string): boolean {
  if (cell.length > 40) return false
  if (bareNumber.test(cell)) return /^(19|20)\d\d$/.test(cell)
  const period = parsePeriod(cell, { fiscal: { startMonth: 7, namedBy: 'end' } })
  if (isPeriod(period)) return period.grain !== 'day'
  return period !== null && period.problem === 'ambiguous' && possibleDayOrders(cell).length === 0
}

function periodOfName(name: string): string | null {
  return periodInName.exec(name.slice(0, 200))?.[1] ?? null
}

function formatName(detected: DetectedFormat): NumberFormat | 'ambiguous' | 'mixed' | null {
  return detected.format === 'none' ? null : detected.format
}

/** The one order in which every cell is a real day. */
function dayOrderOf(cells: readonly string[]): DayOrder | 'ambiguous' | 'mixed' {
  const possible = dayOrders.filter((order) => cells.every((cell) => possibleDayOrders(cell).includes(order)))
  if (possible.length === 0) return 'mixed'
  return possible.includes('day-month-year') && possible.includes('month-day-year') ? 'ambiguous' : possible[0]!
}
