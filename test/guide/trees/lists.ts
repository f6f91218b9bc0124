import { list } from '#pages/list/declare.ts'
import { inspection } from './records.ts'

export const inspections = list(inspection, {
  columns: ['title', 'tree', 'state', 'dueOn', 'verdict', 'owner'],
  filters: ['state', 'verdict', 'dueOn', 'tree', 'owner'],
  sorts: ['dueOn', 'code'],
  groups: ['verdict', 'owner'],
  board: 'state',
  calendar: 'dueOn',
  saved: [{ name: 'dangerous', query: { verdict: 'fell' } }],
})
