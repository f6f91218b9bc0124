/** Forms of one indicator: values and corrections, targets, breaks; and its figures as files. They work without a script. */
import { Readable } from 'node:stream'
import { notAllowed, Problem } from '#kernel/problem.ts'
import { localize, type Say } from '#kernel/words.ts'
import { todayOf } from '#platform/app.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import type { RecordRow } from '#platform/policy.ts'
import { get } from '#platform/records/index.ts'
import { writeTable } from '#platform/tabular/write.ts'
import { enterMeasurements, noteBreak, setTarget } from './actions.ts'
import { entryStart, readBreakForm, readMeasurementForm, readTargetForm, targetsSoFar } from './queries-entry.ts'
import { type Indicator, seriesOf } from './queries-series.ts'
import { hrefOf } from './queries-shown.ts'
import { directions, indicator, statuses, targetKinds } from './records.ts'
import {
  type BreakEntry,
  breakView,
  type MeasurementEntry,
  type Mistakes,
  measurementsView,
  type TargetEntry,
  targetView,
} from './views/entry.tsx'

const base = '/indicators/indicators/:key'

const sayOf = (ctx: AppContext) => ctx.registry.words.say(ctx.language)
const flat = (form: PageRequest['form']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, Array.isArray(value) ? (value.at(-1) ?? '') : value]),
  )

/** The indicator, where the caller may do this to it. @throws NotFound, NotAllowed */
async function indicatorFor(ctx: AppContext, request: PageRequest, action?: string): Promise<Indicator> {
  const record = (await get(ctx, indicator, request.params.key ?? '')) as Indicator
  if (action && !ctx.policies.can(ctx.caller, action, record as unknown as RecordRow))
    throw notAllowed('identity.not-allowed', { action, kind: indicator.kind })
  return record
}

/** Sentences of problems by field. What concerns no field of the form stands at the first one. */
function mistakesOf(problems: Problem['fields'], say: Say, first: string): Mistakes {
  const found: Record<string, string> = {}
  for (const { at, code, values } of problems) {
    const row = /^\/rows\/\w+\/(\d+)\/(\w+)$/.exec(at)
    const name = row ? `${row[2]}.${row[1]}` : at.startsWith('/rows') || at === '/' ? first : at.slice(1)
    found[name] ??= say(`problem.${code}`, values)
  }
  return found
}

/** Runs what writes; a problem of the gate comes back as mistakes, anything else goes on. */
async function writing(say: Say, first: string, act: () => Promise<unknown>): Promise<Mistakes | null> {
  try {
    await act()
    return null
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
    return mistakesOf(error.fields, say, first)
  }
}

const headOf = (ctx: AppContext, record: Indicator) => {
  const title = localize(record.title, ctx.language, ctx.city.language)
  return { code: record.code, title: title.text, lang: title.lang }
}
const trail = (data: { code: string; title: string }, { say }: { say: Say }) => [
  { label: say('indicators.list.title'), href: '/indicators' },
  { label: data.title, href: hrefOf(data.code) },
]

async function measurementEntry(
  ctx: AppContext,
  record: Indicator,
  cell: string,
  shown: { correct?: string; given?: Record<string, string>; mistakes?: Mistakes },
): Promise<MeasurementEntry> {
  const say = sayOf(ctx)
  const start = await entryStart(ctx, record, cell, shown.correct)
  const initial: Record<string, string> = {}
  for (const [at, line] of start.lines.entries()) {
    initial[`period.${at}`] = line.period
    initial[`status.${at}`] = 'actual'
  }
  const named = (text: Record<string, string> | null, fallback: string) =>
    text ? localize(text, ctx.language, ctx.city.language).text : say(fallback)
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
    statuses: statuses.map((value) => ({
      value,
      label: say(`indicators.indicator.choice.measurement.status.${value}`),
    })),
    existing: start.existing.map((row) => ({
      ...row,
      correct: `${hrefOf(record.code)}/measurements?${new URLSearchParams({ ...(cell ? { cell } : {}), correct: row.label })}`,
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
    const say = sayOf(ctx)
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
        ? mistakesOf(read.problems, say, 'value.0')
        : await writing(say, 'value.0', () => enterMeasurements(ctx, record, read.rows, given.why?.trim() || null))
    if (!mistakes)
      return {
        redirect: hrefOf(record.code),
        notice: { key: 'indicators.entry.saved', values: { count: read.rows.length } },
      }
    // As many lines as were sent come back, so that nothing that was typed is lost.
    const entry = await measurementEntry(ctx, record, cell, { given, mistakes })
    const sent = lines.map(
      ({ at, period }) =>
        entry.lines.find((line) => line.at === at) ?? { at, title: period || say('indicators.entry.other'), lead: '' },
    )
    return { ...entry, lines: sent }
  },
  trail,
  title: (data, { say }) => say('indicators.entry.title', { title: data.title }),
  view: measurementsView,
})

const options = (say: Say, values: readonly string[], key: string) =>
  values.map((value) => ({ value, label: say(`indicators.indicator.choice.${key}.${value}`) }))

async function targetEntry(
  ctx: AppContext,
  record: Indicator,
  given?: Record<string, string>,
  mistakes: Mistakes = {},
): Promise<TargetEntry> {
  const say = sayOf(ctx)
  const soFar = await targetsSoFar(ctx, record)
  return {
    ...headOf(ctx, record),
    given: given ?? { from: soFar.next, setOn: todayOf(ctx), cell: '' },
    mistakes,
    kinds: options(say, targetKinds, 'target.targetKind'),
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
    const say = sayOf(ctx)
    const given = flat(request.form)
    const { target, problems } = await readTargetForm(ctx, record, given)
    const mistakes = target
      ? await writing(say, 'value', () => setTarget(ctx, record, target))
      : mistakesOf(problems, say, 'value')
    if (!mistakes)
      return { redirect: `${hrefOf(record.code)}#targets`, notice: { key: 'indicators.entry.target-saved' } }
    return targetEntry(ctx, record, given, mistakes)
  },
  trail,
  title: (data, { say }) => say('indicators.entry.target-title', { title: data.title }),
  view: targetView,
})

const breakKinds = ['definition', 'boundary', 'source', 'direction'] as const

function breakEntry(
  ctx: AppContext,
  record: Indicator,
  given: Record<string, string> = {},
  mistakes: Mistakes = {},
): BreakEntry {
  const say = sayOf(ctx)
  // Turning the direction changes the indicator itself, which not everybody who may note a break may do.
  const mayTurn = ctx.policies.can(ctx.caller, 'change', record as unknown as RecordRow)
  return {
    ...headOf(ctx, record),
    given,
    mistakes,
    kinds: options(say, mayTurn ? breakKinds : breakKinds.slice(0, 3), 'break.breakKind'),
    directions: options(say, directions, 'direction'),
    mayTurn,
    now: say(`indicators.indicator.choice.direction.${record.direction}`),
  }
}

const breaksPage = page<BreakEntry>({
  path: `${base}/breaks`,
  policy: { can: 'rows.break', kind: indicator.kind },
  section: 'results',
  load: async (ctx, request) => breakEntry(ctx, await indicatorFor(ctx, request, 'rows.break')),
  post: async (ctx, request) => {
    const record = await indicatorFor(ctx, request, 'rows.break')
    const say = sayOf(ctx)
    const given = flat(request.form)
    const { entered, problems } = await readBreakForm(ctx, record, given)
    const mistakes = entered
      ? await writing(say, 'reason', () => noteBreak(ctx, record, entered))
      : mistakesOf(problems, say, 'reason')
    if (!mistakes) return { redirect: hrefOf(record.code), notice: { key: 'indicators.entry.break-saved' } }
    return breakEntry(ctx, record, given, mistakes)
  },
  trail,
  title: (data, { say }) => say('indicators.entry.break-title', { title: data.title }),
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

/** The figures of one indicator as a file, with what is withheld on the page withheld here. */
const csvPage = page<never>({
  path: `${base}/measurements.csv`,
  policy: 'anyone',
  load: async (ctx, request) => {
    const record = await indicatorFor(ctx, request)
    const { measurements } = await seriesOf(ctx, record)
    const note = (text: Readonly<Record<string, string>> | null) =>
      text ? localize({ ...text }, ctx.language, ctx.city.language).text : null
    const rows = measurements.map((row) => fileColumns.map((name) => (name === 'note' ? note(row.note) : row[name])))
    return {
      download: `${record.code}.csv`,
      type: 'text/csv; charset=utf-8',
      body: Readable.from(writeTable([[...fileColumns], ...rows])),
    }
  },
  title: () => '',
  view: () => null,
})

const jsonPage = page<never>({
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
  title: () => '',
  view: () => null,
})

export const entryPages = [measurementsPage, targetsPage, breaksPage, csvPage, jsonPage]
