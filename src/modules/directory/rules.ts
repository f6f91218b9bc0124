import type { Check } from '#kernel/registry.ts'

/** A post belongs to an organisation: without one nobody is responsible for it. */
export const checkPost: Check = (_before, after) =>
  after.organisation ? [] : [{ at: '/organisation', code: 'field.required' }]

/** An organisation cannot be its own parent; the gate finds longer cycles. */
export const checkOrganisation: Check = (_before, after) =>
  after.parent === after.id ? [{ at: '/parent', code: 'reference.loop' }] : []

/** No person's name is ever published, whoever asks and by whatever route. */
export const checkPerson: Check = (_before, after) =>
  after.audience === 'public' ? [{ at: '/audience', code: 'directory.person-never-public' }] : []
