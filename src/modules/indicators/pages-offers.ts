/** What the front pages read of this room: which posts and organisations went silent. */
import type { Offers } from '#platform/offer.ts'
import { silentPosts } from './queries-list.ts'
import { indicator } from './records.ts'

export const offers: Offers = {
  begun: [indicator.kind],
  silent: async (ctx, limit) =>
    (await silentPosts(ctx, limit)).map(({ owner, organisation, late, veryLate, stopped, oldestDueOn }) => ({
      post: owner,
      organisation,
      all: late + veryLate + stopped,
      stopped,
      oldestDueOn,
      href: owner
        ? `/indicators?freshness=overdue&owner=${owner}`
        : `/indicators?freshness=overdue&owner=none&organisation=${organisation ?? 'none'}`,
    })),
}
