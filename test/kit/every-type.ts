/** A test room with one kind that has a field of every type, and rows of every type. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Field } from '#kernel/fields/field.ts'
import { migrationOf } from '#kernel/projections/columns.ts'
import { wordKeysOf } from '#kernel/projections/fieldset.ts'
import { day, record, rows, text } from '#kernel/record.ts'
import type { Manifest } from '#platform/module.ts'
import { allow } from '#platform/policy.ts'
import { allTypes, fieldOfType } from './field-types.ts'

/** Types by the name of their field: `moneyField`. */
export const fieldNames: Readonly<Record<string, string>> = Object.fromEntries(
  allTypes.map(({ type }) => [type, `${type}Field`]),
)
const fields = Object.fromEntries(allTypes.map((type) => [fieldNames[type.type]!, fieldOfType(type)]))
fields.localizedField = fieldOfType(allTypes.find(({ type }) => type === 'text')!, { localized: true, search: 'B' })

export const thing = record('trial.thing', {
  code: 'TRL',
  plural: 'things',
  title: { max: 200, localized: true },
  states: ['open'],
  fields,
  rows: {
    part: rows({
      key: ['name'],
      fields: {
        name: text({ required: true }),
        contact: text({ personal: true, search: 'C' }),
        on: day(),
        ...Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'localizedField')),
      },
    }),
  },
})

/** The room, with a folder for its migration; `close` removes the folder. */
export function everyTypeRoom(): { readonly room: Manifest; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'every-type-'))
  mkdirSync(join(folder, 'migrations'))
  writeFileSync(join(folder, 'migrations', '203001010000-trial.sql'), migrationOf(thing))
  const words = Object.fromEntries([...wordKeysOf(thing), 'trial.navigation'].map((key) => [key, `«${key}»`]))
  return {
    room: {
      name: 'trial',
      folder,
      kinds: [thing],
      policy: [
        allow('administrator', ['create', 'change', 'retire', 'publish', 'rows.part'], [thing.kind], 'everywhere'),
      ],
      navigation: [{ section: 'house', label: 'trial.navigation', href: '/trial/things', order: 99, policy: 'anyone' }],
      words: { en: words, 'zh-Hans': words },
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const digits = fc.tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 0, max: 99 }))
const exact = digits
  .map(([whole, part]) => (part === 0 ? `${whole}` : `${whole}.${part}`))
  .filter((each) => !/^-?0\.?0*$/.test(each) || each === '0')
const days = fc.integer({ min: 0, max: 20_000 }).map((at) => new Date(at * 86_400_000).toISOString().slice(0, 10))
const ordered = fc.tuple(days, fc.integer({ min: 1, max: 4000 })).map(([from, length]) => ({
  from,
  to: new Date(Date.parse(from) + length * 86_400_000).toISOString().slice(0, 10),
}))
/** Words as people write them, with characters that CSV, XML, HTML and spreadsheets must preserve. */
const said = fc
  .array(fc.constantFrom('Lake', '水', 'a;b', '"quoted"', '<b>', '& co', "O'Neil", '=1+1', '-7', '|', 'x'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((words) => words.join(' '))
const position = fc
  .tuple(fc.integer({ min: -179, max: 179 }), fc.integer({ min: -89, max: 89 }))
  .map(([x, y]) => [x, y])
const rectangle = fc
  .tuple(fc.integer({ min: -170, max: 160 }), fc.integer({ min: -80, max: 70 }), fc.integer({ min: 1, max: 9 }))
  .map(([x, y, size]) => ({
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + size, y],
        [x + size, y + size],
        [x, y + size],
        [x, y],
      ],
    ],
  }))

/** Values of each type; a type not listed here is tested with its example. */
export function valuesOf(type: string, field: Field, example: unknown, reference: string): fc.Arbitrary<unknown> {
  const of: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
    text: () => said,
    paragraph: () => said.map((line) => `${line}\n${line}`),
    localized: () => fc.record({ en: said, 'zh-Hans': said }),
    whole: () => fc.integer({ min: -2_000_000, max: 2_000_000 }),
    decimal: () => exact,
    percent: () => exact,
    flag: () => fc.boolean(),
    choice: () => fc.constantFrom(...field.of!),
    choices: () => fc.uniqueArray(fc.constantFrom(...field.of!), { minLength: 1 }),
    code: () => fc.constantFrom('EUR', 'CNY', 'NOK'),
    day: () => days,
    instant: () =>
      fc.integer({ min: 0, max: 2_000_000_000 }).map((at) => new Date(at * 1000 + 250 * (at % 4)).toISOString()),
    span: () => ordered,
    period: () =>
      fc
        .integer({ min: 1990, max: 2040 })
        .map((year) => ({ from: `${year}-01-01`, to: `${year + 1}-01-01`, grain: 'year', label: `${year}` })),
    duration: () =>
      fc
        .tuple(fc.nat(50), fc.nat(11), fc.nat(30))
        .map(([y, m, d]) => (y + m + d === 0 ? 'PT0S' : `P${y ? `${y}Y` : ''}${m ? `${m}M` : ''}${d ? `${d}D` : ''}`)),
    money: () =>
      fc.record(
        { amount: exact, currency: fc.constantFrom('EUR', 'CNY'), priceYear: fc.integer({ min: 1950, max: 2100 }) },
        { requiredKeys: ['amount', 'currency'] },
      ),
    quantity: () => fc.record({ value: exact, unit: fc.constantFrom('m2', 'kW.h', '{person}', '%') }),
    geometry: () =>
      fc.oneof(
        position.map((coordinates) => ({ type: 'Point', coordinates })),
        fc.array(position, { minLength: 2, maxLength: 5 }).map((coordinates) => ({ type: 'LineString', coordinates })),
        rectangle,
      ),
    written: () => fc.record({ text: said, language: fc.constantFrom('en', 'fr', 'zh-Hans') }),
    email: () => fc.constantFrom('office@city.example', "o'neil+x@b.example", '水务@例子.example'),
    phone: () => fc.constantFrom('+4722113344', '311', '+8613800138000'),
    address: () => fc.constantFrom('https://city.example/a?b=c&d=e', 'http://city.example/'),
    ref: () => fc.constant(reference),
    refAny: () => fc.constant(reference),
    refs: () => fc.constant([reference]),
    list: () =>
      fc.array(fc.record({ en: fc.constantFrom('Goal', 'Aim'), 'zh-Hans': fc.constantFrom('目标', '任务') }), {
        minLength: 1,
        maxLength: 3,
      }),
  }
  return of[type]?.() ?? fc.constant(example)
}
