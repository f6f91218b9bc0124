/**
 * Only an address on this site: an outside link must not send people elsewhere after signing in. Browsers drop tabs and
 * line breaks, and read `\` as `/`, so none of these may occur in it.
 */
import { sql } from 'kysely'
import { mistakesOf, one, oneOf, topField } from '#pages/form.ts'
import { maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type AppContext, type PageRequest, page, unseenPage } from '#platform/page.ts'
import { read, readableRows, unrestricted } from '#platform/records/index.ts'
import { changePassword, mustChangePassword, signIn } from './actions.ts'
import { accountOfDevice, deviceCookie, deviceMark, deviceSeconds, houseSecret } from './actions-house-secret.ts'
import { endSessions, forgetSessions, maxHours, sessionCookie, sessionOf, sessionsOf } from './actions-sessions.ts'
import { accountPages } from './pages-accounts.ts'
import { account as accountKind } from './records.ts'
import {
  type AccountData,
  accountView,
  type PasswordData,
  passwordView,
  type SignInData,
  signInView,
} from './views/sign-in.tsx'

const inside = (address: string) =>
  /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(address) && !/^\/sign-(in|out)\b/.test(address) ? address : '/'

const signInPage = page<SignInData>({
  path: '/sign-in',
  policy: 'anyone',
  load: async (ctx, { query }) =>
    ctx.caller.account
      ? { redirect: inside(query.next ?? '/') }
      : { login: '', next: inside(query.next ?? '/'), mistakes: {}, demo: ctx.city.demo },
  post: async (ctx, { form, address, userAgent, cookies }) => {
    const next = inside(one(form, 'next'))
    try {
      const given = { login: one(form, 'login'), password: oneOf(form.password) }
      const secret = await houseSecret(ctx.database.kysely)
      const device = accountOfDevice(secret, cookies[deviceCookie], ctx.now())
      const before = cookies[sessionCookie]
      const { token, account } = await signIn(ctx, { ...given, address, userAgent, device, before })
      return {
        redirect: next,
        cookies: [
          { name: sessionCookie, value: token, maxAgeSeconds: maxHours * 3600 },
          { name: deviceCookie, value: deviceMark(secret, account, ctx.now()), maxAgeSeconds: deviceSeconds },
        ],
      }
    } catch (error) {
      return {
        login: one(form, 'login'),
        next,
        mistakes: mistakesOf(error, presenterOf(ctx).say, topField),
        demo: ctx.city.demo,
      }
    }
  },
  title: (_data, { say }) => say('identity.sign-in.title'),
  view: signInView,
})

const signOutPage = unseenPage({
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
})

/** 'Firefox on Linux' from a browser's user agent; the raw text if it is unknown. */
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
  const unrestrictedReader = unrestricted('somebody reads their own account', ctx)
  const row = (await read(unrestrictedReader, accountKind)
    .in({ id: account })
    .pick('title')
    .stated('login')
    .with({
      grants: sql<Array<{ role: string; body: string }>>`(
        select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'body', g.body)), '[]')
        from ${readableRows(unrestrictedReader, accountKind.kind, 'grant')} g where g.record = r.id)`,
    })
    .first())!
  const { names, instant } = presenterOf(ctx)
  const nameOf = await names([...row.grants.map((grant) => grant.body), ...ctx.caller.posts])
  const name = (id: string) => nameOf(id)?.text ?? '—'
  const current = await sessionOf(ctx.database.kysely, cookies[sessionCookie])
  return {
    name: row.title.und ?? '',
    login: row.login,
    roles: row.grants.map((grant) => ({ role: grant.role, body: name(grant.body) })),
    posts: ctx.caller.posts.map(name),
    sessions: (await sessionsOf(ctx.db, account, ctx.now())).map((session) => ({
      id: session.id,
      current: session.id === current,
      device: deviceOf(session.userAgent),
      address: session.address ?? '—',
      seenAt: instant(session.seenAt),
      createdAt: instant(session.createdAt),
    })),
    mayManage: maySome(ctx, 'create', 'identity.account'),
  }
}

const accountPage = page<AccountData>({
  path: '/account',
  policy: 'signed in',
  load: accountData,
  post: async (ctx, request) => {
    if (one(request.form, 'act') === 'everywhere') {
      await endSessions(ctx.database.kysely, ctx.caller.account!, { allBut: null })
      forgetSessions(ctx.database.kysely)
      return {
        redirect: '/',
        notice: { key: 'identity.signed-out-everywhere' },
        cookies: [{ name: sessionCookie, value: '', maxAgeSeconds: 0 }],
      }
    }
    const id = one(request.form, 'end')
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
  load: async (ctx) => ({ mistakes: {}, mustChange: await mustChangePassword(ctx) }),
  post: async (ctx, { form, cookies }) => {
    try {
      const session = (await sessionOf(ctx.database.kysely, cookies[sessionCookie])) ?? ''
      await changePassword(ctx, { current: oneOf(form.current), password: oneOf(form.password), session })
      forgetSessions(ctx.database.kysely)
      return { redirect: '/account', notice: { key: 'identity.password.changed' } }
    } catch (error) {
      return { mistakes: mistakesOf(error, presenterOf(ctx).say, topField), mustChange: await mustChangePassword(ctx) }
    }
  },
  title: (_data, { say }) => say('identity.password.change'),
  view: passwordView,
})

export const pages = [signInPage, signOutPage, accountPage, passwordPage, ...accountPages]
