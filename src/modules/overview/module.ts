import type { Manifest } from '#platform/module.ts'
import { overviewPages } from './pages.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

/** The front room: it composes what the others offer, and no other room knows about it. */
export const overview = (rooms: readonly Manifest[]): Manifest => ({
  name: 'overview',
  folder: import.meta.dirname,
  pages: overviewPages({
    offers: rooms.flatMap((room) => room.offers ?? []),
    findings: rooms.flatMap((room) => room.findings ?? []),
  }),
  navigation: [
    { section: 'overview', label: 'overview.navigation.home', href: '/', order: 10, policy: 'anyone' },
    { section: 'overview', label: 'overview.decide.title', href: '/decide', order: 20, policy: 'signed in' },
    { section: 'overview', label: 'overview.work.title', href: '/work', order: 30, policy: 'signed in' },
    { section: 'overview', label: 'overview.brief.title', href: '/brief', order: 40, policy: 'signed in' },
  ],
  words: { en, 'zh-Hans': zhHans },
})
