import type { Manifest } from '#platform/module.ts'
import { rowForm } from '#platform/row-form.ts'
import { verbs } from '#platform/verb.ts'
import { sweepSessions } from './actions-sessions.ts'
import { subscribers } from './events.ts'
import { figures } from './figures.ts'
import { pages } from './pages.ts'
import { panels } from './pages-accounts.ts'
import { policy } from './policy.ts'
import { account } from './records.ts'
import { checkAccount } from './rules.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const identity: Manifest = {
  name: 'identity',
  folder: import.meta.dirname,
  kinds: [account],
  checks: [checkAccount],
  verbs: [
    ...verbs(account, {
      close: { from: ['active'], to: 'closed' },
      reopen: { from: ['closed'], to: 'active' },
    }),
  ],
  policy,
  figures,
  pages,
  panels,
  // Somebody must always be left who may grant roles: the page of roles sees to it, the rows alone do not.
  rowForms: [rowForm(account, 'grant', { ownPage: ({ code }) => `/account/roles/${code}`, linked: true })],
  subscribers,
  navigation: [
    {
      section: 'house',
      label: 'identity.account.plural',
      href: '/identity/accounts',
      order: 30,
      policy: { can: 'create', kind: 'identity.account' },
    },
  ],
  words: { en, 'zh-Hans': zhHans },
  secrets: [{ kind: account.kind, table: ['identity', 'secret'], record: 'account', value: 'hash' }],
  jobs: [
    {
      name: 'identity.sweep-sessions',
      cron: '17 * * * *',
      handle: (ctx) => sweepSessions(ctx.database.kysely, ctx.now()),
    },
  ],
}
