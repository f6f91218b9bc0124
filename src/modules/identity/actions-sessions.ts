/**
 * Sessions live in the database and can be listed and ended. The cookie holds a random token, the table only its hash.
 * A session's permissions are cached for five seconds, so that a burst of requests reads them once; signing out, and
 * role changes on an account's page, take effect immediately in this process, everything else within those seconds.
 */

import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Language } from '#kernel/words.ts'
import { organisationsBelow, postsHeldBy, postsSeenBy } from '#modules/directory'
import type { Caller, Grant, Role } from '#platform/caller.ts'
import type { Executor } from '#platform/db/index.ts'
import { newId, readable, readableRows, unrestricted } from '#platform/records/index.ts'
import { formTokens, type HouseSecret } from './actions-house-secret.ts'
import { account as accountKind } from './records.ts'
export const sessionCookie = 'commonweal'
/** A session ends after twelve idle hours, and after seven days in any case. */
export const idleHours = 12
export const maxHours = 7 * 24
const rememberMs = 5000

export type Session = {
  readonly id: string
  readonly caller: Caller
  readonly csrf: string
  readonly name: string
  readonly language: Language | null
  readonly mustChange: boolean
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** Opens a session and returns the token for the cookie; it is never stored. */
export async function openSession(
  db: Executor,
  account: string,
  from: { address: string; userAgent: string; now: Date },
): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const expires = new Date(from.now.getTime() + idleHours * 3_600_000)
  const at = from.now.toISOString()
  await sql`insert into identity.session (id, token, account, csrf, "createdAt", "seenAt", "expiresAt", address, "userAgent")
    values (${newId()}, ${hashOf(token)}, ${account}, ${randomBytes(24).toString('base64url')}, ${at}, ${at}, ${expires.toISOString()},
      ${from.address.slice(0, 100)}, ${from.userAgent.slice(0, 300)})`.execute(db)
  return token
}

type Stored = {
  id: string
  account: string
  csrf: string
  seenAt: string
  createdAt: string
  title: Record<string, string>
  person: string | null
  language: Language | null
  mustChange: boolean | null
  grants: Array<{ role: Role; body: string }> | null
}

export type Sessions = {
  /** Tokens of forms for people who are not signed in, newest first. */
  readonly formTokens: () => readonly string[]
  readonly find: (token: string | undefined) => Promise<Session | null>
}

const shared = new WeakMap<Executor, Map<string, { session: Promise<Session | null>; until: number }>>()

/** The sessions of a database; `today` is the day in the city's time zone. */
export function createSessions(db: Executor, secret: HouseSecret, now: () => Date, today: () => string): Sessions {
  const cachedPerReader = shared.get(db) ?? new Map<string, { session: Promise<Session | null>; until: number }>()
  shared.set(db, cachedPerReader)
  const tokensAt = formTokens(secret)
  return {
    formTokens: () => tokensAt(now()),
    find: (token) => {
      if (!token || token.length > 100) return Promise.resolve(null)
      const time = now().getTime()
      const known = cachedPerReader.get(token)
      if (known && known.until > time) return known.session
      if (cachedPerReader.size > 10_000) cachedPerReader.clear()
      const session = load(db, token, now(), today())
      cachedPerReader.set(token, { session, until: time + rememberMs })
      session.catch(() => cachedPerReader.delete(token))
      return session
    },
  }
}

/** Clears this process's cache of a database's sessions, after a sign-out or a change of roles. */
export const forgetSessions = (db: Executor): void => shared.get(db)?.clear()

/** Id of the session a token opens, or nothing. */
export async function sessionOf(db: Executor, token: string | undefined): Promise<string | null> {
  if (!token || token.length > 100) return null
  const { rows } = await sql<{ id: string }>`select id from identity.session where token = ${hashOf(token)}`.execute(db)
  return rows[0]?.id ?? null
}

/** What a caller may read depends on this result. */
const signIn = unrestricted('a session is looked up before there is a caller')
const grants = readableRows(signIn, accountKind.kind, 'grant', { retired: true })

async function load(db: Executor, token: string, now: Date, today: string): Promise<Session | null> {
  const at = now.toISOString()
  const { rows } = await sql<Stored>`
    select s.id, s.account, s.csrf, s."seenAt", s."createdAt", a.title, a.person, a.language, k."mustChange",
      (select jsonb_agg(jsonb_build_object('role', g.role, 'body', g.body)) from ${grants} g where g.record = s.account) as grants
    from identity.session s join ${readable(signIn, accountKind.kind)} a on a.id = s.account
    left join identity.secret k on k.account = s.account
    where s.token = ${hashOf(token)} and s."expiresAt" > ${at} and a.state = 'active'`.execute(db)
  const row = rows[0]
  if (!row) return null
  if (now.getTime() - Date.parse(row.seenAt) > 60_000) {
    const end = Math.min(now.getTime() + idleHours * 3_600_000, Date.parse(row.createdAt) + maxHours * 3_600_000)
    await sql`update identity.session set "seenAt" = ${at}, "expiresAt" = ${new Date(end).toISOString()} where id = ${row.id}`.execute(
      db,
    )
  }
  return {
    id: row.id,
    csrf: row.csrf,
    name: Object.values(row.title)[0] ?? '',
    language: row.language,
    mustChange: row.mustChange ?? false,
    caller: {
      account: row.account,
      person: row.person,
      posts: row.person ? await postsHeldBy(db, row.person, today) : [],
      deputises: row.person ? await postsSeenBy(db, row.person, today) : [],
      grants: await reach(db, row.grants ?? []),
      system: false,
    },
  }
}

/**
 * Roles with the organisations they cover; for the city of this installation (`null`), everything. An unknown
 * organisation covers nothing more.
 */
async function reach(db: Executor, grants: ReadonlyArray<{ role: Role; body: string }>): Promise<Grant[]> {
  const below = await organisationsBelow(
    db,
    grants.map((grant) => grant.body),
  )
  return grants.map(({ role, body }) => {
    const bodies = below.get(body)
    return { role, organisations: bodies === undefined ? [body] : bodies }
  })
}

export type SessionRow = {
  id: string
  createdAt: string
  seenAt: string
  expiresAt: string
  address: string | null
  userAgent: string | null
}

/** Open sessions of an account, newest first. */
export async function sessionsOf(db: Executor, account: string, now: Date): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select id, "createdAt", "seenAt", "expiresAt", address, "userAgent" from identity.session
    where account = ${account} and "expiresAt" > ${now.toISOString()} order by "seenAt" desc limit 100`.execute(db)
  return rows
}

/** Ends one session of an account, or all but `keep`. Returns how many ended. */
export async function endSessions(
  db: Executor,
  account: string,
  which: { id: string } | { allBut: string | null },
): Promise<number> {
  const condition = 'id' in which ? sql`id = ${which.id}` : which.allBut ? sql`id <> ${which.allBut}` : sql`true`
  const { rows } =
    await sql`delete from identity.session where account = ${account} and ${condition} returning id`.execute(db)
  return rows.length
}

/** Ends the session a token opens, if there is one. */
export async function endSession(db: Executor, token: string | undefined): Promise<void> {
  if (!token || token.length > 100) return
  await sql`delete from identity.session where token = ${hashOf(token)}`.execute(db)
  forgetSessions(db)
}

/** Removes expired sessions; a job calls it every hour. */
export async function sweepSessions(db: Executor, now: Date): Promise<void> {
  await sql`delete from identity.session where "expiresAt" < ${now.toISOString()}`.execute(db)
}
