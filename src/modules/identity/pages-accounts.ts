/** Pages on which administrators create and manage accounts. */
import { type FieldProblem, invalid, notFound } from '#kernel/problem.ts'
import { organisation, person } from '#modules/directory'
import { recordChoices } from '#pages/choices.ts'
import { type Mistakes, mistakesOf, one, topField } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import { inTransaction } from '#platform/app.ts'
import type { Role } from '#platform/caller.ts'
import { panel } from '#platform/module.ts'
import { type AppContext, type PageRequest, page, type Redirect, unseenPage } from '#platform/page.ts'
import { isId } from '#platform/records/index.ts'
import { createAccounts } from './actions.ts'
import {
  type AccountFacts,
  accountAt,
  administers,
  changeRoles,
  moveAccount,
  reachProblems,
  setFirstPassword,
  withSystemRights,
} from './actions-accounts.ts'
import { storeOneTimeText, takeOneTimeText } from './actions-one-time-text.ts'
import { hashPassword, newPassword } from './actions-password.ts'
import { roleNames } from './records.ts'
import { type ManageData, manageView, type RolesPanelData, rolesPanelView } from './views/manage-account.tsx'
import { type NewAccountData, newAccountView } from './views/new-account.tsx'

const addressOf = (code: string) => `/account/roles/${code}`
/** Nobody reads a longer list. */
const maxChoices = 2000

/** The organisations for which the caller may grant roles. */
const bodyChoices = async (ctx: AppContext) =>
  (await recordChoices(ctx, organisation.kind, maxChoices)).filter((body) => administers(ctx.caller, [body.id]))

/** Whether a form's role or organisation is missing, unknown or beyond the caller's reach. */
function grantOf(form: Readonly<Record<string, string>>): { role: Role; body: string; problems: FieldProblem[] } {
  const problems: FieldProblem[] = []
  const role = roleNames.find((each) => each === form.role)
  if (!form.role) problems.push({ at: '/role', code: 'field.required' })
  else if (!role) problems.push({ at: '/role', code: 'field.not-a-choice', values: { allowed: roleNames.join(', ') } })
  const body = form.body ?? ''
  if (!isId(body)) problems.push({ at: '/body', code: 'field.required' })
  return { role: role ?? 'contributor', body, problems }
}

const refuse = (problems: readonly FieldProblem[]) => {
  if (problems.length > 0) throw invalid('records.invalid', problems, { count: problems.length })
}

const newAccountPage = page<NewAccountData>({
  path: '/account/new',
  policy: { can: 'create', kind: 'identity.account' },
  load: async (ctx) => ({ given: {}, mistakes: {}, ...(await newChoices(ctx)) }),
  post: async (ctx, { form }) => {
    const given = Object.fromEntries(['name', 'login', 'person', 'role', 'body'].map((name) => [name, one(form, name)]))
    try {
      return await makeAccount(ctx, given)
    } catch (error) {
      return { given, mistakes: mistakesOf(error, presenterOf(ctx).say, topField), ...(await newChoices(ctx)) }
    }
  },
  title: (_data, { say }) => say('identity.accounts.new'),
  section: 'house',
  view: newAccountView,
})

const newChoices = async (ctx: AppContext) => ({
  bodies: await bodyChoices(ctx),
  people: await recordChoices(ctx, person.kind, maxChoices),
})

async function makeAccount(ctx: AppContext, given: Readonly<Record<string, string>>): Promise<Redirect> {
  const { role, body, problems } = grantOf(given)
  for (const name of ['login', 'name']) if (!given[name]) problems.unshift({ at: `/${name}`, code: 'field.required' })
  if (given.person && !isId(given.person)) problems.push({ at: '/person', code: 'identity.person-beyond-reach' })
  refuse(problems)
  const asked = { body, person: given.person || null }
  refuse(await reachProblems(ctx, asked))
  const password = newPassword()
  const hash = await hashPassword(password)
  const id = await inTransaction(ctx, async (inside) => {
    const account = { name: given.name!, login: given.login!, hash, person: asked.person, organisation: body }
    const made = { ...account, grants: [{ role, body }], mustChange: true }
    return (await createAccounts(withSystemRights(inside), { source: 'page' }, [made]))[0]!
  })
  const { code } = await accountAt(ctx, id)
  return {
    redirect: `${addressOf(code)}?once=${storeOneTimeText(ctx.caller.account ?? '', password, ctx.now())}`,
    notice: { key: 'identity.accounts.made' },
  }
}

/** The link to a new account on the list of accounts. */
const newFromList = unseenPage({
  path: '/identity/accounts/new',
  policy: { can: 'create', kind: 'identity.account' },
  load: async () => ({ redirect: '/account/new' }),
  section: 'house',
})

async function namedGrants(ctx: AppContext, account: AccountFacts): Promise<ManageData['grants']> {
  const nameOf = await presenterOf(ctx).names(account.grants.map((grant) => grant.body))
  return account.grants.map(({ role, body }) => ({ role, body, name: nameOf(body)?.text ?? '—' }))
}

async function manageData(
  ctx: AppContext,
  { params, query }: Pick<PageRequest, 'params' | 'query'>,
  tried: { given: Readonly<Record<string, string>>; mistakes: Mistakes } = { given: {}, mistakes: {} },
): Promise<ManageData> {
  const account = await accountAt(ctx, params.id ?? '')
  const password = takeOneTimeText(ctx.caller.account ?? '', query.once, ctx.now())
  return {
    ...account,
    ...tried,
    grants: await namedGrants(ctx, account),
    action: addressOf(account.code),
    bodies: account.manageable ? await bodyChoices(ctx) : [],
    ...(password ? { password } : {}),
  }
}

const managePage = page<ManageData>({
  path: '/account/roles/:id',
  policy: { can: 'change', kind: 'identity.account' },
  load: (ctx, request) => manageData(ctx, request),
  post: async (ctx, request) => {
    const { params, form } = request
    const given = { role: one(form, 'role'), body: one(form, 'body') }
    const { code } = await accountAt(ctx, params.id ?? '')
    try {
      return await manage(ctx, code, one(form, 'act'), given)
    } catch (error) {
      return manageData(ctx, request, { given, mistakes: mistakesOf(error, presenterOf(ctx).say, topField) })
    }
  },
  title: (data) => data.name,
  trail: (data, { say }) => [
    { label: say('identity.account.plural'), href: '/identity/accounts' },
    { label: data.code, href: `/identity/accounts/${data.code}` },
  ],
  section: 'house',
  view: manageView,
})

async function manage(ctx: AppContext, code: string, act: string, form: Readonly<Record<string, string>>) {
  const done = (key: string): Redirect => ({ redirect: addressOf(code), notice: { key } })
  switch (act) {
    case 'give':
    case 'take': {
      const { role, body, problems } = grantOf(form)
      refuse(problems)
      await changeRoles(ctx, code, { [act]: [{ role, body }] })
      return done(act === 'give' ? 'identity.manage.given' : 'identity.manage.taken')
    }
    case 'password': {
      const password = await setFirstPassword(ctx, code)
      const once = storeOneTimeText(ctx.caller.account ?? '', password, ctx.now())
      return { redirect: `${addressOf(code)}?once=${once}`, notice: { key: 'identity.manage.password-set' } }
    }
    case 'close':
    case 'reopen':
      await moveAccount(ctx, code, act)
      return done(act === 'close' ? 'identity.manage.closed' : 'identity.manage.reopened')
    default:
      throw notFound(act)
  }
}

export const accountPages = [newAccountPage, newFromList, managePage]

/** Roles on the page of an account, and the link for changing them. */
export const panels = [
  panel<RolesPanelData>({
    on: 'identity.account',
    place: 'main',
    load: async (ctx, record) => {
      const account = await accountAt(ctx, record.id).catch(() => null)
      if (!account) return null
      return {
        grants: await namedGrants(ctx, account),
        ...(account.manageable ? { href: addressOf(account.code) } : {}),
      }
    },
    view: rolesPanelView,
  }),
]
