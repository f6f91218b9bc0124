/** What the front pages read of this room: headline outcomes, the vision for residents, publications that wait. */
import { presenterOf } from '#pages/presenter.ts'
import type { Front, Offers } from '#platform/offer.ts'
import { type AppContext, unseenPage } from '#platform/page.ts'
import { cardOf } from './pages-cards.ts'
import { headlineCards, missedCards, unlikelyCards } from './pages-headlines.ts'
import { publicationsWaiting } from './queries-publish.ts'
import { visionAt } from './queries-vision.ts'
import { commitment, objective, outcome, plan, sentence, vision } from './records.ts'

async function front(ctx: AppContext): Promise<Front | null> {
  // Counts of everything below are on the vision page, not here.
  const now = await visionAt(ctx, undefined, { counts: false })
  if (!now) return null
  const { named, day } = presenterOf(ctx)
  const cards = new Map(now.answers.map((row) => [row.id, cardOf(ctx, row, now.statuses.get(row.id)!)]))
  return {
    version: now.shown.versionLabel,
    adopted: now.shown.adoptedOn ? day(now.shown.adoptedOn) : null,
    sentences: now.sentences.map((row) => ({
      code: row.code,
      ...named({ kind: 'strategy.sentence', ...row }),
      headlines: now.answers.filter((answer) => answer.sentence === row.id).map((answer) => cards.get(answer.id)!),
    })),
  }
}

export const offers: Offers = {
  begun: [plan, vision, sentence, outcome, objective, commitment].map(({ kind }) => kind),
  headlines: (ctx) => headlineCards(ctx),
  missed: missedCards,
  unlikely: unlikelyCards,
  front,
  publications: async (ctx) =>
    (await publicationsWaiting(ctx)).map((waiting) => ({ ...waiting, href: '/strategy/publish' })),
}

/** The findings of this room stood here before every room had them at one address. */
export const formerWaitingPage = unseenPage({
  path: '/strategy/waiting',
  policy: 'signed in',
  load: async (_ctx, { query }) => ({
    redirect: `/strategy/findings${query.for ? `?${new URLSearchParams(query)}` : ''}`,
  }),
})
