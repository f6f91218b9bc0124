/** JSON as it arrives: parsed once, nothing dropped, nothing coerced; what is wrong is named by line and column. */
import type { FastifyInstance } from 'fastify'
import { type FieldProblem, Problem } from '#kernel/problem.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Accepts `application/json` and any `application/…+json`; an empty body counts as none. */
export function acceptJson(server: FastifyInstance): void {
  server.addContentTypeParser(/^application\/([\w.-]+\+)?json\b/i, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
}

/** @throws Invalid `http.bad-json` (400, with line and column), `http.bad-encoding` (400), `http.bad-characters` (422) */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  let text: string
  try {
    text = decoder.decode(body)
  } catch {
    throw new Problem('Invalid', 'http.bad-encoding', { status: 400 })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Problem('Invalid', 'http.bad-json', { status: 400, values: placeOf(text, (error as Error).message) })
  }
  // The database holds no NUL and no half of a surrogate pair; both can only come in as an escape.
  if (text.includes('\\u') || text.includes('"__proto__"')) {
    const fields: FieldProblem[] = []
    findUnusable(value, '', fields)
    if (fields.length > 0) throw new Problem('Invalid', 'http.bad-characters', { fields })
  }
  return value
}

function placeOf(text: string, message: string): { line: number; column: number } {
  const found = /position (\d+)/.exec(message)
  const before = text.slice(0, found ? Number(found[1]) : text.length)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: [...before.slice(start)].length + 1 }
}

const step = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')

function findUnusable(value: unknown, at: string, fields: FieldProblem[]): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) fields.push({ at: at || '/', code: 'field.characters' })
  } else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) findUnusable(each, `${at}/${index}`, fields)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) {
      const place = `${at}/${step(name)}`
      if (name === '__proto__' || name.includes('\0') || !name.isWellFormed())
        fields.push({ at: place, code: 'field.unknown', values: { name } })
      else findUnusable(each, place, fields)
    }
  }
}
