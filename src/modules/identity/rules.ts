import type { Check } from '#kernel/registry.ts'

/** A login has no spaces around or inside it, so that nobody has to guess. */
export const checkAccount: Check = (_before, after) =>
  typeof after.login === 'string' && /\s/.test(after.login) ? [{ at: '/login', code: 'identity.login-with-blank' }] : []
