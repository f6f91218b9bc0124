import { check } from '#kernel/check.ts'
import { account } from './records.ts'

/** A login has no spaces around or inside it, so that nobody has to guess. */
export const checkAccount = check(account, (_before, after) =>
  typeof after.login === 'string' && /\s/.test(after.login)
    ? [{ at: '/login', code: 'identity.login-with-blank' }]
    : [],
)
