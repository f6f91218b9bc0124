/** Values for a schema: right ones, and those that break programs. */
import type { Judge, Schema } from './document.ts'
import type { Random } from './random.ts'

export type Known = {
  /** An id of some record of the city. */
  readonly anyId: () => string
}

const days = ['2026-01-31', '2024-02-29', '2000-01-01', '2030-12-31']
const texts = [
  'Cleaner air',
  '更清洁的空气',
  'Luft – sauber, für alle',
  'a',
  '=1+1',
  '"quoted", and; more',
  '😀 👩‍👩‍👧',
]
/** Texts in the forms that the city's patterns ask for. */
const shapes = [
  '1.50',
  '12',
  '-3',
  '0',
  'EUR',
  'en',
  'P3M',
  'someone@example.org',
  '+4712345678',
  'abc',
  'https://example.org/',
  'm',
  '2026',
  'A1',
]

const hostileTexts = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\u202egnp', '\ufeff', '\u200b', 'ı', 'ß'.repeat(300), 'x'.repeat(5000)],
  ...[
    "'",
    "' or 1=1 --",
    '"; drop table x',
    '%',
    '_',
    '\\',
    '%00',
    '..',
    '../../etc/passwd',
    '<script>alert(1)</script>',
    '{{7*7}}',
  ],
  ...[
    'null',
    'undefined',
    'NaN',
    'true',
    '__proto__',
    'constructor',
    'toString',
    '[]',
    '{}',
    '0x10',
    '1e400',
    '-0',
    '٣',
    '１２',
  ],
  ...[
    '9'.repeat(400),
    '1.'.padEnd(400, '0'),
    '-'.repeat(50),
    '2026-02-31',
    '0000-01-01',
    '99999-01-01',
    '2026-01-01T25:00:00Z',
  ],
  ...[
    '0197a000-0000-7000-8000-00000000dead',
    '00000000-0000-0000-0000-000000000000',
    'ORG-0001',
    'ORG-99999999999999999',
  ],
]
const hostileNumbers = [0, -1, 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, -1e308, 0.1, 1e-320]

const deep = (levels: number, list: boolean): unknown => {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level += 1) value = list ? [value] : { a: value }
  return value
}

/** Something that a careless reader trips over. */
export function hostileValue(random: Random): unknown {
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      return random.pick(hostileTexts)
    case 3:
      return random.pick(hostileNumbers)
    case 4:
      return random.pick([null, true, false, [], {}, [null], [[]], { '': '' }])
    case 5:
      return deep(random.pick([3, 60, 70, 500]), random.chance(0.5))
    case 6:
      return Array.from({ length: random.pick([1, 30, 1100]) }, () => random.pick(hostileTexts))
    case 7:
      return Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`${random.pick(hostileTexts)}${at}`, at]))
    default:
      return { en: random.pick(hostileTexts), [random.pick(hostileTexts)]: random.pick(texts) }
  }
}

export const hostileText = (random: Random): string => random.pick(hostileTexts)

/** A value that fits the schema, as far as its pattern is one of the forms above. */
export function validValue(schema: Schema, judge: Judge, random: Random, known: Known, levels = 8): unknown {
  const own = judge.resolve(schema)
  const within = (each: Schema) => validValue(each, judge, random, known, levels - 1)
  if ('const' in own) return own.const
  if (Array.isArray(own.enum)) return random.pick(own.enum as unknown[])
  const options = (own.anyOf ?? own.oneOf) as Schema[] | undefined
  if (options) return within(random.pick(options))
  if (Array.isArray(own.allOf))
    return Object.assign({}, ...(own.allOf as Schema[]).map((each) => within(each) as object)) as unknown
  const types = Array.isArray(own.type) ? (own.type as string[]) : [own.type as string]
  const type = types.length > 1 && random.chance(0.8) ? types[0] : random.pick(types)
  switch (type) {
    case 'null':
      return null
    case 'boolean':
      return random.chance(0.5)
    case 'integer':
    case 'number':
      return boundaryOf(own, random)
    case 'array': {
      if (levels <= 0) return []
      const length = Math.max((own.minItems as number | undefined) ?? 0, random.below(3))
      return Array.from({ length }, () => within((own.items ?? {}) as Schema))
    }
    case 'object': {
      const properties = (own.properties ?? {}) as Record<string, Schema>
      const required = new Set((own.required as string[] | undefined) ?? [])
      const chosen = Object.entries(properties).filter(
        ([name]) => required.has(name) || (levels > 0 && random.chance(0.4)),
      )
      const value = Object.fromEntries(chosen.map(([name, each]) => [name, within(each)]))
      const [named] = Object.values((own.patternProperties ?? {}) as Record<string, Schema>)
      return named ? { en: within(named), ...(random.chance(0.5) ? { 'zh-Hans': within(named) } : {}) } : value
    }
    default:
      return validText(own, random, known)
  }
}

function boundaryOf({ minimum, maximum }: Schema, random: Random): number {
  const least = (minimum as number | undefined) ?? 0
  const most = (maximum as number | undefined) ?? 1000
  return random.pick([least, most, Math.min(most, least + 1), Math.min(most, 7)])
}

function validText({ format, pattern, maxLength, minLength }: Schema, random: Random, known: Known): string {
  if (format === 'uuid' || String(pattern).includes('[0-9a-f]{4}-')) return known.anyId()
  if (format === 'date') return random.pick(days)
  if (format === 'date-time') return `${random.pick(days)}T12:30:00Z`
  const most = (maxLength as number | undefined) ?? 200
  const all = random.chance(0.1) ? ['x'.repeat(Math.min(most, 4000))] : [...texts, ...shapes]
  const fits = all.filter(
    (each) =>
      each.length <= most &&
      each.length >= ((minLength as number | undefined) ?? 0) &&
      (pattern === undefined || new RegExp(String(pattern), 'u').test(each)),
  )
  return fits.length > 0 ? random.pick(fits) : 'x'
}

/** Changes one to three places of a value: another type, beyond the bounds, left out, added. */
export function spoiled(value: unknown, random: Random): unknown {
  let result = structuredClone(value)
  for (let turn = random.below(3); turn >= 0; turn -= 1) result = spoilOnce(result, random)
  return result
}

function spoilOnce(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return hostileValue(random)
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.2)) return [...value, hostileValue(random)]
    if (random.chance(0.2)) return [...value, ...value]
    const at = random.below(value.length)
    return value.map((each, index) => (index === at ? spoilOnce(each, random) : each))
  }
  const entries = Object.entries(value)
  if (entries.length === 0 || random.chance(0.15)) {
    const name = random.pick([
      'colour',
      'id',
      'version',
      'state',
      'audience',
      '',
      'x'.repeat(300),
      'constructor',
      'a/b~c',
    ])
    return Object.fromEntries([...entries, [name, hostileValue(random)]])
  }
  const at = random.below(entries.length)
  if (random.chance(0.15)) return Object.fromEntries(entries.filter((_, index) => index !== at))
  return Object.fromEntries(entries.map(([name, each], index) => [name, index === at ? spoilOnce(each, random) : each]))
}
