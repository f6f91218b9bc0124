import { notFound } from '#kernel/problem.ts'
import { presenterOf } from '#pages/presenter.ts'
import { page } from '#platform/page.ts'
import { findingCounts, findingNames, findingRecords } from './queries-findings.ts'
import { type WaitingData, waitingView } from './views/waiting.tsx'

/** What a plan lacks or waits for, one list per finding. */
export const waitingPage = page<WaitingData>({
  path: '/strategy/waiting',
  policy: 'signed in',
  section: 'strategy',
  load: async (ctx, { query }) => {
    const mine = query.mine === 'true'
    const counts = await findingCounts(ctx, mine)
    const first = findingNames.find((name) => counts[name] > 0) ?? findingNames[0]!
    const shown = query.for ? findingNames.find((name) => name === query.for) : first
    if (!shown) throw notFound(query.for ?? '')
    const rows = await findingRecords(ctx, shown, mine)
    const { say, kind, named, names } = presenterOf(ctx)
    const nameOf = await names(rows.flatMap((row) => [row.organisation, row.owner]))
    return {
      shown,
      mine,
      tabs: findingNames
        .filter((name) => counts[name] > 0 || name === shown)
        .map((name) => ({
          label: say(`strategy.waiting.${name}`),
          href: `/strategy/waiting?for=${name}${mine ? '&mine=true' : ''}`,
          current: name === shown,
          count: String(counts[name]),
        })),
      sentence: say(`strategy.work.${shown}`, { count: counts[shown] }),
      rows: rows.map((row) => ({
        code: row.code,
        kind: kind(row.kind),
        ...named(row),
        organisation: nameOf(row.organisation),
        owner: nameOf(row.owner),
      })),
      count: counts[shown],
    }
  },
  title: (data, { say }) => say(`strategy.waiting.${data.shown}`),
  view: waitingView,
})
