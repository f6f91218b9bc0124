/** The whole application with its pages on its own database, and browsers that keep cookies: requests are injected. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { type App, contextOf } from '#platform/app.ts'
import { type Caller, systemCaller } from '#platform/caller.ts'
import type { AppContext } from '#platform/page.ts'
import { compose } from '../../src/main/app.ts'
import { migrationFolders } from '../../src/main/modules.ts'
import { createWeb, type WebOptions } from '../../src/main/server.ts'
import { freshDatabase } from './database.ts'
import { demoDatabase } from './demo.ts'
import { demoPassword } from './people.ts'

const silent = { info() {}, warn() {}, error() {} }
const tokenField = /name="csrf" value="([^"]*)"/

export type Visit = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly location: string | undefined
  readonly text: string
}

export type Browser = {
  readonly cookies: Map<string, string>
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Visit>
  /** Fills in the form of a page: its token is read from there (`from`, by default the same address). */
  readonly post: (
    path: string,
    form: Record<string, string>,
    options?: { from?: string; token?: string; headers?: Record<string, string> },
  ) => Promise<Visit>
  readonly request: (
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options?: { headers?: Record<string, string>; payload?: string },
  ) => Promise<Visit>
  readonly signIn: (login: string, password?: string) => Promise<Visit>
}

export type TestWeb = {
  readonly app: App
  readonly server: FastifyInstance
  readonly ctx: (caller?: Caller) => AppContext
  /** A browser with its own client address, unless one is given. */
  readonly browser: (headers?: Record<string, string>, address?: string) => Browser
  readonly rows: <Row>(text: string, values?: unknown[]) => Promise<Row[]>
  /** Advances the application's clock. */
  readonly wait: (milliseconds: number) => void
  /** A second web process on the same database. */
  readonly another: () => Promise<FastifyInstance>
  readonly close: () => Promise<void>
}

export async function openWeb(options: { demo?: boolean; web?: WebOptions; log?: App['log'] } = {}): Promise<TestWeb> {
  const database = options.demo === false ? await freshDatabase({ folders: migrationFolders }) : await demoDatabase()
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const log = options.log ?? silent
  const { app, close } = await compose(database, { log, now })
  const web = { limits: { readsPerMinute: false, writesPerMinute: false, loopDelayMs: 0 }, ...options.web } as const
  const server = await createWeb(app, web)
  const others: FastifyInstance[] = []
  return {
    app,
    server,
    ctx: (caller = systemCaller) => contextOf(app, caller, 'en'),
    browser: (headers, address) => browserOf(server, headers, address),
    rows: async (text, values) => (await database.pool.query(text, values)).rows,
    wait: (milliseconds) => {
      ahead += milliseconds
    },
    another: async () => {
      // A separate process has separate connections: this one's caches are keyed by its executor.
      const separation = await compose(
        {
          ...database,
          kysely: database.kysely.withPlugin({
            transformQuery: (args) => args.node,
            transformResult: async (args) => args.result,
          }),
        },
        { log, now },
      )
      const other = await createWeb(separation.app, web)
      others.push(other)
      return other
    },
    close: async () => {
      for (const each of [server, ...others]) await each.close()
      await close()
    },
  }
}

let browsers = 0

/** Somebody's browser: keeps cookies, sends what browsers send, follows nothing. */
export function browserOf(
  server: FastifyInstance,
  always: Record<string, string> = {},
  remoteAddress = `10.0.${(++browsers >> 8) & 255}.${browsers & 255}`,
): Browser {
  const cookies = new Map<string, string>()
  const request: Browser['request'] = async (method, path, { headers = {}, payload } = {}) => {
    const answer: LightMyRequestResponse = await server.inject({
      method,
      url: path,
      remoteAddress,
      headers: {
        accept: 'text/html',
        ...(cookies.size > 0 ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...always,
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    })
    for (const { name, value, maxAge } of answer.cookies) {
      if (value === '' || maxAge === 0) cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      status: answer.statusCode,
      headers: answer.headers as Visit['headers'],
      location: answer.headers.location as string | undefined,
      text: answer.body,
    }
  }
  const get: Browser['get'] = (path, headers) => request('GET', path, headers ? { headers } : {})
  const post: Browser['post'] = async (path, form, { from = path, token, headers } = {}) => {
    const csrf = token ?? tokenField.exec((await get(from)).text)?.[1] ?? ''
    return request('POST', path, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', ...headers },
      payload: new URLSearchParams({ ...form, csrf }).toString(),
    })
  }
  return {
    cookies,
    request,
    get,
    post,
    signIn: (login, password = demoPassword) => post('/sign-in', { login, password }),
  }
}
