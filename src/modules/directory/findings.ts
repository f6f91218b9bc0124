/** What the directory finds: posts that nobody holds, holdings of people who have left, records nobody is responsible for. */
import { finding, findingOnAny } from '#platform/finding.ts'
import { leftHolding, unassigned, vacantPosts } from './queries-work.ts'
import { person, post } from './records.ts'

const assign = '/directory/assign'

export const findings = [
  finding(post, 'vacant-owning', {
    presses: 2,
    found: async (ctx, only) =>
      (await vacantPosts(ctx, only)).flatMap(({ id, count }) => (count > 0 ? [{ record: id, values: { count } }] : [])),
    act: { page: (_ctx, { id }) => `${assign}?owner=${id}`, may: 'rows.holding' },
    together: { page: '/directory/vacant', may: 'change', on: post.kind },
  }),
  finding(post, 'vacant', {
    presses: 6,
    found: async (ctx, only) =>
      (await vacantPosts(ctx, only)).flatMap(({ id, count }) => (count === 0 ? [{ record: id }] : [])),
    act: { edit: true },
    together: { page: '/directory/vacant', may: 'change', on: post.kind },
  }),
  finding(person, 'left', {
    presses: 3,
    found: async (ctx, only) =>
      (await leftHolding(ctx, only)).map(({ id, count }) => ({ record: id, values: { count } })),
    act: { edit: true },
  }),
  ...(['organisation', 'owner'] as const).map((missing) =>
    findingOnAny('directory', `no-${missing}`, {
      presses: missing === 'organisation' ? 3 : 4,
      found: async (ctx, only) => (await unassigned(ctx, missing, only)).map(({ id }) => ({ record: id })),
      act: { edit: missing },
      together: { page: assign, may: 'change', on: post.kind },
    }),
  ),
]
