/** The figures of all rooms on one page, and each with its history on a page of its own. */
import { notFound } from '#kernel/problem.ts'
import { figureHistory, latestResults, readingOf, recentResults } from '#platform/figures/index.ts'
import type { Navigation } from '#platform/module.ts'
import { type PageDefinition, page } from '#platform/page.ts'
import { type FigureData, FigurePage, type FiguresData, FiguresPage } from '#web/figure-pages/figures.tsx'
import { presenterOf } from '../presenter.ts'
import { countsWritten, figuresAt, shown, stateOf, valueWritten } from './shown.ts'

/** Days of the small course in the list. */
const maxRecent = 60

const roomOf = (id: string) => id.slice(0, id.indexOf('.'))

const listPage = page<FiguresData>({
  path: figuresAt,
  policy: 'signed in',
  section: 'results',
  load: async (ctx) => {
    const { say } = presenterOf(ctx)
    const results = await latestResults(ctx.db, ctx.figures)
    const ids = ctx.figures.map(({ id }) => id)
    const recent = await recentResults(ctx.db, ids, maxRecent)
    const groups = Map.groupBy(ctx.figures, ({ id }) => roomOf(id))
    return {
      groups: [...groups].map(([room, figures]) => ({
        room,
        label: say(`module.${room}`),
        state: stateOf(ctx, figures, results),
        figures: figures.map((figure) => shown(ctx, figure, results.get(figure.id), recent.get(figure.id) ?? [])),
      })),
    }
  },
  title: (_data, { say }) => say('figures.title'),
  view: FiguresPage,
})

const onePage = page<FigureData>({
  path: `${figuresAt}/:id`,
  policy: 'signed in',
  section: 'results',
  load: async (ctx, { params }) => {
    const { say, day } = presenterOf(ctx)
    const figure = ctx.figures.find(({ id }) => id === params.id)
    if (!figure) throw notFound(params.id ?? '')
    const [results, history] = await Promise.all([latestResults(ctx.db, [figure]), figureHistory(ctx.db, figure.id)])
    return {
      figure: shown(ctx, figure, results.get(figure.id), history),
      room: say(`module.${roomOf(figure.id)}`),
      method: say('figures.method', { method: figure.method, over: figure.over }),
      evidence: (figure.recommendations ?? []).map((id) => ({ id, title: say(`standard.recommendation.${id}`) })),
      history: history.map((each) => ({
        day: day(each.asOf),
        value: readingOf(figure.kind, each).is === 'value' ? (valueWritten(ctx, figure, each) ?? '') : '–',
        counts: countsWritten(ctx, figure, each),
        method: String(each.method),
      })),
    }
  },
  trail: (_data, { say }) => [{ label: say('figures.title'), href: figuresAt }],
  title: ({ figure }) => figure.name,
  view: FigurePage,
})

export const figurePages: readonly PageDefinition[] = [listPage, onePage]

export const figureNavigation: Navigation = {
  section: 'results',
  label: 'figures.title',
  href: figuresAt,
  order: 90,
  policy: 'signed in',
}
