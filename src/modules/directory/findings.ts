/** What the directory finds: posts that nobody holds, holdings of people who have left, records nobody is responsible for. */
import { type Act, finding, findingOnAny } from '#platform/finding.ts'
import { heldByLeft, unassigned, vacantPosts } from './queries-work.ts'
import { post } from './records.ts'

const assign = '/directory/assign'
/** Who holds a post is said in one place: it ends vacancies, and the holdings of people who have left. */
const hold: Act = { rows: 'holding' }

export const findings = [
  finding(post, 'vacant-owning', {
    presses: 2,
    found: async (ctx, only) =>
      (await vacantPosts(ctx, only)).flatMap(({ id, count }) => (count > 0 ? [{ record: id, values: { count } }] : [])),
    act: hold,
    together: { page: '/directory/vacant', may: 'change', on: post.kind },
  }),
  finding(post, 'vacant', {
    presses: 6,
    found: async (ctx, only) =>
      (await vacantPosts(ctx, only)).flatMap(({ id, count }) => (count === 0 ? [{ record: id }] : [])),
    act: hold,
    together: { page: '/directory/vacant', may: 'change', on: post.kind },
  }),
  finding(post, 'left', {
    presses: 3,
    found: async (ctx, only) => (await heldByLeft(ctx, only)).map(({ id, people }) => ({ record: id, with: people })),
    act: hold,
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
