import { sql } from 'kysely'
import { invalid } from '#kernel/problem.ts'
import { localize } from '#kernel/words.ts'
import { organisation } from '#modules/directory'
import { inTransaction } from '#platform/app.ts'
import type { Role } from '#platform/caller.ts'
import { type AppContext, type PageRequest, page } from '#platform/page.ts'
import { list, namesOf } from '#platform/records/index.ts'
import { changePassword, createAccounts, signIn } from './actions.ts'
import { hashPassword, newPassword } from './actions-password.ts'
import { endSessions, forgetSessions, longestHours, sessionCookie, sessionOf, sessionsOf } from './actions-sessions.ts'
import { roleNames } from './records.ts'
import { mistakesOf } from './rules-mistakes.ts'
import { type NewAccountData, newAccountView } from './views/new-account.tsx'
import {
  type AccountData,
  accountView,
  type PasswordData,
  passwordView,
  type SignInData,
  signInView,
} from './views/sign-in.tsx'

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))
/** Only an address of this house: a link from outside must not send people away after signing in. */
const inside = (address: string) =>
  /^\/(?!\/)[^\\]*$/.test(address) && !address.startsWith('/sign-in') ? address : '/'

const wordsOf = (ctx: AppContext) => ctx.house.words.say(ctx.language)

const signInPage = page<SignInData>({
  path: '/sign-in',
  policy: 'anyone',
  load: async (ctx, { query }) =>
    ctx.caller.account
      ? { redirect: inside(query.next ?? '/') }
      : { login: '', next: inside(query.next ?? '/'), mistakes: {}, demo: ctx.city.demo },
  post: async (ctx, { form, address, userAgent }) => {
    const next = inside(one(form.next))
    try {
      const token = await signIn(ctx, { login: one(form.login), password: one(form.password), address, userAgent })
      return { redirect: next, cookies: [{ name: sessionCookie, value: token, maxAgeSeconds: longestHours * 3600 }] }
    } catch (error) {
      return { login: one(form.login), next, mistakes: mistakesOf(error, wordsOf(ctx)), demo: ctx.city.demo }
    }
  },
  title: (_data, { say }) => say('identity.sign-in.title'),
  view: signInView,
})

const signOutPage = page<never>({
  path: '/sign-out',
  policy: 'anyone',
  load: async () => ({ redirect: '/' }),
  post: async (ctx, { cookies }) => {
    const session = await sessionOf(ctx.database.kysely, cookies[sessionCookie])
    if (session && ctx.caller.account) await endSessions(ctx.database.kysely, ctx.caller.account, { id: session })
    forgetSessions(ctx.database.kysely)
    return {
      redirect: '/',
      notice: { key: 'identity.signed-out' },
      cookies: [{ name: sessionCookie, value: '', maxAgeSeconds: 0 }],
    }
  },
  title: (_data, { say }) => say('web.account.sign-out'),
  view: () => null,
})

/** 'Firefox on Linux' out of what a browser says of itself; the raw text where it is no known one. */
export function deviceOf(userAgent: string | null): string {
  const text = userAgent ?? ''
  const browser = /Edg\//.test(text)
    ? 'Edge'
    : /Firefox\//.test(text)
      ? 'Firefox'
      : /Chrome\//.test(text)
        ? 'Chrome'
        : /Safari\//.test(text)
          ? 'Safari'
          : ''
  const system = /Android/.test(text)
    ? 'Android'
    : /iPhone|iPad/.test(text)
      ? 'iOS'
      : /Windows/.test(text)
        ? 'Windows'
        : /Mac OS/.test(text)
          ? 'macOS'
          : /Linux/.test(text)
            ? 'Linux'
            : ''
  return [browser, system].filter(Boolean).join(' · ') || text.slice(0, 60) || '—'
}

async function accountData(ctx: AppContext, { cookies }: PageRequest): Promise<AccountData> {
  const account = ctx.caller.account!
  const { rows } = await sql<{ login: string; name: string; grants: Array<{ role: string; body: string }> | null }>`
    select a.login, r.title->>'und' as name, (select jsonb_agg(jsonb_build_object('role', g.role, 'body', g.body)) from identity."grant" g where g.record = a.id) as grants
    from identity.account a join records.record r on r.id = a.id where a.id = ${account}`.execute(ctx.db)
  const row = rows[0]!
  const names = await namesOf(ctx, [...(row.grants ?? []).map((grant) => grant.body), ...ctx.caller.posts])
  const name = (id: string) =>
    names.has(id) ? localize(names.get(id)!.title, ctx.language, ctx.city.language).text : '—'
  const current = await sessionOf(ctx.database.kysely, cookies[sessionCookie])
  const time = new Intl.DateTimeFormat(ctx.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: ctx.city.timeZone,
  })
  return {
    name: row.name,
    login: row.login,
    roles: (row.grants ?? []).map((grant) => ({ role: grant.role, body: name(grant.body) })),
    posts: ctx.caller.posts.map(name),
    sessions: (await sessionsOf(ctx.db, account, ctx.now())).map((session) => ({
      id: session.id,
      current: session.id === current,
      device: deviceOf(session.userAgent),
      address: session.address ?? '—',
      seenAt: time.format(new Date(session.seenAt)),
      createdAt: time.format(new Date(session.createdAt)),
    })),
    mayManage: ctx.policies.canSome(ctx.caller, 'create', 'identity.account'),
  }
}

const accountPage = page<AccountData>({
  path: '/account',
  policy: 'signed in',
  load: accountData,
  post: async (ctx, request) => {
    const id = one(request.form.end)
    if (/^[0-9a-f-]{36}$/.test(id)) await endSessions(ctx.database.kysely, ctx.caller.account!, { id })
    forgetSessions(ctx.database.kysely)
    return { redirect: '/account', notice: { key: 'identity.sessions.ended' } }
  },
  title: (data) => data.name,
  view: accountView,
})

const passwordPage = page<PasswordData>({
  path: '/account/password',
  policy: 'signed in',
  load: async () => ({ mistakes: {}, mustChange: false }),
  post: async (ctx, { form, cookies }) => {
    try {
      const session = (await sessionOf(ctx.database.kysely, cookies[sessionCookie])) ?? ''
      await changePassword(ctx, { current: one(form.current), password: one(form.password), session })
      forgetSessions(ctx.database.kysely)
      return { redirect: '/account', notice: { key: 'identity.password.changed' } }
    } catch (error) {
      return { mistakes: mistakesOf(error, wordsOf(ctx)), mustChange: false }
    }
  },
  title: (_data, { say }) => say('identity.password.change'),
  view: passwordView,
})

async function choices(ctx: AppContext): Promise<Pick<NewAccountData, 'bodies' | 'people'>> {
  const label = (row: { id: string; code: string; title: Record<string, string> }) => ({
    id: row.id,
    label: `${localize(row.title, ctx.language, ctx.city.language).text} (${row.code})`,
  })
  const bodies = await list(ctx, organisation, { limit: 200 })
  const people = await list(ctx, ctx.house.kind('directory.person').declaration, { limit: 200, sort: 'title' })
  return { bodies: bodies.rows.map(label), people: people.rows.map(label) }
}

const newAccountPage = page<NewAccountData>({
  path: '/account/new',
  policy: { can: 'create', kind: 'identity.account' },
  load: async (ctx) => ({ given: {}, mistakes: {}, ...(await choices(ctx)) }),
  post: async (ctx, { form }) => {
    const given = Object.fromEntries(
      ['name', 'login', 'person', 'role', 'body'].map((name) => [name, one(form[name]).trim()]),
    )
    try {
      const missing = ['name', 'login', 'role', 'body'].filter((name) => !given[name])
      if (missing.length > 0)
        throw invalid(
          'records.invalid',
          missing.map((name) => ({ at: `/${name}`, code: 'field.required' })),
        )
      const role = roleNames.find((each) => each === given.role)
      if (!role)
        throw invalid('records.invalid', [
          { at: '/role', code: 'field.not-a-choice', values: { allowed: roleNames.join(', ') } },
        ])
      const password = newPassword()
      const hash = await hashPassword(password)
      await inTransaction(ctx, (wctx) =>
        createAccounts(wctx, { source: 'page' }, [
          {
            name: given.name!,
            login: given.login!,
            hash,
            person: given.person || null,
            organisation: given.body!,
            grants: [{ role: role as Role, body: given.body! }],
            mustChange: true,
          },
        ]),
      )
      return { given, mistakes: {}, bodies: [], people: [], made: { login: given.login!, password } }
    } catch (error) {
      return { given, mistakes: mistakesOf(error, wordsOf(ctx)), ...(await choices(ctx)) }
    }
  },
  title: (_data, { say }) => say('identity.accounts.new'),
  section: 'house',
  view: newAccountView,
})

export const pages = [signInPage, signOutPage, accountPage, passwordPage, newAccountPage]
