/** What is special about who holds a post and who stands in; how rows are filled in, the forms of rows know. */
import { unseenPage } from '#platform/page.ts'
import { rowForm } from '#platform/row-form.ts'
import { todayOf } from '#platform/today.ts'
import { post } from './records.ts'

export const rowForms = [
  rowForm(post, 'holding', {
    newestFirst: true,
    lead: 'directory.holdings.lead',
    starts: (ctx) => ({ from: todayOf(ctx) }),
  }),
  rowForm(post, 'deputy', {
    newestFirst: true,
    lead: 'directory.deputies.lead',
    starts: (ctx) => ({ from: todayOf(ctx), covers: 'everything' }),
  }),
]

/** The address of deputies before they had a form of rows. */
export const deputiesPage = unseenPage({
  path: '/directory/posts/:key/deputies',
  policy: 'signed in',
  load: async (_ctx, { params }) => ({
    redirect: `/directory/posts/${encodeURIComponent(params.key ?? '')}/rows/deputy`,
  }),
})
