/**
 * First page of an installation: importing a file, the template, the demo city; founding a real city; removing the
 * demo.
 */

import { notAllowed, notSignedIn } from '#kernel/problem.ts'
import { type Language, languages } from '#kernel/words.ts'
import { forgetSessions } from '#modules/identity'
import { mistakesOf, one, oneOf, topField } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import type { App } from '#platform/app.ts'
import { mayImport } from '#platform/imports/index.ts'
import { type AppContext, type PageDefinition, page } from '#platform/page.ts'
import { noCity } from './app.ts'
import { removeDemoCity } from './demo/load.ts'
import { demoLines, foundCity, installDemo, isEmptyInstallation } from './first-start.ts'
import { type AboutData, aboutView, type FoundData, foundView, type StartData, startView } from './views/start.tsx'
export function startPages(app: App): PageDefinition[] {
  const cityNow = (): StartData['city'] => {
    const city = app.city()
    return city.demo ? 'demo' : city === noCity ? 'none' : 'real'
  }
  /** The demo city is removed as a whole, so this takes an administrator of the whole city. */
  const mayRemove = ({ caller }: AppContext) =>
    cityNow() === 'demo' &&
    (caller.system || caller.grants.some((grant) => grant.role === 'administrator' && grant.organisations === null))
  const start = page<StartData>({
    path: '/start',
    policy: 'anyone',
    load: async (ctx) => ({
      city: cityNow(),
      mayRemove: mayRemove(ctx),
      signedIn: ctx.caller.account !== null,
      mayImport: mayImport(ctx),
      mayInstall: cityNow() === 'none' && (await isEmptyInstallation(app)),
    }),
    post: async (ctx, { form }) => {
      const act = one(form, 'act')
      if (act === 'remove') {
        if (cityNow() !== 'demo') return { redirect: '/start' }
        if (!mayRemove(ctx)) throw ctx.caller.account ? notAllowed('identity.not-allowed-page') : notSignedIn()
        const { undone, kept } = await removeDemoCity(app)
        forgetSessions(app.database.kysely)
        return { redirect: '/start', notice: { key: 'start.removed', values: { undone, kept } } }
      }
      // Only in an empty installation; the password is shown at the terminal and in the data directory, never in a
      // browser.
      const installed = act === 'install' && (await isEmptyInstallation(app)) ? await installDemo(app) : null
      if (installed) {
        process.stdout.write(`${demoLines(installed).join('\n')}\n`)
        return { redirect: '/', notice: { key: 'start.installed' } }
      }
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
        ['code', 'city', 'timeZone', 'language', 'name', 'login'].map((name) => [name, one(form, name)]),
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
          password: oneOf(form.password),
        })
        return { redirect: '/sign-in?next=/', notice: { key: 'start.founded' } }
      } catch (error) {
        return { given, mistakes: mistakesOf(error, presenterOf(ctx).say, topField), demo: false }
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
