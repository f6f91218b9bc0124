import type { Check } from '#kernel/registry.ts'

/** A post belongs to a body: without one nobody answers for it. */
export const checkPost: Check = (_before, after) =>
  after.organisation ? [] : [{ at: '/organisation', code: 'field.required' }]

/** A body cannot be its own parent; longer circles are found by the gate. */
export const checkOrganisation: Check = (_before, after) =>
  after.parent === after.id ? [{ at: '/parent', code: 'reference.loop' }] : []

/** Nobody's name becomes public, whoever asks and by whatever way. */
export const checkPerson: Check = (_before, after) =>
  after.audience === 'public' ? [{ at: '/audience', code: 'directory.person-never-public' }] : []
