/**
 * The application as people see it: every page over the demo city, requests injected, signed in by the sign-in form.
 */
import type { Language } from '#kernel/words.ts'
import { formTokens, houseSecret } from '#modules/identity'
import { type App, contextOf } from '#platform/app.ts'
import type { Role } from '#platform/caller.ts'
import type { AppContext } from '#platform/page.ts'
import { compose } from '../../src/main/app.ts'
import { createWeb } from '../../src/main/server.ts'
import { demoDatabase } from './demo.ts'
import { demoPassword } from './people.ts'

const silent = { info() {}, warn() {}, error: console.error }

export type Visited = {
  readonly status: number
  readonly html: string
  /** Target of a redirect. */
  readonly to: string | undefined
}
export type Reader = {
  readonly get: (path: string) => Promise<Visited>
  /** Posts a form; repeated fields are lists. The token comes with the session. */
  readonly post: (path: string, form: Readonly<Record<string, string | readonly string[]>>) => Promise<Visited>
}
export type TestWeb = {
  readonly app: App
  readonly nobody: (language?: string) => Reader
  /** Signs in by login of the demo city. */
  readonly signIn: (login: string, language?: string) => Promise<Reader>
  /** A context in which an account acts with one role in the whole city, for what is done without a page. */
  readonly as: (login: string, role: Role) => Promise<AppContext>
  /** The same city and people with every word changed (pseudo-locales). Close it before this one. */
  readonly inOtherWords: (change: (text: string) => string) => Promise<TestWeb>
  readonly close: () => Promise<void>
}

/** Opens the pages over their own demo city. */
export async function openWeb(): Promise<TestWeb> {
  const database = await demoDatabase()
  const { app, close } = await compose(database, { log: silent })
  const web = await webOf(app)
  return {
    ...web,
    close: async () => {
      await web.close()
      await close()
    },
  }
}

/** The pages over an open database; `close` leaves it open. */
async function webOf(app: App): Promise<TestWeb> {
  const server = await createWeb(app, { limits: { readsPerMinute: false, writesPerMinute: false, loopDelayMs: 0 } })
  const reader = (cookies: Record<string, string>, csrf: () => Promise<string>): Reader => {
    const visited = (answer: { statusCode: number; body: string; headers: Record<string, unknown> }): Visited => ({
      status: answer.statusCode,
      html: answer.body,
      to: typeof answer.headers.location === 'string' ? answer.headers.location : undefined,
    })
    const headers = { accept: 'text/html' }
    return {
      get: async (url) => visited(await server.inject({ method: 'GET', url, cookies, headers })),
      post: async (url, form) => {
        const body = new URLSearchParams({ csrf: await csrf() })
        for (const [name, value] of Object.entries(form))
          for (const each of [value].flat()) body.append(name, each as string)
        const sent = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
        return visited(await server.inject({ method: 'POST', url, cookies, headers: sent, payload: body.toString() }))
      },
    }
  }
  const publicToken = async () => formTokens(await houseSecret(app.database.kysely))(app.now())[0]!
  const nobody = (language = 'en') => reader({ language }, async () => publicToken())
  return {
    app,
    nobody,
    signIn: async (login, language = 'en') => {
      const payload = new URLSearchParams({
        csrf: await publicToken(),
        login,
        password: demoPassword,
        next: '/',
      }).toString()
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }
      const answer = await server.inject({ method: 'POST', url: '/sign-in', payload, headers })
      const cookies = Object.fromEntries(answer.cookies.map((cookie) => [cookie.name, cookie.value]))
      if (answer.statusCode !== 303) throw new Error(`${login} cannot sign in: ${answer.statusCode}`)
      let token: string | undefined
      const signedIn: Reader = reader({ ...cookies, language }, async () => {
        token ??= /name="csrf" value="([^"]+)"/.exec((await signedIn.get('/history')).html)?.[1]
        return token ?? ''
      })
      return signedIn
    },
    as: async (login, role) => {
      const { rows } = await app.database.pool.query<{ id: string }>(
        'select id from identity.account where login = $1',
        [login],
      )
      const grants = [{ role, organisations: null }]
      return contextOf(app, { account: rows[0]!.id, person: null, posts: [], grants, system: false }, 'en')
    },
    inOtherWords: (change) => webOf(sayingOtherwise(app, change)),
    close: () => server.close(),
  }
}

/** The registry with all its words changed. Page caches are keyed by database, so it has its own. */
function sayingOtherwise(app: App, change: (text: string) => string): App {
  const { words } = app.registry
  const say = (language: Language) => (key: string, values?: Record<string, string | number>) =>
    change(words.say(language)(key, values))
  const registry = Object.create(app.registry, { words: { value: { ...words, say } } }) as App['registry']
  return { ...app, registry, database: { ...app.database } }
}

/** Visible text of a page, whitespace collapsed. */
export const textOf = (html: string): string =>
  html
    .replaceAll(/<(style|script|svg|title)\b[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')

/** Internal addresses a page links to. */
export const linksIn = (html: string): string[] =>
  [...html.matchAll(/ href="(\/[^"]*)"/g)].map((match) => match[1]!.replaceAll('&amp;', '&'))

/** What the fields of the form at `action` would post unchanged. */
export function formIn(html: string, action: string): Record<string, string[]> {
  const start = html.indexOf(`action="${action}"`)
  if (start < 0) throw new Error(`There is no form for ${action}.`)
  const form = html.slice(start, html.indexOf('</form>', start))
  const values: Record<string, string[]> = {}
  const add = (name: string, value: string) => {
    if (name !== 'csrf') values[name] = [...(values[name] ?? []), decode(value)]
  }
  const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
  for (const [tag, inner = ''] of form.matchAll(
    /<input\b(?:"[^"]*"|[^">])*>|<textarea\b[^>]*>([\s\S]*?)<\/textarea>|<select\b[\s\S]*?<\/select>/g,
  )) {
    const name = attribute(/^<\w+(?:"[^"]*"|[^">])*>/.exec(tag)![0], 'name')
    if (!name) continue
    if (tag.startsWith('<textarea')) add(name, inner)
    else if (tag.startsWith('<select')) {
      const chosen = [...tag.matchAll(/<option\b(?:"[^"]*"|[^">])*>/g)].find(([option]) =>
        / selected(?=[\s>=])/.test(option),
      )
      add(name, chosen ? (attribute(chosen[0], 'value') ?? '') : '')
    } else if (!/ type="(checkbox|radio)"/.test(tag) || / checked(?=[\s/>=])/.test(tag))
      add(name, attribute(tag, 'value') ?? '')
  }
  return values
}

const decode = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
