/** The door of `identity`: accounts and sessions for the composition and the first start. */
export { createAccounts, type NewAccount } from './actions.ts'
export { accountOfDevice, deviceCookie, formTokens, houseSecret } from './actions-house-secret.ts'
export { checkPassword, hashPassword, newPassword } from './actions-password.ts'
export { createSessions, forgetSessions, type Session, type Sessions, sessionCookie } from './actions-sessions.ts'
export { account } from './records.ts'
