/** Where an indicator's values come from a figure: what it gave, from which records, and what a person said to it. */

import { Problem } from '#kernel/problem.ts'
import { flat } from '#pages/form.ts'
import { may, mustBeAllowed } from '#pages/permission.ts'
import { type NamedLink, presenterOf } from '#pages/presenter.ts'
import { figureWord } from '#platform/figure.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, page } from '#platform/page.ts'
import { get } from '#platform/records/index.ts'
import { dayAt } from '#platform/today.ts'
import { settleBrought } from './actions-figure.ts'
import { type Brought, broughtFor, wholeMeasurements } from './queries-figure.ts'
import type { Indicator } from './queries-series.ts'
import { indicator } from './records.ts'
import { standingOf, typedValue } from './rules-figure.ts'
import { writerFor } from './rules-words.ts'
import { type FigureSource, figurePageView, figureView, type SettleData } from './views/figure.tsx'

/** Periods on the record page; the page of the figure has more. */
const shownOnRecord = 12

async function sourceOf(ctx: AppContext, record: Indicator, limit: number): Promise<FigureSource> {
  const { say, has, href, day } = presenterOf(ctx)
  const writer = writerFor(record as never, say, ctx.language)
  const [brought, measured] = [await broughtFor(ctx, record.id), await wholeMeasurements(ctx.db, record.id)]
  const figure = ctx.figures.find(({ id }) => id === record.figure)
  const written = (value: string | null) => (value === null ? null : writer.quantity(value))
  const row = (each: Brought) => {
    const value = measured.find(({ from, to }) => from === each.from && to === each.to)
    const standing = standingOf(value, each)
    return {
      from: each.from,
      period: writer.period({
        from: each.from,
        to: each.to,
        label: value?.label ?? each.from,
        grain: record.grain,
      } as never),
      given: each.state === 'value' ? written(each.value)! : say(`indicators.figure.${each.state}`),
      plain: each.value ?? '',
      stands: written(value?.value ?? null),
      standing,
      query: each.query,
      counted: day(dayAt(ctx, each.broughtAt)),
    }
  }
  return {
    code: record.code,
    name: has(figureWord(record.figure!)) ? say(figureWord(record.figure!)) : record.figure!,
    meaning: figure ? say(`${figureWord(figure.id)}.meaning`) : say('indicators.figure.gone'),
    page: figure ? `/figures/${figure.id}` : null,
    settle: may(ctx, 'rows.measurement', record) ? `${href(indicator.kind, record.code)}/figure` : null,
    unit: writer.unit,
    rows: sinceBegun(brought).slice(0, limit).map(row),
  }
}

/** Without the oldest periods, for which there was nothing yet. */
const sinceBegun = (brought: readonly Brought[]) =>
  brought.slice(0, brought.findLastIndex(({ state }) => state !== 'nothing') + 1)

/** On the page of an indicator, for those who work with it. */
export const figurePanel = panel<FigureSource, Indicator>({
  on: indicator.kind,
  place: 'main',
  load: async (ctx, record) => {
    if (!record.figure || !presenterOf(ctx).signedIn) return null
    return sourceOf(ctx, record, shownOnRecord)
  },
  view: figureView,
})

async function settleData(
  ctx: AppContext,
  record: Indicator,
  more: Pick<SettleData, 'given' | 'mistakes'> = { given: {}, mistakes: {} },
): Promise<SettleData> {
  const { named } = presenterOf(ctx)
  return { ...named(record), ...(await sourceOf(ctx, record, 24)), ...more }
}

const settlePage = page<SettleData>({
  path: '/indicators/indicators/:key/figure',
  policy: { can: 'rows.measurement', kind: indicator.kind },
  section: 'results',
  load: async (ctx, { params }) => {
    const record = (await get(ctx, indicator, params.key ?? '')) as Indicator
    mustBeAllowed(ctx, 'rows.measurement', record)
    if (!record.figure) return { redirect: presenterOf(ctx).href(indicator.kind, record.code) }
    return settleData(ctx, record)
  },
  post: async (ctx, { params, form }) => {
    const record = (await get(ctx, indicator, params.key ?? '')) as Indicator
    mustBeAllowed(ctx, 'rows.measurement', record)
    const { say, href } = presenterOf(ctx)
    const given = flat(form)
    const from = given.from ?? ''
    const refused = (field: string, text: string) =>
      settleData(ctx, record, { given, mistakes: { [field === '' ? 'form' : `${field}.${from}`]: text } })
    // Each value that was seen stands in the form by the first day of its period.
    const seen = Object.entries(given).flatMap(([name, text]) =>
      name.startsWith('seen.') ? [[name.slice('seen.'.length), typedValue(text)] as const] : [],
    )
    const typed = given.act === 'replace' ? typedValue(given[`value.${from}`] ?? '') : null
    if (typed === 'wrong' || (given.act === 'replace' && typed === null))
      return refused('value', say('indicators.figure.no-number'))
    const decisions = seen.flatMap(([first, value]) =>
      value === null || value === 'wrong' ? [] : [{ from: first, seen: value, value: typed ?? value }],
    )
    if (decisions.length === 0) return refused('', say('problem.indicators.figure-changed'))
    try {
      await settleBrought(ctx, record, decisions, given[`why.${from}`]?.trim() || null)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.reason === 'indicators.figure-needs-why') return refused('why', say('indicators.figure.why-missing'))
      if (error.reason === 'indicators.figure-changed') return refused('', say('problem.indicators.figure-changed'))
      throw error
    }
    return {
      redirect: `${href(indicator.kind, record.code)}/figure`,
      notice: {
        key: `indicators.figure.done.${given.act === 'replace' ? 'replaced' : 'confirmed'}`,
        values: { count: decisions.length },
      },
    }
  },
  trail: (data: NamedLink, { say }) => [
    { label: say('indicators.list.title'), href: '/indicators' },
    { label: data.text, href: data.href },
  ],
  title: (_data, { say }) => say('indicators.figure.title'),
  view: figurePageView,
})

export const figurePages = [settlePage]
