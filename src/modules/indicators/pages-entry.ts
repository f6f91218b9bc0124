/**
 * Forms of one indicator: values and corrections, targets, breaks; and its figures as files. They work without a
 * script.
 */
import { Readable } from 'node:stream'
import type { Say } from '#kernel/words.ts'
import { flat, lastField, lineField, type Mistakes, mistakesFrom, mistakesIn } from '#pages/form.ts'
import { may, mustBeAllowed } from '#pages/permission.ts'
import { type NamedLink, presenterOf } from '#pages/presenter.ts'
import { type AppContext, type PageRequest, page, unseenPage } from '#platform/page.ts'
import { get } from '#platform/records/index.ts'
import { writeTable } from '#platform/tabular/index.ts'
import { todayOf } from '#platform/today.ts'
import { enterMeasurements, recordBreak, setTarget } from './actions.ts'
import { entryStart, readBreakForm, readMeasurementForm, readTargetForm, targetsSoFar } from './pages-entry-start.ts'
import { type Indicator, seriesOf } from './queries-series.ts'
import { directions, indicator, statuses, targetKinds } from './records.ts'
import {
  type BreakEntry,
  breakView,
  type MeasurementEntry,
  measurementsView,
  type TargetEntry,
  targetView,
} from './views/entry.tsx'

const base = '/indicators/indicators/:key'

/** The indicator, if the caller may do this to it. @throws NotFound, NotAllowed */
async function indicatorFor(ctx: AppContext, request: PageRequest, action?: string): Promise<Indicator> {
  const record = (await get(ctx, indicator, request.params.key ?? '')) as Indicator
  if (action) mustBeAllowed(ctx, action, record)
  return record
}

const headOf = (ctx: AppContext, record: Indicator) => ({ code: record.code, ...presenterOf(ctx).named(record) })
const trail = (data: NamedLink, { say }: { say: Say }) => [
  { label: say('indicators.list.title'), href: '/indicators' },
  { label: data.text, href: data.href },
]

async function measurementEntry(
  ctx: AppContext,
  record: Indicator,
  cell: string,
  shown: { correct?: string; given?: Record<string, string>; mistakes?: Mistakes },
): Promise<MeasurementEntry> {
  const { say, plain, href, choices } = presenterOf(ctx)
  const start = await entryStart(ctx, record, cell, shown.correct)
  const initial: Record<string, string> = {}
  for (const [at, line] of start.lines.entries()) {
    initial[`period.${at}`] = line.period
    initial[`status.${at}`] = 'actual'
  }
  const named = (text: Record<string, string> | null, fallback: string) => (text ? plain(text) : say(fallback))
  return {
    ...headOf(ctx, record),
    given: shown.given ?? { ...initial, ...start.correcting },
    mistakes: shown.mistakes ?? {},
    unit: start.unit,
    divided: ['percent', 'rate', 'ratio'].includes(record.valueKind ?? ''),
    numerator: named(record.numerator, 'indicators.indicator.rows.measurement.numerator'),
    denominator: named(record.denominator, 'indicators.indicator.rows.measurement.denominator'),
    cell,
    cells: start.cells,
    lines: start.lines.map((line, at) => ({ at: String(at), title: line.title, lead: line.lead })),
    statuses: choices(indicator.kind, 'measurement.status', statuses),
    existing: start.existing.map((row) => ({
      ...row,
      correct: `${href(indicator.kind, record.code)}/measurements?${new URLSearchParams({ ...(cell ? { cell } : {}), correct: row.label })}`,
    })),
    more: null,
  }
}

const measurementsPage = page<MeasurementEntry>({
  path: `${base}/measurements`,
  policy: { can: 'rows.measurement', kind: indicator.kind },
  section: 'results',
  load: async (ctx, request) => {
    const record = await indicatorFor(ctx, request, 'rows.measurement')
    const { correct, cell = '' } = request.query
    return measurementEntry(ctx, record, cell.slice(0, 200), correct === undefined ? {} : { correct })
  },
  post: async (ctx, request) => {
    const record = await indicatorFor(ctx, request, 'rows.measurement')
    const { say, href } = presenterOf(ctx)
    const given = flat(request.form)
    const cell = (given.cell ?? '').slice(0, 200)
    const places = Math.min(Math.max(Number(given.lines) || 1, 1), 50)
    const lines = Array.from({ length: places }, (_, index) => {
      const at = String(index)
      const text = (name: string) => given[`${name}.${at}`] ?? ''
      return {
        at,
        period: text('period'),
        value: text('value'),
        numerator: text('numerator'),
        denominator: text('denominator'),
        status: text('status'),
        note: text('note'),
      }
    })
    const read = await readMeasurementForm(ctx, record, { lines, cell, why: given.why ?? '' })
    const mistakes =
      read.problems.length > 0
        ? mistakesFrom(read.problems, say, lineField('value'))
        : await mistakesIn(
            () => enterMeasurements(ctx, record, read.rows, given.why?.trim() || null),
            say,
            lineField('value'),
          )
    if (!mistakes)
      return {
        redirect: href(indicator.kind, record.code),
        notice: { key: 'indicators.entry.saved', values: { count: read.rows.length } },
      }
    // The form returns as many lines as were sent, so that nothing typed is lost.
    const entry = await measurementEntry(ctx, record, cell, { given, mistakes })
    const sent = lines.map(
      ({ at, period }) =>
        entry.lines.find((line) => line.at === at) ?? { at, title: period || say('indicators.entry.other'), lead: '' },
    )
    return { ...entry, lines: sent }
  },
  trail,
  title: (data, { say }) => say('indicators.entry.title', { title: data.text }),
  view: measurementsView,
})

async function targetEntry(
  ctx: AppContext,
  record: Indicator,
  given?: Record<string, string>,
  mistakes: Mistakes = {},
): Promise<TargetEntry> {
  const { choices } = presenterOf(ctx)
  const soFar = await targetsSoFar(ctx, record)
  return {
    ...headOf(ctx, record),
    given: given ?? { from: soFar.next, setOn: todayOf(ctx), cell: '' },
    mistakes,
    kinds: choices(indicator.kind, 'target.targetKind', targetKinds),
    cells: soFar.cells,
    unit: soFar.unit,
    existing: soFar.words,
  }
}

const targetsPage = page<TargetEntry>({
  path: `${base}/targets`,
  policy: { can: 'rows.target', kind: indicator.kind },
  section: 'results',
  load: async (ctx, request) => targetEntry(ctx, await indicatorFor(ctx, request, 'rows.target')),
  post: async (ctx, request) => {
    const record = await indicatorFor(ctx, request, 'rows.target')
    const { say, href } = presenterOf(ctx)
    const given = flat(request.form)
    const { target, problems } = await readTargetForm(ctx, record, given)
    const mistakes = target
      ? await mistakesIn(() => setTarget(ctx, record, target), say, lastField('value'))
      : mistakesFrom(problems, say, lastField('value'))
    if (!mistakes)
      return {
        redirect: `${href(indicator.kind, record.code)}#targets`,
        notice: { key: 'indicators.entry.target-saved' },
      }
    return targetEntry(ctx, record, given, mistakes)
  },
  trail,
  title: (data, { say }) => say('indicators.entry.target-title', { title: data.text }),
  view: targetView,
})

const breakKinds = ['definition', 'boundary', 'source', 'direction'] as const

function breakEntry(
  ctx: AppContext,
  record: Indicator,
  given: Record<string, string> = {},
  mistakes: Mistakes = {},
): BreakEntry {
  const { choice, choices } = presenterOf(ctx)
  // Changing the direction changes the indicator itself, which not everybody who may note a break may do.
  const mayTurn = may(ctx, 'change', record)
  return {
    ...headOf(ctx, record),
    given,
    mistakes,
    kinds: choices(indicator.kind, 'break.breakKind', mayTurn ? breakKinds : breakKinds.slice(0, 3)),
    directions: choices(indicator.kind, 'direction', directions),
    mayTurn,
    now: choice(indicator.kind, 'direction', record.direction ?? 'not-agreed'),
  }
}

const breaksPage = page<BreakEntry>({
  path: `${base}/breaks`,
  policy: { can: 'rows.break', kind: indicator.kind },
  section: 'results',
  load: async (ctx, request) => breakEntry(ctx, await indicatorFor(ctx, request, 'rows.break')),
  post: async (ctx, request) => {
    const record = await indicatorFor(ctx, request, 'rows.break')
    const { say, href } = presenterOf(ctx)
    const given = flat(request.form)
    const { entered, problems } = await readBreakForm(ctx, record, given)
    const mistakes = entered
      ? await mistakesIn(() => recordBreak(ctx, record, entered), say, lastField('reason'))
      : mistakesFrom(problems, say, lastField('reason'))
    if (!mistakes)
      return { redirect: href(indicator.kind, record.code), notice: { key: 'indicators.entry.break-saved' } }
    return breakEntry(ctx, record, given, mistakes)
  },
  trail,
  title: (data, { say }) => say('indicators.entry.break-title', { title: data.text }),
  view: breakView,
})

const fileColumns = [
  'cell',
  'from',
  'to',
  'label',
  'value',
  'numerator',
  'denominator',
  'status',
  'revision',
  'withheld',
  'note',
] as const

/** The figures of one indicator as a file, withholding what the page withholds. */
const csvPage = unseenPage({
  path: `${base}/measurements.csv`,
  policy: 'anyone',
  load: async (ctx, request) => {
    const record = await indicatorFor(ctx, request)
    const { measurements } = await seriesOf(ctx, record)
    const note = (text: Readonly<Record<string, string>> | null) => text && presenterOf(ctx).plain(text)
    const rows = measurements.map((row) => fileColumns.map((name) => (name === 'note' ? note(row.note) : row[name])))
    return {
      download: `${record.code}.csv`,
      type: 'text/csv; charset=utf-8',
      body: Readable.from(writeTable([[...fileColumns], ...rows])),
    }
  },
})

const jsonPage = unseenPage({
  path: `${base}/measurements.json`,
  policy: 'anyone',
  load: async (ctx, request) => {
    const record = await indicatorFor(ctx, request)
    const { measurements, targets, breaks, corrections } = await seriesOf(ctx, record)
    const { code, title, unit, unitLabel, direction, grain, valueKind, sourceText, sourceAddress } = record
    const body = {
      indicator: { code, title, valueKind, unit, unitLabel, direction, grain, sourceText, sourceAddress },
      measurements: measurements.map(({ id: _, ...row }) => row),
      targets,
      breaks,
      corrections,
    }
    return {
      download: `${code}.json`,
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(body, null, 2)}\n`,
    }
  },
})

export const entryPages = [measurementsPage, targetsPage, breaksPage, csvPage, jsonPage]
