/** What the front pages read of this room: which posts and organisations went silent. */
import type { Offers } from '#platform/offer.ts'
import { silentPosts } from './queries-list.ts'
import { indicator } from './records.ts'

export const offers: Offers = {
  begun: [indicator.kind],
  silent: async (ctx, limit) =>
    (await silentPosts(ctx, limit)).map((each) => ({
      ...each,
      href: each.post
        ? `/indicators?freshness=overdue&owner=${each.post}`
        : `/indicators?freshness=overdue&owner=none&organisation=${each.organisation ?? 'none'}`,
    })),
}
