import { parseArgs } from 'node:util'
import type { Limits } from '#analysis/variation.ts'
import { type Language, languageOf, type Say } from '#kernel/words.ts'
import { judge, type MeasurementRow, type SeriesFacts, sentencesFor, type TargetRow } from '#modules/indicators'
import { type ProblemList, readTable, severityOf, wordValues } from '#platform/tabular/index.ts'
import { type Decimal, detectNumberFormat, isReadDecimal, type NumberFormat, parseDecimal } from '#values/decimal.ts'
import { isPeriod, type Period, parsePeriod } from '#values/period.ts'
import type { Command, Output } from '../command.ts'
import { composeRegistry } from '../modules.ts'
import { forecastAhead, forecastObstacle, forecastSentences } from './series-ahead.ts'

const usage = 'series FILE.csv [--target N --direction up|down] [--to PERIOD] [--unit CODE] [--language TAG] [--json]'

type Problem = {
  readonly row: number | null
  readonly column: string | null
  readonly code: string
  readonly message: string
}
type Options = {
  readonly file: string
  readonly target: Decimal | null
  readonly direction: SeriesFacts['direction']
  readonly unit: string | null
  /** How far ahead to look; null = not at all. */
  readonly to: Period | null
  readonly language: Language
  readonly json: boolean
}

/** Limits, signals, target capability and the words for one series in a file; needs no database. */
export const seriesCommand: Command = {
  name: 'series',
  summary: 'say what is happening in one series',
  usage,
  run: async (args, io) => {
    const options = optionsOf(args, io)
    if (!options) return 2
    const say = composeRegistry().registry.words.say(options.language)
    const { rows, problems, rejected } = await readSeries(options.file, say)
    if (rows.length === 0 || rejected) {
      if (options.json) io.out(JSON.stringify({ problems }, null, 2))
      else for (const problem of problems) io.err(problem.message)
      return 1
    }
    const refusal = options.to && forecastObstacle(rows.at(-1)!, options.to)
    if (refusal) {
      io.err(refusal)
      return 2
    }
    const reported = answer(rows, options, say)
    const ahead = options.to && forecastAhead(rows, { ...options, to: options.to, facts: factsFor(options) }, say)
    if (options.json) io.out(JSON.stringify({ ...reported, ...(ahead ? { forecast: ahead } : {}), problems }, null, 2))
    else {
      for (const sentence of Object.values(reported.words).flat()) if (sentence) io.out(sentence)
      for (const sentence of ahead ? forecastSentences(ahead) : []) io.out(sentence)
      for (const problem of problems) io.err(problem.message)
    }
    return 0
  },
}

function optionsOf(args: string[], io: Output): Options | null {
  const fail = (text: string) => {
    io.err(`${text}\nUsage: npm run -s cli -- ${usage}`)
    return null
  }
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return fail((error as Error).message)
  }
  const { values, positionals } = parsed
  if (positionals.length !== 1) return fail('Name one CSV file with the columns period and value.')
  const target = values.target === undefined ? null : parseDecimal(values.target, '1234.5')
  if (target !== null && !isReadDecimal(target))
    return fail(`--target takes a number such as 12.5, not "${values.target}".`)
  const { direction } = values
  if (direction !== undefined && direction !== 'up' && direction !== 'down')
    return fail(`--direction is up (higher is better) or down (lower is better), not "${direction}".`)
  if (target !== null && direction === undefined)
    return fail('With --target say --direction up or down: without it nobody knows which side of the target is good.')
  const to = values.to === undefined ? null : parsePeriod(values.to)
  if (values.to !== undefined && !isPeriod(to))
    return fail(`--to takes a period written as in the file, such as 2027-06, 2027-Q2 or 2027, not "${values.to}".`)
  const language = languageOf(values.language ?? 'en')
  if (!language) return fail(`--language is en or zh-Hans, not "${values.language}".`)
  return {
    file: positionals[0]!,
    target: target?.value ?? null,
    direction: direction ?? 'not-agreed',
    unit: values.unit ?? null,
    to: isPeriod(to) ? to : null,
    language,
    json: values.json ?? false,
  }
}

const parse = (args: string[]) =>
  parseArgs({
    args: joined(args),
    allowPositionals: true,
    options: {
      target: { type: 'string' },
      direction: { type: 'string' },
      to: { type: 'string' },
      unit: { type: 'string' },
      language: { type: 'string' },
      json: { type: 'boolean' },
    },
  })

/** `--target -5` as one argument: the parser would take a negative number for an option. */
const joined = (args: string[]): string[] =>
  args.flatMap((arg, index) => {
    if (/^-\d/.test(arg) && args[index - 1] === '--target') return []
    return arg === '--target' && /^-\d/.test(args[index + 1] ?? '') ? [`--target=${args[index + 1]}`] : [arg]
  })

type Cells = { readonly row: number; readonly period: string; readonly value: string; readonly status: string }

/** Reads the file; every problem is reported by row and column. Rows are returned in the order of their periods. */
async function readSeries(
  file: string,
  say: Say,
): Promise<{ rows: MeasurementRow[]; problems: Problem[]; rejected: boolean }> {
  const table = await readTable(file)
  const problems: Problem[] = []
  let rejected = false
  const own = (code: string, row: number | null, column: string | null, values: Record<string, string | number>) => {
    rejected = true
    problems.push({
      row,
      column,
      code,
      message: say(`indicators.series.${code}`, { ...values, row: row ?? 0, column: column ?? '' }),
    })
  }
  const place = (name: string) => table.header.findIndex((each) => each.trim().toLowerCase() === name)
  const [periodAt, valueAt, statusAt] = [place('period'), place('value'), place('status')]
  const cells: Cells[] = []
  if (table.header.length > 0)
    for (const [name, at] of [
      ['period', periodAt],
      ['value', valueAt],
    ] as const)
      if (at < 0) own('column-missing', 1, name, { found: table.header.join(', ') })
  if (periodAt < 0 || valueAt < 0) await table.close()
  else
    for await (const { number, cells: each } of table.rows) {
      if (cells.length < 100_000)
        cells.push({
          row: number,
          period: each[periodAt] ?? '',
          value: each[valueAt] ?? '',
          status: statusAt < 0 ? '' : (each[statusAt] ?? '').trim(),
        })
    }
  problems.push(...ofTable(table.problems, say))
  const format = formatOf(cells, own)
  const rows = cells.flatMap((each) => rowOf(each, format, own) ?? [])
  const ordered = inOrder(rows, own)
  rejected ||= table.problems.shown.some(({ code }) => severityOf(code) !== 'warn')
  return { rows: ordered, problems, rejected }
}

type ReportProblem = (
  code: string,
  row: number | null,
  column: string | null,
  values: Record<string, string | number>,
) => unknown

const ofTable = (list: ProblemList, say: Say): Problem[] =>
  list.shown.map((problem) => ({
    row: problem.row,
    column: problem.column,
    code: problem.code,
    message: say(`tabular.${problem.code}`, wordValues(problem)),
  }))

/** The one number format used throughout the file. */
function formatOf(cells: readonly Cells[], report: ReportProblem): NumberFormat | null {
  const found = detectNumberFormat(cells.map((each) => each.value))
  if (found.format === 'none') return '1234.5'
  if (found.format === 'mixed') {
    report('numbers-mixed', cells[found.at]!.row, 'value', { text: cells[found.at]!.value.slice(0, 40) })
    return null
  }
  if (found.format !== 'ambiguous') return found.format
  // '1.234' alone could be a thousand; here it is read as a plain number.
  if (found.candidates.includes('1234.5')) return '1234.5'
  const at = cells.find((each) => each.value === found.example)
  report('numbers-ambiguous', at?.row ?? null, 'value', { text: found.example.slice(0, 40) })
  return null
}

type PlacedRow = MeasurementRow & { readonly row: number; readonly period: Period }
const known = ['actual', 'provisional', 'estimated', 'annualised']
const absent = new Set(['', 'NA', 'N/A', '-', '–', '…', '..', 'null'])

function rowOf(each: Cells, format: NumberFormat | null, report: ReportProblem): PlacedRow | null {
  const refused = (...problem: Parameters<ReportProblem>): null => {
    report(...problem)
    return null
  }
  const period = parsePeriod(each.period)
  if (period === null) return refused('period-missing', each.row, 'period', {})
  if (!isPeriod(period))
    return refused(`period-${period.problem}`, each.row, 'period', { text: each.period.slice(0, 40) })
  const text = each.value.trim()
  const read = absent.has(text) || format === null ? null : parseDecimal(text, format)
  if (read !== null && !isReadDecimal(read))
    return refused('not-a-number', each.row, 'value', { text: text.slice(0, 40) })
  if (each.status !== '' && !known.includes(each.status))
    return refused('status-unknown', each.row, 'status', { text: each.status.slice(0, 40), known: known.join(', ') })
  return {
    row: each.row,
    period,
    id: '',
    cell: '',
    from: period.from,
    to: period.to,
    label: period.label,
    value: read?.value ?? null,
    numerator: null,
    denominator: null,
    status: (each.status || 'actual') as MeasurementRow['status'],
    note: null,
    raw: null,
    revision: 1,
  }
}

function inOrder(rows: readonly PlacedRow[], report: ReportProblem): MeasurementRow[] {
  const ordered = [...rows].sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0))
  const grain = rows[0]?.period.grain
  const other = rows.find((row) => row.period.grain !== grain)
  if (other) report('grains-mixed', other.row, 'period', { text: other.label, first: rows[0]!.label })
  for (const [index, row] of ordered.entries()) {
    const before = ordered[index - 1]
    if (before && !other && row.from < before.to)
      report('period-twice', Math.max(row.row, before.row), 'period', {
        text: row.label,
        other: Math.min(row.row, before.row),
      })
  }
  return ordered
}

const factsFor = (options: Options): SeriesFacts => ({
  valueKind: options.unit === '%' ? 'percent' : null,
  unit: options.unit,
  decimals: null,
  direction: options.direction,
  rangeLow: null,
  rangeHigh: null,
  grain: null,
  publicationLagDays: null,
  seasonal: null,
  cumulative: null,
  rareEvents: null,
  minimumCell: null,
})

function answer(rows: readonly MeasurementRow[], options: Options, say: Say) {
  const facts = factsFor(options)
  const from = rows[0]!.from
  const target: TargetRow[] =
    options.target === null
      ? []
      : [
          {
            cell: '',
            targetKind: 'keep',
            from,
            dueOn: null,
            value: options.target,
            low: null,
            high: null,
            base: null,
            comparator: null,
            setOn: from,
            why: null,
          },
        ]
  const judged = judge(facts, { measurements: rows, targets: target, breaks: [] })
  const { assessment, performance } = judged
  const words = sentencesFor({ judged, lateness: null, facts: { ...facts, unitLabel: null } }, say, options.language)
  const limits: Limits | null = assessment.limits
  return {
    points: assessment.n,
    counted: assessment.counted,
    grain: judged.grain,
    latest: assessment.latest,
    limits,
    seasonallyAdjusted: assessment.adjusted !== null,
    silence: judged.silence,
    signals: judged.rows.flatMap((row, index) =>
      (judged.signals[index] ?? []).map(({ kind, side }) => ({ period: row.label, kind, side })),
    ),
    latestSignal: judged.latestSignal,
    reading: judged.reading,
    capability: judged.capability,
    falseAlarmRate: judged.falseAlarmRate,
    performance: performance && {
      result: performance.result,
      reasons: performance.reasons,
      gap: performance.gap ?? null,
    },
    words: {
      happening: words.happening,
      ...(options.target === null ? {} : { against: words.against }),
      ...(words.capability ? { capability: words.capability } : {}),
      cautions: words.cautions,
    },
  }
}
