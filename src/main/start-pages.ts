/** First page of an installation: my file, the template, the demo city; founding a real city; removing the demo. */

import { notAllowed } from '#kernel/problem.ts'
import { type Language, languages } from '#kernel/words.ts'
import { mistakesOf } from '#modules/identity'
import type { App } from '#platform/app.ts'
import { type PageDefinition, page } from '#platform/page.ts'
import { removeDemoCity } from './demo/load.ts'
import { foundCity, installDemo, isEmptyHouse } from './first-start.ts'
import { type AboutData, aboutView, type FoundData, foundView, type StartData, startView } from './views/start.tsx'

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? (value[0] ?? '') : (value ?? ''))

export function startPages(app: App): PageDefinition[] {
  const cityNow = () =>
    (app.city().demo
      ? 'demo'
      : app.city().timeZone === 'UTC' && app.city().name.en === 'Commonweal'
        ? 'none'
        : 'real') as StartData['city']
  const start = page<StartData>({
    path: '/start',
    policy: 'anyone',
    load: async (ctx) => ({
      city: cityNow(),
      mayRemove: ctx.caller.house || ctx.policies.canSome(ctx.caller, 'create', 'identity.account'),
      signedIn: ctx.caller.account !== null,
      mayInstall: cityNow() === 'none' && (await isEmptyHouse(app)),
    }),
    post: async (ctx, { form }) => {
      const act = one(form.act)
      if (act === 'remove') {
        if (!ctx.policies.canSome(ctx.caller, 'create', 'identity.account')) throw notAllowed()
        const { undone, kept } = await removeDemoCity(app)
        return { redirect: '/start', notice: { key: 'start.removed', values: { undone, kept } } }
      }
      // Only in an empty house, and the password is told at the terminal and in the data directory, not to a browser.
      if (act === 'install' && (await isEmptyHouse(app)) && (await installDemo(app)))
        return { redirect: '/', notice: { key: 'start.installed' } }
      return { redirect: '/start' }
    },
    title: (_data, { say }) => say('start.title'),
    section: 'overview',
    view: startView,
  })
  const found = page<FoundData>({
    path: '/start/city',
    policy: 'anyone',
    load: async () =>
      cityNow() === 'real'
        ? { redirect: '/' }
        : {
            given: { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, language: 'en' },
            mistakes: {},
            demo: cityNow() === 'demo',
          },
    post: async (ctx, { form }) => {
      const given = Object.fromEntries(
        ['code', 'city', 'timeZone', 'language', 'name', 'login'].map((name) => [name, one(form[name])]),
      )
      try {
        const language = languages.find((each) => each === given.language) ?? 'en'
        await foundCity(app, {
          code: given.code ?? '',
          city: given.city ?? '',
          timeZone: given.timeZone ?? '',
          language: language as Language,
          name: given.name ?? '',
          login: given.login ?? '',
          password: one(form.password),
        })
        return { redirect: '/sign-in?next=/', notice: { key: 'start.founded' } }
      } catch (error) {
        return { given, mistakes: mistakesOf(error, ctx.house.words.say(ctx.language)), demo: false }
      }
    },
    title: (_data, { say }) => say('start.city.title'),
    section: 'overview',
    view: foundView,
  })
  const about = page<AboutData>({
    path: '/about',
    policy: 'anyone',
    load: async () => ({ city: cityNow() }),
    title: (_data, { say }) => say('about.title'),
    cache: true,
    view: aboutView,
  })
  return [start, found, about]
}
