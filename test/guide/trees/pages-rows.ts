import { rowForm } from '#platform/row-form.ts'
import { todayOf } from '#platform/today.ts'
import { tree } from './records.ts'

export const rowForms = [
  rowForm(tree, 'girth', {
    lead: 'trees.girth.lead',
    applies: (_ctx, { state }) => state !== 'planned',
    starts: (ctx) => ({ on: todayOf(ctx) }),
  }),
]
