/** Figures in the words of one reader. */
import type { Figure } from '#platform/figure.ts'
import { figureWord } from '#platform/figure.ts'
import { type FigureResult, lastTwelveMonths, readingOf } from '#platform/figures/index.ts'
import type { AppContext } from '#platform/page.ts'
import { todayOf } from '#platform/today.ts'
import { formatNumber } from '#values/decimal.ts'
import { addDays, daysBetween } from '#values/period.ts'
import type { FigureShown } from '#web/figure-pages/figures.tsx'
import { presenterOf } from '../presenter.ts'

export const figuresAt = '/figures'
export const figureAt = (id: string) => `${figuresAt}/${id}`

/** The name of a figure; a former one that is no longer declared by its id. */
export function figureName(ctx: AppContext, id: string): string {
  const { say, has } = presenterOf(ctx)
  return has(figureWord(id)) ? say(figureWord(id)) : id
}

/** The number of a result as it is written, without its unit; nothing where there is none. */
export function valueWritten(ctx: AppContext, figure: Figure, result: FigureResult | undefined): string | undefined {
  const reading = result && readingOf(figure.kind, result)
  return reading?.is === 'value' ? formatNumber(reading.value, ctx.language) : undefined
}

/** What was counted, or why there is no number. */
export function countsWritten(ctx: AppContext, figure: Figure, result: FigureResult | undefined): string {
  const { say } = presenterOf(ctx)
  if (!result) return say('figures.not-yet')
  const { is } = readingOf(figure.kind, result)
  if (is === 'unknown') return say('figures.failed')
  if (is === 'nothing') return say('figures.nothing')
  const of = Number(result.of)
  const counts =
    figure.kind === 'share' ? say('figures.met', { met: Number(result.met), of }) : say('figures.counted', { of })
  return result.unknown === '0' ? counts : say('figures.with-unknown', { counts, count: Number(result.unknown) })
}

const unitOf = (ctx: AppContext, figure: Figure): string => {
  const { say, has } = presenterOf(ctx)
  const own = `${figureWord(figure.id)}.unit`
  return has(own) ? say(own) : figure.unit
}

/** A figure with its newest result and those before it, newest first. */
export function shown(
  ctx: AppContext,
  figure: Figure,
  result: FigureResult | undefined,
  earlier: readonly FigureResult[],
): FigureShown {
  const { say, day } = presenterOf(ctx)
  const value = valueWritten(ctx, figure, result)
  const { from, to } = lastTwelveMonths(ctx)
  const open = result ? Number(result.of) - Number(result.met) - Number(result.unknown) : 0
  return {
    id: figure.id,
    href: figureAt(figure.id),
    name: figureName(ctx, figure.id),
    meaning: say(`${figureWord(figure.id)}.meaning`),
    ...(value === undefined ? {} : { value }),
    counts: countsWritten(ctx, figure, result),
    unit: unitOf(ctx, figure),
    period:
      figure.over === 'period'
        ? say('figures.period', { from: day(from), to: day(addDays(to, -1)) })
        : say('figures.as-of', { day: day(result?.asOf ?? todayOf(ctx)) }),
    ...(figure.over === 'period' ? { span: say('figures.period', { from: day(from), to: day(addDays(to, -1)) }) } : {}),
    age: result ? say('figures.age', { count: daysBetween(result.asOf, todayOf(ctx)) }) : say('figures.not-yet'),
    recent: earlier.toReversed().map((each) => {
      const reading = readingOf(figure.kind, each)
      return reading.is === 'value' ? Number(reading.value) : null
    }),
    ...(result?.query ? { query: result.query } : {}),
    ...(result?.lacking && open > 0
      ? { lacking: { href: result.lacking, label: say('figures.lacking', { count: open }) } }
      : {}),
  }
}

/** How the figures of a room stand, in one line: how many there are, the lowest share, how many are not known. */
export function stateOf(
  ctx: AppContext,
  figures: readonly Figure[],
  results: ReadonlyMap<string, FigureResult>,
): string {
  const { say } = presenterOf(ctx)
  const read = figures.map((figure) => {
    const result = results.get(figure.id)
    return { figure, reading: result ? readingOf(figure.kind, result) : null }
  })
  const shares = read.flatMap(({ figure, reading }) =>
    figure.kind === 'share' && reading?.is === 'value' ? [{ figure, value: Number(reading.value) }] : [],
  )
  const lowest = shares.toSorted((left, right) => left.value - right.value)[0]
  const unknown = read.filter(({ reading }) => reading === null || reading.is === 'unknown').length
  const count = say('figures.state', { count: figures.length })
  return [
    count,
    ...(lowest ? [say('figures.state.lowest', { name: figureName(ctx, lowest.figure.id), share: lowest.value })] : []),
    ...(unknown > 0 ? [say('figures.state.unknown', { count: unknown })] : []),
  ].join(' · ')
}
