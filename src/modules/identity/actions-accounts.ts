/**
 * What an administrator does with accounts: roles, initial passwords, closing. The rule throughout: nobody grants, or
 * gains, more than they administer. A role covers the organisations below its own, and whoever sets a password could
 * sign in with it, so every organisation in which an account has a say must be one the administrator administers.
 */
import { sql } from 'kysely'
import { type FieldProblem, invalid, notAllowed, notFound } from '#kernel/problem.ts'
import { findCity, postsHeldBy } from '#modules/directory'
import { inTransaction } from '#platform/app.ts'
import type { Caller, Role } from '#platform/caller.ts'
import type { Context, WriteContext } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import {
  find,
  namesOf,
  openChangeSet,
  read,
  readable,
  readableRows,
  unrestricted,
  write,
} from '#platform/records/index.ts'
import { keepSecrets } from './actions.ts'
import { hashPassword, newPassword } from './actions-password.ts'
import { endSessions, forgetSessions } from './actions-sessions.ts'
import { account as accountKind } from './records.ts'

/** The organisations somebody administers; `null` = the whole city. */
export function administeredBy(caller: Caller): ReadonlySet<string> | null {
  if (caller.system) return null
  const grants = caller.grants.filter((grant) => grant.role === 'administrator')
  if (grants.some((grant) => grant.organisations === null)) return null
  return new Set(grants.flatMap((grant) => grant.organisations ?? []))
}

/** Does the caller administer every one of these organisations? No organisation means the whole city. */
export function administers(caller: Caller, bodies: ReadonlyArray<string | null>): boolean {
  const reach = administeredBy(caller)
  return reach === null || bodies.every((body) => body !== null && reach.has(body))
}

export type Grants = ReadonlyArray<{ readonly role: Role; readonly body: string }>

export type AccountFacts = {
  readonly id: string
  readonly code: string
  readonly name: string
  readonly login: string
  readonly state: string
  readonly organisation: string | null
  readonly grants: Grants
  /** May the caller change its roles, set its password, close it? */
  readonly manageable: boolean
}

/** Organisations of the posts a person holds: their account acts for these too. */
async function postBodies(ctx: Context, person: string | null): Promise<Array<string | null>> {
  if (!person) return []
  const posts = await postsHeldBy(ctx.db, person, ctx.now().toISOString().slice(0, 10))
  if (posts.length === 0) return []
  const unrestrictedReader = unrestricted(
    'a body counts for what may be managed whether or not its posts may be read',
    ctx,
  )
  const held = await read(unrestrictedReader, 'directory.post').in({ id: posts }).rows()
  return held.map((post) => post.organisation)
}

/** An account the caller may read, by id or code. @throws NotFound */
export async function accountAt(ctx: Context, key: string): Promise<AccountFacts> {
  const record = await find(ctx, accountKind, key)
  if (!record) throw notFound(key)
  const { rows } = await sql<{ role: Role; body: string }>`
    select g.role, g.body from ${readableRows(ctx, accountKind.kind, 'grant')} g
    where g.record = ${record.id} order by g.role, g.body`.execute(ctx.db)
  const bodies = [
    record.organisation,
    ...rows.map((row) => row.body),
    ...(await postBodies(ctx, record.person ?? null)),
  ]
  return {
    id: record.id,
    code: record.code,
    name: Object.values(record.title)[0] ?? '',
    login: record.login ?? '',
    state: record.state,
    organisation: record.organisation,
    grants: rows,
    manageable: administers(ctx.caller, bodies),
  }
}

/**
 * Why somebody may not create this account: an organisation or a person beyond their reach, by field. The person
 * matters because an account acts for the posts of its person.
 */
export async function reachProblems(
  ctx: Context,
  wanted: { body: string; person: string | null },
): Promise<FieldProblem[]> {
  const { body, person } = wanted
  const problems: FieldProblem[] = []
  if (!administers(ctx.caller, [body])) problems.push({ at: '/body', code: 'identity.body-beyond-reach' })
  if (person === null) return problems
  const readable = (await namesOf(ctx, [person])).has(person)
  if (!readable || !administers(ctx.caller, await postBodies(ctx, person)))
    problems.push({ at: '/person', code: 'identity.person-beyond-reach' })
  return problems
}

/**
 * The context in which roles are written once the rule above has been checked: the policy leaves roles to
 * administrators of the whole city, because it cannot see the organisation inside a row. The history still names the
 * account.
 */
export const withSystemRights = (ctx: WriteContext): WriteContext => ({
  ...ctx,
  caller: { ...ctx.caller, system: true },
})

/** Grants and revokes roles. @throws Invalid `identity.body-beyond-reach`, `identity.last-administrator`; NotAllowed */
export async function changeRoles(
  ctx: AppContext,
  key: string,
  roles: { give?: Grants; take?: Grants },
): Promise<void> {
  const { give = [], take = [] } = roles
  await inTransaction(ctx, async (inside) => {
    const account = await managed(inside, key)
    if (
      !administers(
        ctx.caller,
        [...give, ...take].map((grant) => grant.body),
      )
    )
      throw invalid('records.invalid', [{ at: '/body', code: 'identity.body-beyond-reach' }], { count: 1 })
    await write(withSystemRights(inside), { source: 'page' }, [
      {
        kind: 'identity.account',
        action: 'change',
        id: account.id,
        rows: { grant: { set: [...give], remove: [...take] } },
      },
    ])
    await keepAnAdministrator(inside)
  })
  forgetSessions(ctx.database.kysely)
}

/** Gives an account a new initial password, to be changed at the next sign-in, and ends its sessions. */
export async function setFirstPassword(ctx: AppContext, key: string): Promise<string> {
  const password = newPassword()
  const hash = await hashPassword(password)
  await inTransaction(ctx, async (inside) => {
    const { id } = await managed(inside, key)
    const opened = await openChangeSet(inside, { source: 'page' })
    await keepSecrets(opened, [{ account: id, hash, mustChange: true }])
    await endSessions(inside.db, id, { allBut: null })
  })
  forgetSessions(ctx.database.kysely)
  return password
}

/** Closes an account and ends its sessions, or reopens it. @throws Invalid `identity.last-administrator` */
export async function moveAccount(ctx: AppContext, key: string, verb: 'close' | 'reopen'): Promise<void> {
  await inTransaction(ctx, async (inside) => {
    const { id } = await managed(inside, key)
    await write(withSystemRights(inside), { source: 'page' }, [{ kind: 'identity.account', action: verb, id }])
    if (verb === 'close') await endSessions(inside.db, id, { allBut: null })
    await keepAnAdministrator(inside)
  })
  forgetSessions(ctx.database.kysely)
}

async function managed(ctx: WriteContext, key: string): Promise<AccountFacts> {
  const account = await accountAt(ctx, key)
  if (!account.manageable) throw notAllowed('identity.account-beyond-reach')
  return account
}

/** At least one account that can grant roles for the whole city must remain. */
async function keepAnAdministrator(ctx: WriteContext): Promise<void> {
  const city = await findCity(ctx.db)
  if (!city) return
  const unrestrictedReader = unrestricted('an administrator counts whether or not the caller may read the account')
  const { rows } = await sql`
    select 1 from ${readableRows(unrestrictedReader, accountKind.kind, 'grant')} g join ${readable(unrestrictedReader, accountKind.kind)} a on a.id = g.record
    where g.role = 'administrator' and g.body = ${city.organisation} and a.state = 'active' limit 1`.execute(ctx.db)
  if (rows.length === 0)
    throw invalid('identity.last-administrator', [{ at: '/role', code: 'identity.last-administrator' }])
}
