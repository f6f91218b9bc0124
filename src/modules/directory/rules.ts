import { check } from '#kernel/check.ts'
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
