/**
 * The tables of one benefit as forms: path, results, forecast, budget lines, claims; and finance's findings. They work
 * without a script.
 */
import { sql } from 'kysely'
import { notAllowed, notFound } from '#kernel/problem.ts'
import type { Localized, Say } from '#kernel/words.ts'
import { recordChoices } from '#pages/choices.ts'
import { flat, lastField, lineField, type Mistakes, mistakesFrom, mistakesIn } from '#pages/form.ts'
import { may, mustBeAllowed } from '#pages/permission.ts'
import { type NamedLink, presenterOf } from '#pages/presenter.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import { get } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { confirmCash, courseOf, enterRows, replacePath } from './actions.ts'
import { type Benefit, type CurrentBenefit, currentBenefits } from './queries-register.ts'
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
import { budgetLinesToCheck } from './rules-money.ts'
import { endsIn } from './rules-path.ts'
import { type CashData, cashView } from './views/cash.tsx'
import { type FiguresData, figuresView, type TableView } from './views/figures.tsx'

const base = '/benefits/benefits/:key'
/** Empty lines offered below the existing ones. */
const spareLines = 1
const maxLines = 200

/** The benefit with its rows, if the caller may read it. @throws NotFound */
async function benefitAt(ctx: AppContext, request: PageRequest): Promise<CurrentBenefit> {
  const record = (await get(ctx, benefit, request.params.key ?? '')) as Benefit
  const [now] = await currentBenefits(ctx, sql`r.id = ${record.id}`)
  if (!now) throw notFound(record.code)
  return now
}

/** A period is typed in one field, so problems with either of its days go there. */
const fieldAt = (main: string) => (at: string) => lineField(main)(at.replace(/\/(?:from|to)$/, '/period'))

type Attempt = {
  readonly table: EntryName
  readonly given: Record<string, string>
  readonly mistakes: Mistakes
}

function storedOf(now: CurrentBenefit, name: EntryName): ReadonlyArray<Readonly<Record<string, unknown>>> {
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
function startOf(
  ctx: AppContext,
  now: CurrentBenefit,
  name: EntryName,
): { given: Record<string, string>; lines: number } {
  const table: EntryTable = entryTables[name]
  const { plain, period } = presenterOf(ctx)
  const given: Record<string, string> = {}
  const stored = storedOf(now, name)
  for (const [line, row] of stored.entries()) {
    given[`was.${line}`] = keyText(name, row)
    for (const [field, type] of Object.entries(table.fields)) {
      const value = type === 'period' ? period(row as never) : row[field]
      given[`${field}.${line}`] = type === 'note' ? plain(value as Localized | null) : String(value ?? '')
    }
  }
  let lines = stored.length
  if (name === 'result')
    for (const row of now.path.filter((each) => each.to <= todayOf(ctx))) {
      if (now.results.some((result) => endsIn(row, result))) continue
      given[`period.${lines}`] = period(row)
      lines += 1
    }
  if (name === 'forecast') given[`madeOn.${lines}`] = todayOf(ctx)
  return { given, lines: Math.min(lines + spareLines, maxLines) }
}

async function optionsOf(ctx: AppContext, names: readonly EntryName[]): Promise<FiguresData['options']> {
  const { choices } = presenterOf(ctx)
  const of = async (kind: string) =>
    (await recordChoices(ctx, kind, 500)).map(({ id, ...option }) => ({ ...option, value: id }))
  return {
    status: choices(benefit.kind, 'result.status', resultStatuses),
    ...(names.includes('budget') ? { body: await of(ctx.registry.wellKnown.organisation) } : {}),
    ...(names.includes('claim') ? { indicator: await of('indicators.indicator') } : {}),
  }
}

async function figuresData(ctx: AppContext, now: CurrentBenefit, attempt?: Attempt): Promise<FiguresData> {
  const { say, named, plain } = presenterOf(ctx)
  const { record } = now
  const names = benefitTables.filter(
    (name) =>
      may(ctx, `rows.${name}`, record) &&
      (name !== 'budget' || isCash(record.benefitType)) &&
      (name !== 'result' || now.shape === 'flow'),
  )
  if (names.length === 0) throw notAllowed('identity.not-allowed', { action: 'rows.result', kind: record.kind })
  const shown = (name: EntryName): TableView => {
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
    ...named(record),
    unit: record.worth?.currency ?? plain(record.unitLabel),
    tables: names.map(shown),
    options: await optionsOf(ctx, names),
    layOut: names.includes('path') ? (courseOf(now) ? 'ready' : 'missing') : null,
    level: now.shape === 'level',
  }
}

const trail = (data: NamedLink, { say }: { say: Say }) => [
  { label: say('benefits.register.title'), href: '/benefits' },
  { label: data.text, href: data.href },
]

export const figuresPage = page<FiguresData>({
  path: `${base}/figures`,
  policy: 'signed in',
  section: 'results',
  load: async (ctx, request) => figuresData(ctx, await benefitAt(ctx, request)),
  post: async (ctx, request) => {
    const now = await benefitAt(ctx, request)
    const { say, href } = presenterOf(ctx)
    const given = flat(request.form)
    const back = (key: string, count: number) => ({
      redirect: `${href(benefit.kind, now.record.code)}/figures`,
      notice: { key, values: { count } },
    })
    if (given.do === 'lay-out') return back('benefits.figures.laid-out', await replacePath(ctx, now))
    const table = benefitTables.find((name) => name === given.table)
    if (!table) throw notFound(given.table ?? '')
    const lines = Math.min(Math.max(Number(given.lines) || 1, 1), maxLines)
    const entered = readEntry(table, given, lines)
    const main = entryTables[table].main
    const mistakes =
      entered.problems.length > 0
        ? mistakesFrom(entered.problems, say, fieldAt(main))
        : await mistakesIn(
            () => enterRows(ctx, now.record, table, entered, given.why?.trim() || null),
            say,
            fieldAt(main),
          )
    if (!mistakes) return back('benefits.figures.saved', entered.set.length + entered.remove.length)
    return figuresData(ctx, now, { table, given, mistakes })
  },
  trail,
  title: (data, { say }) => say('benefits.figures.title', { title: data.text }),
  view: figuresView,
})

function cashData(ctx: AppContext, now: CurrentBenefit, given: Record<string, string> = {}, mistakes = {}): CashData {
  const { record } = now
  mustBeAllowed(ctx, 'rows.confirmation', record)
  const { say, named, day, money } = presenterOf(ctx)
  const write = (amount: string) => money(amount, record.worth?.currency ?? null)
  const states = budgetLinesToCheck(now.budget, now.confirmations)
  return {
    code: record.code,
    ...named(record),
    currency: record.worth?.currency ?? '',
    lines: now.budget.map((row, index) => {
      const found = now.confirmations.find((each) => each.budgetCode === row.budgetCode && each.year === row.year)
      return {
        key: keyText('budget', row as never),
        label: say('benefits.cash.line', { line: row.budgetCode, year: String(row.year), amount: write(row.amount) }),
        state: states[index]!.state,
        found: found ? say('benefits.cash.found', { amount: write(found.amount), day: day(found.confirmedOn) }) : null,
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
    const { say, href } = presenterOf(ctx)
    const given = flat(request.form)
    const line = now.budget.find((row) => keyText('budget', row as never) === given.line)
    const amount = readNumber(given.amount ?? '')
    const mistakes: Record<string, string> = {}
    if (!line) mistakes.line = say('problem.benefits.which-line')
    if (given.verdict !== 'confirmed' && given.verdict !== 'refused') mistakes.verdict = say('problem.field.required')
    if (amount === 'wrong') mistakes.amount = say('problem.benefits.not-a-number')
    else if (amount === null && given.verdict === 'confirmed') mistakes.amount = say('problem.field.required')
    if (Object.keys(mistakes).length > 0) return cashData(ctx, now, given, mistakes)
    const found = {
      budgetCode: line!.budgetCode,
      year: line!.year,
      verdict: given.verdict as 'confirmed' | 'refused',
      amount: (amount as string | null) ?? '0',
      note: given.note?.trim() || null,
    }
    const refused = await mistakesIn(() => confirmCash(ctx, now.record, found, null), say, lastField('line'))
    if (refused) return cashData(ctx, now, given, refused)
    return { redirect: href(benefit.kind, now.record.code), notice: { key: `benefits.cash.${found.verdict}` } }
  },
  trail,
  title: (data, { say }) => say('benefits.cash.title', { title: data.text }),
  view: cashView,
})
