import type { Manifest } from '#platform/module.ts'
import { verbs } from '#platform/verb.ts'
import { importOffers } from './actions-import.ts'
import { figures } from './figures.ts'
import { findings } from './findings.ts'
import { pages, panels } from './pages.ts'
import { deputiesPage, rowForms } from './pages-rows.ts'
import { policy } from './policy.ts'
import { ownsNothing } from './queries.ts'
import { organisation, person, post } from './records.ts'
import { checkDeputy, checkHolding, checkOrganisation, checkPerson, checkPost } from './rules.ts'
import { samples } from './samples.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const directory: Manifest = {
  name: 'directory',
  folder: import.meta.dirname,
  kinds: [organisation, person, post],
  checks: [checkPost, checkOrganisation, checkPerson],
  rowChecks: [checkDeputy, checkHolding],
  verbs: [
    ...verbs(organisation, {
      close: { from: ['active'], to: 'closed' },
      reopen: { from: ['closed'], to: 'active' },
    }),
    ...verbs(person, {
      leave: { from: ['active'], to: 'left' },
    }),
    ...verbs(post, {
      abolish: { from: ['active'], to: 'abolished', guard: ownsNothing },
    }),
  ],
  policy,
  figures,
  imports: importOffers,
  samples,
  pages: [...pages, deputiesPage],
  panels,
  rowForms,
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
