import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { type FieldProblem, invalid, Problem } from '#kernel/problem.ts'
import type { Role } from '#platform/caller.ts'
import type { WriteContext } from '#platform/context.ts'
import { transaction } from '#platform/db/index.ts'
import type { AppContext } from '#platform/page.ts'
import {
  bindSecrets,
  type ChangeSet,
  newId,
  openChangeSet,
  Permit,
  prepare,
  readable,
  save,
  unrestricted,
} from '#platform/records/index.ts'
import { checkPassword, hashPassword, passwordFits } from './actions-password.ts'
import { endSession, endSessions, openSession } from './actions-sessions.ts'
import { countTry, triesByLogin } from './actions-tries.ts'
import { account as accountKind } from './records.ts'

/** A new account, as part of a larger transaction. `checkPassword` has checked `password` before. */
export type NewAccount = {
  readonly name: string
  readonly login: string
  readonly hash: string
  readonly person?: string | null
  readonly organisation: string
  readonly grants: ReadonlyArray<{ role: Role; body: string }>
  readonly language?: string | null
  readonly mustChange: boolean
  readonly externalId?: { source: string; id: string }
}

/** Creates accounts with their roles; the passwords are already hashed. */
export async function createAccounts(
  ctx: WriteContext,
  facts: { why?: string | null; source: string },
  accounts: readonly NewAccount[],
): Promise<string[]> {
  const ids = accounts.map(() => newId())
  const prepared = await prepare(
    ctx,
    accounts.map((each, index) => ({
      kind: 'identity.account',
      action: 'create',
      id: ids[index]!,
      values: {
        title: { und: each.name },
        login: each.login,
        person: each.person ?? null,
        organisation: each.organisation,
        language: each.language ?? null,
        ...(each.externalId ? { externalIds: [each.externalId] } : {}),
      },
      rows: { grant: { set: each.grants.map(({ role, body }) => ({ role, body })) } },
    })),
  )
  const permit = Permit.for(ctx, prepared)
  const opened = await openChangeSet(ctx, facts)
  await save(opened, permit)
  await keepSecrets(
    opened,
    accounts.map(({ hash, mustChange }, index) => ({ account: ids[index]!, hash, mustChange })),
  )
  return ids
}

/** Keeps hashes of passwords and binds them to the history, so that one put there by somebody else is found. */
export async function keepSecrets(
  opened: ChangeSet,
  secrets: ReadonlyArray<{ readonly account: string; readonly hash: string; readonly mustChange: boolean }>,
): Promise<void> {
  await sql`insert into identity.secret (account, hash, "changedAt", "mustChange")
    select x.account, x.hash, ${opened.at}::timestamptz, x."mustChange"
    from jsonb_to_recordset(${JSON.stringify(secrets)}::jsonb) as x(account uuid, hash text, "mustChange" boolean)
    on conflict (account) do update set hash = excluded.hash, "changedAt" = excluded."changedAt", "mustChange" = excluded."mustChange"`.execute(
    opened.ctx.db,
  )
  await bindSecrets(
    opened,
    secrets.map(({ account, hash }) => ({ record: account, value: hash })),
  )
}

// Compared when nobody has the login, so that the response takes as long for an unknown name as for a known one.
let nobodyHash: Promise<string> | undefined
/** More than anybody types; a longer password matches nothing. */
const maxTried = 1000

export type SignIn = {
  readonly login: string
  readonly password: string
  readonly address: string
  readonly userAgent: string
  /** The account that signed in on this device before, if the device is known. */
  readonly device?: string | null
  /** Token of the session that this one takes the place of. */
  readonly before?: string | undefined
  /** How a wait is waited; real time by default. */
  readonly pause?: (milliseconds: number) => Promise<unknown>
}

/**
 * Signs in, and ends the session before it, whoever it belonged to; returns the token for the cookie.
 * @throws Invalid `identity.wrong-login`, the same for a wrong name and a wrong password; TooMany
 * `identity.too-many-tries`
 */
export async function signIn(ctx: AppContext, given: SignIn): Promise<{ token: string; account: string }> {
  const login = given.login.replaceAll('\u0000', '').trim()
  const accounts = readable(unrestricted('nobody is signed in yet'), accountKind.kind)
  const { rows } = await sql<{ account: string; hash: string }>`
    select a.id as account, k.hash from ${accounts} a join identity.secret k on k.account = a.id
    where lower(a.login) = lower(${login}) and a.state = 'active'`.execute(ctx.db)
  const found = rows[0]
  const knownDevice = found !== undefined && given.device === found.account
  const { delayMs, waited, takeBack } = countTry(ctx.database.kysely, { ...given, knownDevice }, ctx.now())
  try {
    if (delayMs > 0) await (given.pause ?? setTimeout)(delayMs)
  } finally {
    waited()
  }
  nobodyHash ??= hashPassword('nobody has this password')
  const other = await nobodyHash
  const fits = await passwordFits(given.password.slice(0, maxTried), found?.hash ?? other)
  if (!found || !fits || given.password.length > maxTried)
    throw invalid('identity.wrong-login', [{ at: '/password', code: 'identity.wrong-login' }])
  takeBack()
  // A session that somebody else began in this browser must not go on beside the new one.
  await endSession(ctx.database.kysely, given.before)
  const token = await openSession(ctx.database.kysely, found.account, {
    address: given.address,
    userAgent: given.userAgent,
    now: ctx.now(),
  })
  return { token, account: found.account }
}

/** Must the caller choose a password of their own before anything else? */
export async function mustChangePassword(ctx: AppContext): Promise<boolean> {
  const { rows } = await sql<{ mustChange: boolean }>`
    select "mustChange" from identity.secret where account = ${ctx.caller.account}`.execute(ctx.db)
  return rows[0]?.mustChange ?? false
}

/** Changes the caller's own password and ends the other sessions. */
export async function changePassword(
  ctx: AppContext,
  given: { current: string; password: string; session: string },
): Promise<void> {
  const account = ctx.caller.account
  if (!account) throw new Problem('NotSignedIn', 'identity.not-signed-in')
  const own = readable(unrestricted('somebody reads their own account'), accountKind.kind)
  const { rows } = await sql<{ hash: string; login: string }>`
    select k.hash, a.login from identity.secret k join ${own} a on a.id = k.account where k.account = ${account}`.execute(
    ctx.db,
  )
  const { delayMs, waited, takeBack } = countTry(ctx.database.kysely, { login: rows[0]?.login ?? account }, ctx.now())
  waited()
  // Whoever has a session and guesses is refused: they are in already, and nobody waits outside.
  if (delayMs > 0)
    throw new Problem('TooMany', 'identity.too-many-tries', {
      values: { seconds: Math.ceil(triesByLogin.withinMs / 1000) },
    })
  const problems: FieldProblem[] = checkPassword(given.password, rows[0]?.login ?? '')
  if (given.password === given.current) problems.push({ at: '/password', code: 'identity.password-same' })
  if (!rows[0] || !(await passwordFits(given.current.slice(0, maxTried), rows[0].hash)))
    problems.unshift({ at: '/current', code: 'identity.wrong-password' })
  else takeBack()
  if (problems.length > 0) throw invalid('identity.password-refused', problems)
  const hash = await hashPassword(given.password)
  await transaction(ctx.database.kysely, async (tx) => {
    const opened = await openChangeSet({ ...ctx, db: tx }, { source: 'page' })
    await keepSecrets(opened, [{ account, hash, mustChange: false }])
    await endSessions(tx, account, { allBut: given.session })
  })
}
