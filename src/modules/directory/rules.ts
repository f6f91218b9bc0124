import type { FieldProblem } from '#kernel/problem.ts'
import type { Check, RowCheck } from '#kernel/registry.ts'

/** A post belongs to an organisation: without one nobody is responsible for it. */
export const checkPost: Check = (_before, after) =>
  after.organisation ? [] : [{ at: '/organisation', code: 'field.required' }]

/** An organisation cannot be its own parent; the gate finds longer cycles. */
export const checkOrganisation: Check = (_before, after) =>
  after.parent === after.id ? [{ at: '/parent', code: 'reference.loop' }] : []

/** No person's name is ever published, whoever asks and by whatever route. */
export const checkPerson: Check = (_before, after) =>
  after.audience === 'public' ? [{ at: '/audience', code: 'directory.person-never-public' }] : []

/** Nobody stands in for themselves, and standing in ends after it begins. */
export const checkDeputy: RowCheck = (post, row) => {
  const problems: FieldProblem[] = []
  if (row.deputy === post.id) problems.push({ at: '/deputy', code: 'directory.own-deputy' })
  if (row.to !== null && (row.to as string) <= (row.from as string))
    problems.push({ at: '/to', code: 'directory.deputy-turned-round' })
  return problems
}
