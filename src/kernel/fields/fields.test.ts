import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allTypes, fieldOfType } from '#test/kit/field-types.ts'
import { rowSchema, valueParser } from '../projections/parser.ts'
import { codeList, termName } from './code.ts'
import { fieldType, type Medium } from './field.ts'
import { boxOf, followRightHandRule, geometryProblems } from './geojson.ts'
import { instantsAt } from './instant.ts'

const medium = (as: Medium['as'], timeZone = 'UTC'): Medium => ({
  as,
  timeZone,
  languages: ['en', 'zh-Hans'],
  readPeriod: () => null,
})
const form = medium('form')
const normal = (type: string, value: unknown) => fieldType(type).normal!(value, fieldOfType(fieldType(type)))

describe('every type', () => {
  test.each(allTypes.map((type) => [type.type, type] as const))(
    '%s gives an example that fits its own schema',
    (_, type) => {
      const field = fieldOfType(type)
      const parse = valueParser(rowSchema({ value: field }), { value: field })
      expect(parse({ value: type.example(field) })).toEqual([])
    },
  )

  test.each(allTypes.map((type) => [type.type, type] as const))(
    '%s says nothing for what is empty, in a form and in a file',
    (_, type) => {
      const field = fieldOfType(type)
      for (const as of ['form', 'file'] as const) {
        const parts = type.split(null, field, medium(as))
        const joined = type.join(parts, field, medium(as), null)
        expect(joined).toEqual({ value: null })
      }
    },
  )
})

describe('an instant in a zone', () => {
  // Published changes of clocks: EU 2026, Lord Howe Island (half an hour), Samoa's lost day of 2011, no change at all.
  test.each([
    ['Europe/Paris', '2026-07-01T12:00', ['2026-07-01T10:00:00.000Z']],
    ['Europe/Paris', '2026-10-25T02:30', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']],
    ['Europe/Paris', '2026-03-29T02:30', []],
    ['Australia/Lord_Howe', '2026-04-05T01:45', ['2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z']],
    ['Pacific/Apia', '2011-12-30T12:00', []],
    ['Asia/Shanghai', '2026-10-25T02:30', ['2026-10-24T18:30:00.000Z']],
    ['Asia/Kathmandu', '2026-01-01T00:00', ['2025-12-31T18:15:00.000Z']],
    ['Europe/Paris', '9999-12-31T23:59', ['9999-12-31T22:59:00.000Z']],
    ['UTC', '0001-01-01T00:00', ['0001-01-01T00:00:00.000Z']],
  ])('%s %s', (zone, local, expected) => {
    expect(instantsAt(local, zone)).toEqual(expected)
  })

  test('goes into a form and back in every zone, to the millisecond', () => {
    const zones = fc.constantFrom(
      'Europe/Paris',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Shanghai',
      'America/St_Johns',
      'Pacific/Apia',
      'UTC',
    )
    const { split, join } = fieldType('instant')
    const field = fieldOfType(fieldType('instant'))
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 2_000_000_000_000 }), (zone, at) => {
        const value = new Date(at).toISOString()
        expect(join(split(value, field, medium('form', zone)), field, medium('form', zone), null)).toEqual({ value })
      }),
      { seed: 7, numRuns: 400 },
    )
  })

  test('without a zone is not guessed', () => {
    expect(normal('instant', '2026-03-31T09:30')).toBe('2026-03-31T09:30')
    expect(normal('instant', '2026-03-31T09:30:00+02:00')).toBe('2026-03-31T07:30:00.000Z')
  })
})

describe('a geometry', () => {
  const ring = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
    [0, 0],
  ]
  test.each<[string, string, unknown, string | undefined]>([
    ['a point', 'Point', [10.75, 59.91], undefined],
    ['a place off the earth', 'Point', [59.91, 910.75], 'field.geometry-outside'],
    ['a height', 'Point', [1, 2, 3], 'field.geometry-form'],
    ['numbers as text', 'Point', ['1', '2'], 'field.geometry-form'],
    ['a line of one place', 'LineString', [[1, 2]], 'field.geometry-short-line'],
    ['an area', 'Polygon', [ring], undefined],
    ['an open ring', 'Polygon', [ring.slice(0, 4)], 'field.geometry-open-ring'],
    [
      'a ring of two corners',
      'Polygon',
      [
        [
          [0, 0],
          [1, 1],
          [0, 0],
        ],
      ],
      'field.geometry-short-ring',
    ],
    [
      'a bow tie',
      'Polygon',
      [
        [
          [0, 0],
          [2, 2],
          [2, 0],
          [0, 2],
          [0, 0],
        ],
      ],
      'field.geometry-crosses',
    ],
    ['several areas', 'MultiPolygon', [[ring], [ring.map(([x, y]) => [x! + 5, y!])]], undefined],
    ['nothing', 'MultiPoint', [], 'field.geometry-form'],
  ])('%s', (_, type, coordinates, code) => {
    const found = geometryProblems({ type, coordinates } as never, ['point', 'line', 'area'])
    expect(found.map((problem) => problem.code)).toEqual(code ? [code] : [])
  })

  test('is of a shape that the field wants', () => {
    expect(geometryProblems({ type: 'Point', coordinates: [1, 2] }, ['line', 'area'])).toMatchObject([
      { code: 'field.geometry-not-line-area' },
    ])
  })

  test('is wound as RFC 7946 §3.1.6 asks, holes the other way', () => {
    const hole = [
      [0.5, 0.5],
      [1, 0.5],
      [1, 1],
      [0.5, 1],
      [0.5, 0.5],
    ]
    const wrong = { type: 'Polygon', coordinates: [ring.toReversed(), hole] }
    expect(followRightHandRule(wrong)).toEqual({ type: 'Polygon', coordinates: [ring, hole.toReversed()] })
    expect(followRightHandRule(followRightHandRule(wrong))).toEqual(followRightHandRule(wrong))
  })

  test('has a box', () => {
    expect(
      boxOf({
        type: 'LineString',
        coordinates: [
          [10, 59],
          [11, 58.5],
          [9, 60],
        ],
      }),
    ).toEqual([9, 58.5, 11, 60])
  })

  test('is written by people as latitude and longitude in lines', () => {
    const { join } = fieldType('geometry')
    const field = fieldOfType(fieldType('geometry'))
    const read = (text: string, shape: string) => join({ '': text, shape }, field, form, null)
    expect(read('59.91, 10.75', 'point')).toEqual({ value: { type: 'Point', coordinates: [10.75, 59.91] } })
    expect(read('0, 0\n0, 2\n2; 2', 'area')).toEqual({
      value: {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [2, 0],
            [2, 2],
            [0, 0],
          ],
        ],
      },
    })
    expect(read('Main Street 5', 'point')).toEqual({ problems: [{ at: '', code: 'field.not-a-place' }] })
    for (const text of [
      '{"type":',
      '{"type":"Point","coordinates":[1,2],"coordinates":[3,4]}',
      '{"type":"Point", "type" :"Polygon","coordinates":[]}',
    ])
      expect(read(text, 'point')).toEqual({ problems: [{ at: '', code: 'field.not-geojson' }] })
  })
})

describe('at the edges', () => {
  const problems = (type: string, given: unknown) => {
    const field = fieldOfType(fieldType(type))
    const value = fieldType(type).normal?.(given, field) ?? given
    return valueParser(rowSchema({ value: field }), { value: field })({ value }).map(({ at, code }) => `${at} ${code}`)
  }
  const square = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ]

  test.each([
    // A city east of Greenwich reaches the year 0 on the first of January of the year 1.
    ['instant', '0000-12-31T23:50:39.000Z', '/value field.not-an-instant'],
    ['geometry', { type: 'Polygon', coordinates: [square], crs: 'x' }, '/value/crs field.unknown'],
    ['geometry', { type: 'MultiPolygon', coordinates: [[square], []] }, '/value/coordinates field.geometry-short-ring'],
    ['email', 'a\u0007@city.example', '/value field.pattern'],
    ['email', 'a\u202e@city.example', '/value field.pattern'],
  ])('%s %j is refused, not stored or dropped', (type, given, problem) => {
    expect(problems(type, given)).toEqual([problem])
  })

  test('the last day of a span may not be the last of the calendar', () => {
    const { join } = fieldType('span')
    const ends = (last: string) => join({ from: '2026-01-01', last }, fieldOfType(fieldType('span')), form, null)
    expect(ends('9999-12-30')).toEqual({ value: { from: '2026-01-01', to: '9999-12-31' } })
    expect(ends('9999-12-31')).toEqual({
      problems: [{ at: '/to', code: 'field.too-large', values: { limit: '9999-12-30' } }],
    })
  })

  test('a place of many decimals goes into a form and back', () => {
    const { split, join } = fieldType('geometry')
    const field = fieldOfType(fieldType('geometry'))
    const value = { type: 'Point', coordinates: [1e-7, -2.5e-10] }
    expect(join(split(value, field, form), field, form, null)).toEqual({ value })
  })
})

describe('one spelling', () => {
  test.each([
    ['phone', '+47 22 11 33-44', '+4722113344'],
    ['phone', '0047 (22) 11 33 44', '+4722113344'],
    ['phone', '311', '311'],
    ['email', 'Ada.Lovelace@City.Example', 'Ada.Lovelace@city.example'],
    ['duration', 'p1y0m3d', 'P1Y3D'],
    ['duration', 'PT0H', 'PT0S'],
    ['duration', 'P1.5Y', 'P1.5Y'],
    ['written', 'Bonjour', { text: 'Bonjour', language: 'und' }],
  ])('%s %s', (type, given, expected) => {
    expect(normal(type, given)).toEqual(expected)
  })

  test('of money leaves out what is not stated', () => {
    expect(normal('money', { amount: '3', currency: 'EUR', priceYear: null })).toEqual({ amount: '3', currency: 'EUR' })
  })
})

test('people state the last day of a span, machines the first day after', () => {
  const { split, join } = fieldType('span')
  const field = fieldOfType(fieldType('span'))
  const year = { from: '2026-01-01', to: '2027-01-01' }
  expect(split(year, field, form)).toEqual({ from: '2026-01-01', last: '2026-12-31' })
  expect(split(year, field, medium('file'))).toEqual(year)
  expect(join({ from: '2026-01-01', last: '2026-12-31' }, field, form, null)).toEqual({ value: year })
})

test('a code list is declared once, and its terms are named in the language of the reader', () => {
  expect(termName('currency', 'CNY', 'en', String)).toBe('Chinese Yuan')
  expect(termName('currency', 'CNY', 'zh-Hans', String)).toBe('人民币')
  expect(() => codeList('currency', { terms: ['EUR'], named: 'words' })).toThrow('declared twice')
  expect(() => codeList('doubled', { terms: ['a', 'a'], named: 'words' })).toThrow('a term twice')
})
