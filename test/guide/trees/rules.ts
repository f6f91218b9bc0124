import { check } from '#kernel/check.ts'
import { inspection } from './records.ts'

/** Nobody plans to look at a tree that is gone. */
export const checkInspection = check(inspection, { reads: ['tree.state'] }, (_before, after, { tree }) =>
  after.state === 'planned' && tree?.state === 'felled' ? [{ at: '/tree', code: 'trees.already-felled' }] : [],
)
