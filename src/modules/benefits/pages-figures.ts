/** The tables of one benefit as forms: path, results, forecast, budget lines, claims; and what finance says. They work without a script. */
import { sql } from 'kysely'
import { notAllowed, notFound, Problem } from '#kernel/problem.ts'
import { localize, type Say } from '#kernel/words.ts'
import { todayOf } from '#platform/app.ts'
import { isSignedIn } from '#platform/caller.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import type { RecordRow } from '#platform/policy.ts'
import { get, list } from '#platform/records/index.ts'
import { confirmCash, courseOf, enterRows, layOutPath } from './actions.ts'
import { type Benefit, type BenefitNow, benefitsNow } from './queries-register.ts'
import { benefitHref, dayText, moneyWriter, periodText, sayOf } from './queries-shown.ts'
import { benefit, resultStatuses } from './records.ts'
import { isCash } from './rules.ts'
import {
  benefitTables,
  type EntryName,
  type EntryTable,
  entryTables,
  keyText,
  readEntry,
  readNumber,
  requiredFields,
} from './rules-entry.ts'
import { openLines } from './rules-money.ts'
import { endsIn } from './rules-path.ts'
import { type CashData, cashView } from './views/cash.tsx'
import { type FiguresData, figuresView, type Option, type TableShown } from './views/figures.tsx'

const base = '/benefits/benefits/:key'
/** Empty lines offered below those that are there. */
const spareLines = 1
const maxLines = 200

const flat = (form: PageRequest['form']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, Array.isArray(value) ? (value.at(-1) ?? '') : value]),
  )

/** The benefit with its rows, where the caller may read it. @throws NotFound */
async function benefitAt(ctx: AppContext, request: PageRequest): Promise<BenefitNow> {
  const record = (await get(ctx, benefit, request.params.key ?? '')) as Benefit
  const [now] = await benefitsNow(ctx, sql`r.id = ${record.id}`)
  if (!now) throw notFound(record.code)
  return now
}

const may = (ctx: AppContext, action: string, record: Benefit) =>
  isSignedIn(ctx.caller) && ctx.policies.can(ctx.caller, action, record as unknown as RecordRow)

const mistakesOf = (problems: Problem['fields'], say: Say, main: string): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const { at, code, values } of problems) {
    const row = /^\/rows\/\w+\/(\d+)(?:\/(\w+))?$/.exec(at)
    const name = row ? `${row[2] === 'from' || row[2] === 'to' ? 'period' : (row[2] ?? main)}.${row[1]}` : at.slice(1)
    found[name || `${main}.0`] ??= say(`problem.${code}`, values)
  }
  return found
}

type Attempt = {
  readonly table: EntryName
  readonly given: Record<string, string>
  readonly mistakes: Record<string, string>
}

function storedOf(now: BenefitNow, name: EntryName): ReadonlyArray<Readonly<Record<string, unknown>>> {
  const rows = {
    path: now.path,
    result: now.results,
    forecast: now.forecasts,
    budget: now.budget,
    claim: now.claims,
    adoption: [],
  }
  return rows[name] as unknown as ReadonlyArray<Readonly<Record<string, unknown>>>
}

/** Values of the form: what is stored, then periods that wait for a result, then empty lines. */
function startOf(ctx: AppContext, now: BenefitNow, name: EntryName): { given: Record<string, string>; lines: number } {
  const table: EntryTable = entryTables[name]
  const given: Record<string, string> = {}
  const stored = storedOf(now, name)
  for (const [line, row] of stored.entries()) {
    given[`was.${line}`] = keyText(name, row)
    for (const [field, type] of Object.entries(table.fields)) {
      const value = type === 'period' ? periodText(ctx, row as never) : row[field]
      given[`${field}.${line}`] =
        type === 'note' && value
          ? localize(value as Record<string, string>, ctx.language, ctx.registry.language).text
          : String(value ?? '')
    }
  }
  let lines = stored.length
  if (name === 'result')
    for (const row of now.path.filter((each) => each.to <= todayOf(ctx))) {
      if (now.results.some((result) => endsIn(row, result))) continue
      given[`period.${lines}`] = periodText(ctx, row)
      lines += 1
    }
  if (name === 'forecast') given[`madeOn.${lines}`] = todayOf(ctx)
  return { given, lines: Math.min(lines + spareLines, maxLines) }
}

async function optionsOf(ctx: AppContext, names: readonly EntryName[]): Promise<Record<string, readonly Option[]>> {
  const say = sayOf(ctx)
  const of = async (kind: string) => {
    const { rows } = await list(ctx, ctx.registry.kind(kind).declaration, { limit: 500, sort: 'title' })
    return rows.map((row) => ({
      value: row.id,
      label: `${localize(row.title, ctx.language, ctx.registry.language).text} (${row.code})`,
    }))
  }
  return {
    status: resultStatuses.map((value) => ({ value, label: say(`benefits.benefit.choice.result.status.${value}`) })),
    ...(names.includes('budget') ? { body: await of('directory.organisation') } : {}),
    ...(names.includes('claim') ? { indicator: await of('indicators.indicator') } : {}),
  }
}

async function figuresData(ctx: AppContext, now: BenefitNow, attempt?: Attempt): Promise<FiguresData> {
  const say = sayOf(ctx)
  const { record } = now
  const names = benefitTables.filter(
    (name) =>
      may(ctx, `rows.${name}`, record) &&
      (name !== 'budget' || isCash(record.benefitType)) &&
      (name !== 'result' || now.shape === 'flow'),
  )
  if (names.length === 0) throw notAllowed('identity.not-allowed', { action: 'rows.result', kind: record.kind })
  const title = localize(record.title, ctx.language, ctx.registry.language)
  const shown = (name: EntryName): TableShown => {
    const tried = attempt?.table === name ? attempt : undefined
    const start = startOf(ctx, now, name)
    return {
      name,
      title: say(`benefits.benefit.rows.${name}`),
      lead: say(`benefits.figures.${name}`),
      fields: Object.entries(entryTables[name].fields).map(([field, type]) => ({
        name: field,
        type,
        required: requiredFields.has(field),
        label: say(field === 'period' ? 'web.chart.period' : `benefits.benefit.rows.${name}.${field}`),
      })),
      lines: tried ? Math.max(Number(tried.given.lines) || 1, 1) : start.lines,
      stored: storedOf(now, name).length,
      given: tried?.given ?? start.given,
      mistakes: tried?.mistakes ?? {},
    }
  }
  return {
    code: record.code,
    title: title.text,
    lang: title.lang,
    unit:
      record.currency ?? (record.unitLabel ? localize(record.unitLabel, ctx.language, ctx.registry.language).text : ''),
    tables: names.map(shown),
    options: await optionsOf(ctx, names),
    layOut: names.includes('path') ? (courseOf(now) ? 'ready' : 'missing') : null,
    level: now.shape === 'level',
    href: benefitHref(record.code),
  }
}

const trail = (data: { title: string; href: string }, { say }: { say: Say }) => [
  { label: say('benefits.register.title'), href: '/benefits' },
  { label: data.title, href: data.href },
]

export const figuresPage = page<FiguresData>({
  path: `${base}/figures`,
  policy: 'signed in',
  section: 'results',
  load: async (ctx, request) => figuresData(ctx, await benefitAt(ctx, request)),
  post: async (ctx, request) => {
    const now = await benefitAt(ctx, request)
    const say = sayOf(ctx)
    const given = flat(request.form)
    const back = (key: string, count: number) => ({
      redirect: `${benefitHref(now.record.code)}/figures`,
      notice: { key, values: { count } },
    })
    if (given.do === 'lay-out') return back('benefits.figures.laid-out', await layOutPath(ctx, now))
    const table = benefitTables.find((name) => name === given.table)
    if (!table) throw notFound(given.table ?? '')
    const lines = Math.min(Math.max(Number(given.lines) || 1, 1), maxLines)
    const entered = readEntry(table, given, lines)
    const main = entryTables[table].main
    let mistakes = mistakesOf(entered.problems, say, main)
    if (entered.problems.length === 0)
      try {
        await enterRows(ctx, now.record, table, entered, given.why?.trim() || null)
        return back('benefits.figures.saved', entered.set.length + entered.remove.length)
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
        mistakes = mistakesOf(error.fields, say, main)
      }
    return figuresData(ctx, now, { table, given, mistakes })
  },
  trail,
  title: (data, { say }) => say('benefits.figures.title', { title: data.title }),
  view: figuresView,
})

function cashData(ctx: AppContext, now: BenefitNow, given: Record<string, string> = {}, mistakes = {}): CashData {
  const { record } = now
  const say = sayOf(ctx)
  if (!may(ctx, 'rows.confirmation', record))
    throw notAllowed('identity.not-allowed', { action: 'rows.confirmation', kind: record.kind })
  const title = localize(record.title, ctx.language, ctx.registry.language)
  const write = moneyWriter(ctx, record.currency)
  const states = openLines(now.budget, now.confirmations)
  return {
    code: record.code,
    title: title.text,
    lang: title.lang,
    href: benefitHref(record.code),
    currency: record.currency ?? '',
    lines: now.budget.map((row, index) => {
      const found = now.confirmations.find((each) => each.budgetCode === row.budgetCode && each.year === row.year)
      return {
        key: keyText('budget', row as never),
        label: say('benefits.cash.line', { line: row.budgetCode, year: String(row.year), amount: write(row.amount) }),
        state: states[index]!.state,
        found: found
          ? say('benefits.cash.found', { amount: write(found.amount), day: dayText(ctx, found.confirmedOn) })
          : null,
      }
    }),
    given,
    mistakes,
    posts: ctx.caller.posts.length > 0,
  }
}

export const cashPage = page<CashData>({
  path: `${base}/cash`,
  policy: { can: 'rows.confirmation', kind: benefit.kind },
  section: 'results',
  load: async (ctx, request) => cashData(ctx, await benefitAt(ctx, request)),
  post: async (ctx, request) => {
    const now = await benefitAt(ctx, request)
    const say = sayOf(ctx)
    const given = flat(request.form)
    const line = now.budget.find((row) => keyText('budget', row as never) === given.line)
    const amount = readNumber(given.amount ?? '')
    const mistakes: Record<string, string> = {}
    if (!line) mistakes.line = say('problem.benefits.which-line')
    if (given.verdict !== 'confirmed' && given.verdict !== 'refused') mistakes.verdict = say('problem.field.required')
    if (amount === 'wrong') mistakes.amount = say('problem.benefits.not-a-number')
    else if (amount === null && given.verdict === 'confirmed') mistakes.amount = say('problem.field.required')
    if (Object.keys(mistakes).length === 0)
      try {
        const found = {
          budgetCode: line!.budgetCode,
          year: line!.year,
          verdict: given.verdict as 'confirmed' | 'refused',
          amount: (amount as string | null) ?? '0',
          note: given.note?.trim() || null,
        }
        await confirmCash(ctx, now.record, found, null)
        return { redirect: benefitHref(now.record.code), notice: { key: `benefits.cash.${found.verdict}` } }
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
        for (const { at, code, values } of error.fields)
          mistakes[/\/(\w+)$/.exec(at)?.[1] ?? 'line'] ??= say(`problem.${code}`, values)
      }
    return cashData(ctx, now, given, mistakes)
  },
  trail,
  title: (data, { say }) => say('benefits.cash.title', { title: data.title }),
  view: cashView,
})
