import type { Manifest } from '#platform/module.ts'
import { policy } from './policy.ts'
import { account } from './records.ts'
import { checkAccount } from './rules.ts'
import { sweepSessions } from './sessions.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const identity: Manifest = {
  name: 'identity',
  folder: import.meta.dirname,
  kinds: [account],
  checks: [{ kind: 'identity.account', check: checkAccount }],
  verbs: [
    { kind: 'identity.account', name: 'close', from: ['active'], to: 'closed' },
    { kind: 'identity.account', name: 'reopen', from: ['closed'], to: 'active' },
  ],
  policy,
  words: { en, 'zh-Hans': zhHans },
  jobs: [
    {
      name: 'identity.sweep-sessions',
      cron: '17 * * * *',
      handle: (ctx) => sweepSessions(ctx.database.kysely, ctx.now()),
    },
  ],
}
