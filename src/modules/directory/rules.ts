import { check, rowCheck } from '#kernel/check.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import { organisation, person, post } from './records.ts'

/** A post belongs to an organisation: without one nobody is responsible for it. */
export const checkPost = check(post, (_before, after) =>
  after.organisation ? [] : [{ at: '/organisation', code: 'field.required' }],
)

/** An organisation cannot be its own parent; the gate finds longer cycles. */
export const checkOrganisation = check(organisation, (_before, after) =>
  after.parent === after.id ? [{ at: '/parent', code: 'reference.loop' }] : [],
)

/** No person's name is ever published, whoever asks and by whatever route. */
export const checkPerson = check(person, (_before, after) =>
  after.audience === 'public' ? [{ at: '/audience', code: 'directory.person-never-public' }] : [],
)

type Term = { readonly from?: unknown; readonly to?: unknown }
const turnedRound = ({ from, to }: Term): FieldProblem[] =>
  to && String(to) <= String(from) ? [{ at: '/to', code: 'directory.turned-round' }] : []

/** Whoever holds a post holds it for a day at least. */
export const checkHolding = rowCheck(post, 'holding', (_post, row) => turnedRound(row))

/** Nobody stands in for themselves, and standing in ends after it begins. */
export const checkDeputy = rowCheck(post, 'deputy', (standing, row) => [
  ...(row.deputy === standing.id ? [{ at: '/deputy', code: 'directory.own-deputy' }] : []),
  ...turnedRound(row),
])
