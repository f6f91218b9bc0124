import type { Manifest } from '#platform/module.ts'
import { importJobs } from './jobs.ts'
import { importPages } from './pages.ts'
import { templatePages } from './pages-template.ts'
import { policy } from './policy.ts'
import type { AllOffers } from './queries-offers.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

/** Imports files for all rooms: each says what tables can become, and none is named here. */
export const imports = (offers: AllOffers): Manifest => ({
  name: 'imports',
  folder: import.meta.dirname,
  policy,
  jobs: importJobs(offers),
  pages: [...importPages(offers), ...templatePages(offers)],
  navigation: [
    {
      section: 'results',
      label: 'imports.title',
      href: '/import',
      order: 30,
      policy: { can: 'create', kind: 'imports.run' },
    },
  ],
  words: { en, 'zh-Hans': zhHans },
})
