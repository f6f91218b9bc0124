import { figure } from '#platform/figure.ts'
import { listedShare } from '#platform/figures/index.ts'
import { todayOf } from '#platform/today.ts'
import { countPosts } from './queries-work.ts'
import { organisation, post } from './records.ts'

/** What the room says about itself. */
export const figures = [
  figure({
    id: 'directory.posts-held',
    unit: '%',
    kind: 'share',
    reads: [post.kind],
    recommendations: ['6.4-3'],
    measure: async (ctx) => {
      const { active, vacant } = await countPosts(ctx)
      const query = '/directory/posts?state=active'
      return { met: active - vacant, of: active, asOf: todayOf(ctx), query, lacking: '/directory/vacant' }
    },
  }),
  listedShare(organisation, {
    id: 'directory.organisations-published',
    among: 'state=active',
    lacking: 'audience=restricted,organisation,partners',
  }),
]
