/** Requests for an operation: as the description asks, nearly so, and with what breaks programs. */
import type { Judge, Operation, Parameter, Schema } from './document.ts'
import type { Pool } from './pool.ts'
import type { Random } from './random.ts'
import { hostileText, hostileValue, spoiled, validValue } from './values.ts'

export const modes = ['valid', 'nearly', 'hostile'] as const
export type Mode = (typeof modes)[number]

export type Asked = {
  readonly method: Operation['method']
  readonly path: string
  readonly headers: Record<string, string>
  readonly payload: string | undefined
}

export type Making = { readonly judge: Judge; readonly random: Random; readonly pool: Pool }

const jsonTypes = ['application/json', 'application/json; charset=utf-8', 'application/merge-patch+json']
const otherTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/csv',
  'application/xml',
  'a',
  '',
]
const accepted = [
  'application/json',
  '*/*',
  'application/ld+json',
  'text/csv;q=0.5, */*;q=0.1',
  'image/png',
  'text/html',
  'nonsense',
]
const languages = ['en', 'zh-Hans', 'zh', 'de-AT', 'x', '*', 'en-US,en;q=0.9']

export async function requestFor(operation: Operation, mode: Mode, making: Making): Promise<Asked> {
  const { random } = making
  const wild = (share: number) => mode === 'hostile' || (mode === 'nearly' && random.chance(share))
  const id = pathValue(operation, wild(0.2), making)
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    name === 'id' || name === 'key' ? id : otherPathValue(operation, name, wild(0.2), making),
  )
  const headers: Record<string, string> = { accept: random.chance(0.7) ? 'application/json' : random.pick(accepted) }
  if (random.chance(0.2)) headers['accept-language'] = random.pick(languages)
  for (const parameter of operation.parameters.filter((each) => each.in === 'header'))
    await addHeader(headers, parameter, id, wild(0.3), making)
  const question = questionOf(operation, mode, making)
  const payload = bodyOf(operation, mode, making)
  if (payload !== undefined) {
    const odd = mode === 'hostile' ? 0.2 : mode === 'nearly' ? 0.05 : 0
    headers['content-type'] = random.chance(odd) ? random.pick(otherTypes) : random.pick(jsonTypes)
  }
  return { method: operation.method, path: question ? `${path}?${question}` : path, headers, payload }
}

const broken = ['%zz', '%ff%fe', '..%2f..%2f', '%00', 'a%20b', "'", '%F0%9F%98%80', 'x'.repeat(250), '0'.repeat(36)]

/** Clients resolve `..` themselves, and an empty segment is another address. */
const hostileSegment = (random: Random): string => {
  const text = encodeURIComponent(hostileText(random).toWellFormed())
  return /^\.*$/.test(text) ? `x${text}` : text
}

function pathValue({ kind, path }: Operation, wild: boolean, { random, pool }: Making): string {
  if (wild && random.chance(0.6)) return random.chance(0.4) ? random.pick(broken) : hostileSegment(random)
  // Somebody else's, of another kind.
  if (wild) return pool.anyId()
  if (path.includes('/change-sets/')) return pool.changeSet()
  if (path.includes('/figures/')) return encodeURIComponent(pool.figure())
  return random.chance(0.8) ? pool.idOf(kind ?? kindOf(path, pool, random)) : pool.codeOf(kind)
}

/** Addresses of files have no tag; that of a plan needs a plan. */
const kindOf = (path: string, _pool: Pool, _random: Random): string | undefined =>
  path.startsWith('/strategy/plans/')
    ? 'strategy.plan'
    : path.startsWith('/indicators/indicators/')
      ? 'indicators.indicator'
      : undefined

function otherPathValue(operation: Operation, name: string, wild: boolean, { judge, random, pool }: Making): string {
  const schema = operation.parameters.find((each) => each.in === 'path' && each.name === name)?.schema ?? {}
  if (wild) return hostileSegment(random)
  if (name === 'kind') return random.pick(['strategy.outcome', 'indicators.indicator', 'identity.account', 'x'])
  return encodeURIComponent(String(validValue(schema, judge, random, pool)))
}

async function addHeader(
  headers: Record<string, string>,
  { name, required }: Parameter,
  id: string,
  wild: boolean,
  { random, pool }: Making,
): Promise<void> {
  if (wild ? random.chance(0.3) : !required && random.chance(0.6)) return
  const odd = ['""', '*', '"0"', 'W/"1"', '"1", "2"', '"', 'x', '"99999999999"', 'é'.toString(), '"1"'.repeat(50)]
  if (name === 'X-Why') headers['x-why'] = wild ? random.pick([...odd, 'x'.repeat(1500), '%zz', '%00']) : 'a%20reason'
  else if (wild) headers[name.toLowerCase()] = random.pick(odd)
  else headers[name.toLowerCase()] = random.chance(0.2) ? '*' : `"${(await pool.versionOf(id)) ?? 1}"`
}

const written = (value: unknown): string =>
  Array.isArray(value) ? value.map(written).join(',') : typeof value === 'string' ? value : JSON.stringify(value)

function questionOf({ parameters, method }: Operation, mode: Mode, { judge, random, pool }: Making): string {
  const asked = parameters.filter((each) => each.in === 'query')
  // What every request of an operation asks at once says little; mostly one to three things are asked.
  const share = asked.length === 0 ? 0 : Math.min(0.7, 2.5 / asked.length)
  const pairs: Array<[string, string]> = []
  for (const { name, schema, required } of asked) {
    if (!required && !random.chance(share)) continue
    const wild = mode === 'hostile' ? random.chance(0.7) : mode === 'nearly' && random.chance(0.3)
    if (wild)
      pairs.push([name, random.chance(0.8) ? hostileText(random) : written(hostileValue(random)).slice(0, 3000)])
    else if (name === 'after') pairs.push([name, random.chance(0.5) ? pool.cursor() : pool.entry()])
    else pairs.push([name, written(validValue(schema, judge, random, pool))])
  }
  if (mode !== 'valid' && random.chance(0.1))
    pairs.push([
      random.pick(['colour', '__proto__', 'title[', 'state[in]', 'id[eq][x]', 'fields[]']),
      hostileText(random),
    ])
  if (mode !== 'valid' && pairs.length > 0 && random.chance(0.1)) pairs.push(random.pick(pairs))
  if (method !== 'GET' && mode === 'valid') return ''
  return pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`)
    .join('&')
}

function bodyOf(operation: Operation, mode: Mode, making: Making): string | undefined {
  const { random } = making
  const { body: schema, bodyRequired, method } = operation
  if (!schema) return method !== 'GET' && mode === 'hostile' && random.chance(0.3) ? brokenJson(random) : undefined
  if (!bodyRequired && random.chance(0.25)) return undefined
  const valid = validBody(operation, schema, making)
  if (mode === 'valid') return JSON.stringify(valid)
  if (mode === 'nearly') return JSON.stringify(spoiled(valid, random))
  switch (random.below(6)) {
    case 0:
      return brokenJson(random)
    case 1:
      return JSON.stringify(hostileValue(random))
    case 2:
      return twice(JSON.stringify(valid), random)
    default:
      return JSON.stringify(spoiled(spoiled(valid, random), random))
  }
}

/** More than a body may be, and as much as one of many records may. */
const large = JSON.stringify({ why: 'x'.repeat(1_100_000) })

const brokenJson = (random: Random): string =>
  random.pick([
    ...['', '{', '{"a":', '[1,]', '{"a":1}}', 'null', '0', '"x"', '\ufeff{}', '{"a":1e999}', '{"a":01}', "{'a':1}"],
    ...[
      large,
      '{"__proto__":{"admin":true}}',
      '{"constructor":{"prototype":{}}}',
      '[['.repeat(5000),
      `"${'x'.repeat(100_000)}"`,
    ],
  ])

/** One name of some object is given a second time. */
function twice(text: string, random: Random): string {
  const names = [...text.matchAll(/"(?:[^"\\]|\\.)*":/g)]
  if (names.length === 0) return '{"why":"a","why":"b"}'
  const { index, 0: name } = random.pick(names)
  return `${text.slice(0, index)}${name}null,${text.slice(index)}`
}

/** What some record holds, cut to what may be written, is likelier right than what a schema alone can say. */
function validBody(operation: Operation, schema: Schema, making: Making): unknown {
  const { judge, random, pool } = making
  const own = judge.resolve(schema)
  const properties = (own.properties ?? {}) as Record<string, Schema>
  if (operation.kind === undefined || random.chance(0.2)) return validValue(schema, judge, random, pool)
  const heldFor = (target: Schema) => {
    const names = new Set(Object.keys((judge.resolve(target).properties ?? {}) as object))
    // Publishing is a step of its own, and a name to sign in with stands once.
    const held = Object.entries(pool.valuesOf(operation.kind!)).filter(
      ([name, value]) => names.has(name) && value !== null && !['state', 'audience', 'login'].includes(name),
    )
    return {
      ...Object.fromEntries(held),
      ...(names.has('login') ? { login: `visitor${random.below(1_000_000)}` } : {}),
    }
  }
  if ('title' in properties) return heldFor(schema)
  if ('items' in properties) {
    const item = judge.resolve((judge.resolve(properties.items!).items ?? {}) as Schema).properties as Record<
      string,
      Schema
    >
    const items = Array.from({ length: 1 + random.below(3) }, () => ({
      ...(random.chance(0.5) ? { id: pool.idOf(operation.kind) } : {}),
      values: heldFor(item.values!),
    }))
    return { items, atomic: random.chance(0.5) }
  }
  return validValue(schema, judge, random, pool)
}
