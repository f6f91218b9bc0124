/** The frame around every page: name of the city, navigation, language, colours, account. */
import type { View } from '#kernel/view.ts'
import { languageName, languages, languagesFrom, localize } from '#kernel/words.ts'
import type { App } from '#platform/app.ts'
import type { Navigation } from '#platform/module.ts'
import type { PagePolicy } from '#platform/page.ts'
import { dayIn } from '#platform/today.ts'
import type { NavigationEntry, Shell } from '#web/page.tsx'
import type { Visitor } from './visitor.ts'

/** The four parts of the standard, in its order, after the home page. */
export const sections = ['overview', 'strategy', 'services', 'resources', 'results', 'house'] as const

export const allows = (app: App, visitor: Visitor, policy: PagePolicy): boolean => {
  if (policy === 'anyone') return true
  if (!visitor.session) return false
  return policy === 'signed in' || app.policies.canSome(visitor.caller, policy.can, policy.kind)
}

/** Entries are grouped under their part; a part without any room yet is left out. */
export function navigationFor(
  app: App,
  visitor: Visitor,
  all: readonly Navigation[],
  current: { section?: string; path: string },
): NavigationEntry[] {
  const say = app.registry.words.say(visitor.language)
  return sections.flatMap((section) => {
    const rooms = all
      .filter((entry) => entry.section === section && allows(app, visitor, entry.policy))
      .sort((left, right) => left.order - right.order)
    if (rooms.length === 0) return []
    const inside = current.section === section
    // A room's address may be below another's: the closest match is where the reader is.
    const nearest = rooms
      .map((room) => room.href)
      .filter((href) => current.path === href || current.path.startsWith(`${href}/`))
      .sort((left, right) => right.length - left.length)[0]
    return [
      {
        label: say(`section.${section}`),
        href: rooms[0]!.href,
        current: inside,
        children:
          rooms.length > 1
            ? rooms.map((room) => ({
                label: say(room.label),
                href: room.href,
                current: room.href === nearest,
              }))
            : [],
      },
    ]
  })
}

export const viewFor = (app: App, visitor: Visitor, path: string, query: Readonly<Record<string, string>>): View => {
  const city = app.city()
  return {
    say: app.registry.words.say(visitor.language),
    language: visitor.language,
    languages: languagesFrom(city.language),
    text: (text) => localize(text, visitor.language, city.language),
    path,
    query,
    csrf: visitor.csrf,
    signedIn: visitor.session !== null,
    today: dayIn(city.timeZone, app.now()),
  }
}

export type Frame = {
  readonly title: string
  readonly section?: string
  readonly path: string
  readonly address: string
  readonly styles: string
  readonly trail?: ReadonlyArray<{ label: string; href: string }>
  readonly notice?: { key: string; values?: Record<string, string | number> }
  readonly refresh?: number
  readonly scripts?: readonly string[]
  readonly search?: string
  readonly listed?: boolean
}

export function shellFor(app: App, visitor: Visitor, navigation: readonly Navigation[], frame: Frame): Shell {
  const say = app.registry.words.say(visitor.language)
  const city = app.city()
  const { session } = visitor
  return {
    say,
    language: visitor.language,
    title: frame.title,
    product: say('product.name'),
    city: localize(city.name, visitor.language, city.language).text,
    side: session ? 'workspace' : 'public',
    home: '/',
    address: frame.address,
    languages: languages.map((tag) => ({ tag, name: languageName(tag) })),
    scheme: visitor.scheme,
    styles: frame.styles,
    ...(session
      ? { person: { name: session.name, account: '/account', signOut: '/sign-out', csrf: session.csrf } }
      : { signIn: '/sign-in' }),
    navigation: navigationFor(app, visitor, navigation, {
      ...(frame.section ? { section: frame.section } : {}),
      path: frame.path,
    }),
    ...(frame.trail ? { trail: frame.trail } : {}),
    ...(city.demo
      ? { watermark: { text: say('demo.watermark'), href: '/start', action: say('demo.watermark.action') } }
      : {}),
    ...(frame.notice ? { notices: [{ tone: 'done' as const, text: say(frame.notice.key, frame.notice.values) }] } : {}),
    ...(frame.refresh ? { refresh: frame.refresh } : {}),
    ...(frame.scripts ? { scripts: frame.scripts } : {}),
    ...(frame.search ? { search: frame.search } : {}),
    robots: frame.listed && !session && !city.demo ? 'index' : 'none',
    imprint: say('product.imprint'),
    footer: [
      { label: say('footer.about'), href: '/about' },
      { label: say('footer.api'), href: '/api/v1/openapi.json' },
      { label: say('footer.history'), href: '/history' },
    ],
  }
}
