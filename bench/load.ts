/** Load over HTTP by autocannon: responses per second, or the time of each in a series of single requests. */
import autocannon from 'autocannon'
import { milliseconds, type Stage } from './figure.ts'

export type Asked = {
  readonly method?: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

const connections = 16

/**
 * Responses per second over one turn, with 16 connections; every request comes from `next`. @throws if a response is
 * not 2xx.
 */
export async function rate(stage: Stage, address: string, next: () => Asked, seconds = stage.seconds): Promise<number> {
  const result = await autocannon({
    url: address,
    connections,
    duration: seconds,
    requests: [
      {
        setupRequest: (request) => {
          const { method = 'GET', path, headers, body } = next()
          const sent = body === undefined ? undefined : JSON.stringify(body)
          return {
            ...request,
            method,
            path,
            headers: { ...headers, ...(sent === undefined ? {} : { 'content-type': 'application/json' }) },
            ...(sent === undefined ? {} : { body: sent }),
          }
        },
      },
    ],
  })
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${next().path}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`)
  return result.requests.average
}

/** One request after another: the time of each in ms, measured by the client. The first ones are not counted. */
export async function oneByOne(address: string, questions: readonly Asked[], warm = 10): Promise<number[]> {
  const times: number[] = []
  for (const [index, { path, headers }] of [...questions.slice(0, warm), ...questions].entries()) {
    const ms = await milliseconds(async () => {
      const answer = await fetch(address + path, { headers: { ...headers }, redirect: 'manual' })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 200)}`)
    })
    if (index >= Math.min(warm, questions.length)) times.push(ms)
  }
  return times
}

/** The items of a list, one after another, for ever. */
export function around<Item>(items: readonly Item[]): () => Item {
  let at = 0
  return () => items[at++ % items.length]!
}
