/**
 * The whole server over the real rooms, on its own database, for tests of endpoints. Requests are injected; a header
 * that only this kit understands says who is asking.
 */
import type { FastifyInstance } from 'fastify'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { type AppParts, createServer, type ServerOptions } from '#platform/http/index.ts'
import type { Manifest } from '#platform/module.ts'
import { type Core, openCore, testCity } from './core.ts'

const silent = { info() {}, warn() {}, error() {} }

export type Answer<Body> = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Body
  readonly text: string
}

export type Ask = <Body = Record<string, unknown>>(
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options?: { readonly body?: unknown; readonly raw?: string; readonly headers?: Record<string, string> },
) => Promise<Answer<Body>>

export type TestApp = {
  readonly core: Core
  readonly server: FastifyInstance
  /** Sends requests as somebody; `nobody` is somebody who is not signed in. */
  readonly as: (caller: Caller) => Ask
  readonly close: () => Promise<void>
}

export type TestAppOptions = {
  readonly server?: Partial<Omit<ServerOptions, 'app' | 'callerOf'>>
  readonly app?: Partial<AppParts>
  /** Further rooms. */
  readonly rooms?: readonly Manifest[]
}

/** Administrator of the whole city. */
export const administrator: Caller = {
  ...nobody,
  account: '0197a000-0000-7000-8000-000000000001',
  grants: [{ role: 'administrator', organisations: null }],
}

export async function openTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const core = await openCore(options.rooms)
  const { registry, policies } = core.as(systemCaller)
  const callers = new Map<string, Caller>()
  try {
    const server = await createServer({
      limits: { readsPerMinute: false, writesPerMinute: false, signInsPerMinute: false, loopDelayMs: 0 },
      ...options.server,
      app: {
        registry,
        policies,
        database: core.database,
        log: silent,
        city: testCity,
        send: async () => null,
        routes: [],
        ...options.app,
      },
      callerOf: (request) => ({
        caller: callers.get(String(request.headers['x-test-caller'])) ?? nobody,
        csrf: 'token-of-the-tests',
      }),
    })
    return {
      core,
      server,
      as: (caller) => askAs(server, callers, caller),
      close: async () => {
        await server.close()
        await core.close()
      },
    }
  } catch (error) {
    await core.close()
    throw error
  }
}

function askAs(server: FastifyInstance, callers: Map<string, Caller>, caller: Caller): Ask {
  const name = String(callers.size + 1)
  callers.set(name, caller)
  return async <Body>(
    method: Parameters<Ask>[0],
    path: string,
    { body, raw, headers }: NonNullable<Parameters<Ask>[2]> = {},
  ) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const answer = await server.inject({
      method,
      url: path,
      headers: {
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        'x-test-caller': name,
      },
      ...(sent === undefined ? {} : { payload: sent }),
    })
    const isJson = /json/.test(String(answer.headers['content-type']))
    return {
      status: answer.statusCode,
      headers: answer.headers as Record<string, string | undefined>,
      body: (isJson ? answer.json() : answer.body) as Body,
      text: answer.body,
    }
  }
}
