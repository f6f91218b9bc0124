import type { Manifest } from '#platform/module.ts'
import { importOffers } from './actions-import.ts'
import { findings } from './findings.ts'
import { pages, panels } from './pages.ts'
import { deputiesPage } from './pages-deputies.ts'
import { policy } from './policy.ts'
import { organisation, person, post } from './records.ts'
import { checkDeputy, checkOrganisation, checkPerson, checkPost } from './rules.ts'
import { samples } from './samples.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const directory: Manifest = {
  name: 'directory',
  folder: import.meta.dirname,
  kinds: [organisation, person, post],
  checks: [
    { kind: 'directory.post', check: checkPost },
    { kind: 'directory.organisation', check: checkOrganisation },
    { kind: 'directory.person', check: checkPerson },
  ],
  rowChecks: [{ kind: 'directory.post', rows: 'deputy', check: checkDeputy }],
  verbs: [
    { kind: 'directory.organisation', name: 'close', from: ['active'], to: 'closed' },
    { kind: 'directory.organisation', name: 'reopen', from: ['closed'], to: 'active' },
    { kind: 'directory.person', name: 'leave', from: ['active'], to: 'left' },
    { kind: 'directory.post', name: 'abolish', from: ['active'], to: 'abolished' },
  ],
  policy,
  imports: importOffers,
  samples,
  pages: [...pages, deputiesPage],
  panels,
  findings,
  navigation: [
    { section: 'house', label: 'directory.navigation', href: '/directory/organisations', order: 10, policy: 'anyone' },
    { section: 'house', label: 'directory.navigation.posts', href: '/directory/posts', order: 20, policy: 'signed in' },
    {
      section: 'house',
      label: 'directory.navigation.people',
      href: '/directory/people',
      order: 30,
      policy: 'signed in',
    },
    { section: 'house', label: 'directory.vacant.title', href: '/directory/vacant', order: 35, policy: 'signed in' },
    {
      section: 'house',
      label: 'directory.navigation.assign',
      href: '/directory/assign',
      order: 40,
      policy: 'signed in',
    },
  ],
  words: { en, 'zh-Hans': zhHans },
}
