import type { Manifest } from '#platform/module.ts'
import { policy } from './policy.ts'
import { organisation, person, post } from './records.ts'
import { checkOrganisation, checkPost } from './rules.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const directory: Manifest = {
  name: 'directory',
  folder: import.meta.dirname,
  kinds: [organisation, person, post],
  checks: [
    { kind: 'directory.post', check: checkPost },
    { kind: 'directory.organisation', check: checkOrganisation },
  ],
  verbs: [
    { kind: 'directory.organisation', name: 'close', from: ['active'], to: 'closed' },
    { kind: 'directory.organisation', name: 'reopen', from: ['closed'], to: 'active' },
    { kind: 'directory.person', name: 'leave', from: ['active'], to: 'left' },
    { kind: 'directory.post', name: 'abolish', from: ['active'], to: 'abolished' },
  ],
  policy,
  words: { en, 'zh-Hans': zhHans },
}
