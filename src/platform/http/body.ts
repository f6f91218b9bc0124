/** JSON as it arrives: parsed once, nothing dropped, nothing coerced; what is wrong is named by line and column. */
import type { FastifyInstance } from 'fastify'
import { type FieldProblem, Problem } from '#kernel/problem.ts'
import { wrongKeys } from '../json/index.ts'

/** A list of changes with areas of several rings needs twelve levels. Below some thousands the stack is at risk. */
const maxDepth = 64

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

/**
 * @throws Invalid `http.bad-json` (400, with line and column), `http.bad-encoding` (400), `http.too-deep` (422),
 * `http.repeated-name` (422), `http.bad-characters` (422)
 */
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
  } catch {
    throw new Problem('Invalid', 'http.bad-json', { status: 400, values: placeOf(text) })
  }
  if (isDeeperThan(maxDepth, value)) throw new Problem('Invalid', 'http.too-deep', { values: { most: maxDepth } })
  const repeated = wrongKeys(text, value).filter(({ why }) => why === 'repeated')
  if (repeated.length > 0)
    throw new Problem('Invalid', 'http.repeated-name', {
      fields: repeated.map(({ at, name }) => ({ at, code: 'field.repeated-name', values: { name } })),
      values: { name: repeated[0]!.name },
    })
  // The database holds no NUL and no half of a surrogate pair; both can only arrive as an escape.
  if (text.includes('\\u') || text.includes('"__proto__"')) {
    const fields: FieldProblem[] = []
    findUnusable(value, '', fields)
    if (fields.length > 0) throw new Problem('Invalid', 'http.bad-characters', { fields })
  }
  return value
}

/** Are lists and objects nested more deeply? */
const isDeeperThan = (levels: number, value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((each) => isDeeperThan(levels - 1, each)))

/** Line and column, both from 1, where the text stops being JSON; the column counts characters, not surrogates. */
function placeOf(text: string): { line: number; column: number } {
  const before = text.slice(0, breakOf(text))
  return { line: before.split('\n').length, column: [...before.slice(before.lastIndexOf('\n') + 1)].length + 1 }
}

const blank = /[ \t\n\r]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character may not stand in a text (RFC 8259 §7).
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y

/** Index of the first misplaced token: V8's own message does not always say. */
function breakOf(text: string): number {
  const open: string[] = []
  let wanted: 'value' | 'first value' | 'key' | 'first key' | 'colon' | 'next' = 'value'
  let at = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }
  for (;;) {
    take(blank)
    const sign = text[at]
    if (wanted === 'next' && open.length === 0) return at
    const closes: boolean = sign !== undefined && sign === open.at(-1) && /next|first/.test(wanted)
    if (closes) {
      open.pop()
      at += 1
      wanted = 'next'
    } else if (wanted === 'next') {
      if (sign !== ',') return at
      at += 1
      wanted = open.at(-1) === '}' ? 'key' : 'value'
    } else if (wanted === 'colon') {
      if (sign !== ':') return at
      at += 1
      wanted = 'value'
    } else if (wanted.endsWith('key')) {
      if (!take(string)) return at
      wanted = 'colon'
    } else if (sign === '{' || sign === '[') {
      open.push(sign === '{' ? '}' : ']')
      at += 1
      wanted = sign === '{' ? 'first key' : 'first value'
    } else if (take(string) || take(scalar)) wanted = 'next'
    else return at
  }
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
