import { describe, expect, test } from 'vitest'
import { convertRow, prepareConversion } from './convert.ts'
import { type Profile, readOptionsOf } from './profile.ts'
import { parseProfile } from './profile-check.ts'
import type { Row } from './read.ts'

const problemsOf = (content: unknown) => {
  const result = parseProfile(content)
  return 'problems' in result ? result.problems.map((problem) => [problem.code, problem.values]) : []
}

function profileOf(content: unknown): Profile {
  const result = parseProfile(content)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.profile
}

const row = (number: number, ...cells: string[]): Row => ({ number, cells, problems: [] })
const base = { name: 'test', version: 1, columns: { a: { to: 'x.a' } } }

describe('reading a profile', () => {
  test('a good one comes back as it is', () => {
    expect(parseProfile(JSON.stringify(base))).toEqual({ profile: base })
  })

  test('what it says about the file is handed to the reader', () => {
    const file = { delimiter: ';', encoding: 'gb18030' } as const
    expect(readOptionsOf(profileOf({ ...base, file }))).toEqual({ ...file, headerRow: undefined })
    expect(readOptionsOf(profileOf({ ...base, file: { noHeader: true } }))).toEqual({ headerRow: 'none' })
    expect(readOptionsOf(profileOf({ ...base, file: { headerRow: 3 } }))).toEqual({ headerRow: 3 })
  })

  test('every mistake is named where it stands', () => {
    expect(
      problemsOf({
        ...base,
        collumns: {},
        decimals: 'point',
        columns: { a: { to: 'x.a', as: 'nummer' }, b: { too: 'x.b' }, c: [{ to: 'not a path' }] },
        unpivot: { columns: [{ pattern: 'x', to: 'y', perod: '$1' }] },
      }),
    ).toEqual([
      ['profile.unknown-key', { at: 'profile', key: 'collumns', nearest: 'columns' }],
      ['profile.unknown-key', { at: 'profile', key: 'decimals', nearest: '' }],
      ['profile.unknown-key', { at: 'unpivot.columns[0]', key: 'perod', nearest: 'period' }],
      ['profile.wrong-value', { at: 'columns["a"].as', expected: expect.stringContaining('"number"') }],
      ['profile.missing-key', { at: 'columns["b"]', key: 'to' }],
      ['profile.unknown-key', { at: 'columns["b"]', key: 'too', nearest: 'to' }],
      ['profile.wrong-value', { at: 'columns["c"][0].to', expected: expect.any(String) }],
    ])
  })

  test('text that is no JSON, the wrong kind of value and no value at all are refused', () => {
    expect(problemsOf('{"name": ')[0]![0]).toBe('profile.not-json')
    expect(problemsOf('[]')[0]![0]).toBe('profile.wrong-value')
    expect(problemsOf(null)[0]![0]).toBe('profile.wrong-value')
    expect(problemsOf({})).toContainEqual(['profile.missing-key', { at: 'profile', key: 'columns' }])
  })

  test('unsafe patterns and groups without a target are refused', () => {
    const split = (pattern: string, into: string[]) => ({
      ...base,
      columns: { a: { to: 'x.a', split: { pattern, into } } },
    })
    expect(problemsOf(split('(a+)+', ['x.a']))[0]).toEqual([
      'profile.unsafe-pattern',
      { at: 'columns["a"].split', pattern: '(a+)+', reason: 'nested-repetition' },
    ])
    expect(problemsOf(split('^(.*)-(.*)$', ['x.a']))[0]![0]).toBe('profile.pattern-groups')
    expect(problemsOf({ ...base, rowFilter: { drop: [{ column: 'a', matches: '(a|a)*' }] } })[0]![0]).toBe(
      'profile.unsafe-pattern',
    )
  })

  test.each([
    ['series-only', { ...base, columns: { a: { to: 'x.a', period: '2023' } }, unpivot: { period: 'p' } }],
    ['period-target', { ...base, columns: { a: { to: 'x.a', as: 'period-value', period: '2023' } } }],
    ['status-target', { ...base, columns: { a: { to: 'x.a', as: 'period-value', status: 'actual' } } }],
    ['choices', { ...base, columns: { a: { to: 'x.a', as: 'choice' } } }],
    ['id-suffix', { ...base, columns: { a: { to: 'x.a', as: 'period-value', idSuffix: 'b' } } }],
    ['ignored', { ...base, ignore: ['a'] }],
    ['empty-id', { ...base, externalId: { source: 's' } }],
  ])('a rule that contradicts itself is named: %s', (conflict, content) => {
    expect(problemsOf(content)).toContainEqual(['profile.rule-conflict', { at: expect.any(String), conflict }])
  })

  test('a name that stands twice is said, because only one of the two would count', () => {
    const [problem] = problemsOf('{"name":"n","version":1,"columns":{"a":{"to":"x.a"},"a":{"to":"x.b"}}}')
    expect(problem).toEqual(['profile.not-json', { detail: 'the name "a" at /columns/a is repeated' }])
  })

  test('names such as __proto__ are neither targets nor harmful as columns', () => {
    expect(problemsOf('{"name":"n","version":1,"columns":{"a":{"to":"__proto__.x"}}}')[0]![0]).toBe(
      'profile.wrong-value',
    )
    const profile = profileOf('{"name":"n","version":1,"columns":{"__proto__":{"to":"x.a"}}}')
    expect(convertRow(profile, ['__proto__'], row(2, 'v')).values).toEqual({ 'x.a': 'v' })
  })
})

describe('header against profile', () => {
  test('a missing column names the nearest one, an unmapped column is a warning', () => {
    const profile = profileOf({ ...base, columns: { 'Agency.Number': { to: 'x' } }, ignore: ['skip'] })
    expect(prepareConversion(profile, ['Agency Number', 'skip', 'other']).problems).toEqual([
      {
        row: null,
        column: 'Agency.Number',
        code: 'header.column-missing',
        values: { name: 'Agency.Number', nearest: 'Agency Number' },
      },
      { row: null, column: 'Agency Number', code: 'header.column-unmapped', values: { name: 'Agency Number' } },
      { row: null, column: 'other', code: 'header.column-unmapped', values: { name: 'other' } },
    ])
  })
})

describe('converting rows', () => {
  test('a long row becomes typed values; missing cells are null', () => {
    const profile = profileOf({
      ...base,
      missing: ['NA'],
      numberFormat: '1.234,5',
      days: 'day-month-year',
      fiscalYear: { startMonth: 7, namedBy: 'end' },
      constants: { 'indicator.unit': '%' },
      externalId: { source: 'city', prefix: 'set', columns: ['id', 'year'] },
      columns: {
        id: { to: 'x.id' },
        year: { to: 'x.period', as: 'period', grain: 'year' },
        value: { to: 'x.value', as: 'number' },
        on: { to: 'x.on', as: 'day' },
        up: { to: 'x.up', as: 'choice', choices: { Yes: true, No: false } },
        share: { to: 'x.share', as: 'percent' },
      },
    })
    const header = ['id', 'year', 'value', 'on', 'up', 'share']
    const converted = convertRow(profile, header, row(2, ' A1 ', '2023', '1.234,5', '01/02/2024', 'Yes', 'NA'))
    expect(converted).toEqual({
      number: 2,
      kept: true,
      externalId: { source: 'city', id: 'set/A1/2023' },
      parts: [],
      problems: [],
      values: {
        'indicator.unit': '%',
        'x.id': 'A1',
        'x.period': { from: '2022-07-01', to: '2023-07-01', grain: 'year', label: 'FY2023' },
        'x.value': '1234.5',
        'x.on': '2024-02-01',
        'x.up': true,
        'x.share': null,
      },
    })
  })

  test('every fault of a row is named by column, and no faulty cell becomes a value', () => {
    const profile = profileOf({
      ...base,
      days: 'day-month-year',
      externalId: { source: 'city', columns: ['id'] },
      columns: {
        value: { to: 'x.value', as: 'number' },
        on: { to: 'x.on', as: 'day' },
        way: { to: 'x.way', as: 'choice', choices: { Up: 'up', Down: 'down' } },
        name: { to: 'x.name', required: true },
        year: { to: 'x.year', as: 'period' },
      },
    })
    const header = ['id', 'value', 'on', 'way', 'name', 'year']
    const { values, externalId, problems } = convertRow(
      profile,
      header,
      row(7, '', '1.234,5', '31/02/2024', 'Upp', '-', 'x'),
    )
    expect(values).toEqual({ 'x.name': null })
    expect(externalId).toBeNull()
    expect(problems.map((problem) => [problem.row, problem.column, problem.code])).toEqual([
      [7, 'id', 'row.no-identifier'],
      [7, 'value', 'cell.other-number-format'],
      [7, 'on', 'cell.day-impossible'],
      [7, 'way', 'cell.unknown-choice'],
      [7, 'name', 'cell.required'],
      [7, 'year', 'cell.not-a-period'],
    ])
    expect(problems[3]!.values).toMatchObject({ nearest: 'Up' })
  })

  test('a wide row becomes one part for each period with a value', () => {
    const profile = profileOf({
      ...base,
      columns: {
        name: { to: 'x.name' },
        change: {
          to: 'm.value',
          as: 'period-value',
          period: '2005 - 2023',
          idSuffix: 'change',
          values: { 'x.unit': '1' },
        },
      },
      externalId: { source: 'city', columns: ['name'] },
      unpivot: {
        period: 'm.period',
        status: 'm.status',
        columns: [{ pattern: '^total_(\\d{4})$', to: 'm.value', period: '$1', status: 'actual' }],
      },
    })
    const { parts } = convertRow(profile, ['name', 'total_2005', 'total_2023', 'change'], row(2, 'a', '10', '', '-0.5'))
    expect(parts).toEqual([
      {
        column: 'change',
        externalId: { source: 'city', id: 'a/change' },
        values: { 'x.unit': '1', 'm.value': '-0.5', 'm.period': expect.objectContaining({ label: '2005-2023' }) },
      },
      {
        column: 'total_2005',
        externalId: null,
        values: { 'm.value': '10', 'm.status': 'actual', 'm.period': expect.objectContaining({ label: '2005' }) },
      },
    ])
  })

  test('the filter leaves rows out, conditions choose constants and the kind of value', () => {
    const profile = profileOf({
      ...base,
      columns: {
        name: { to: 'x.name', split: { pattern: '^(.+) - (.+)$', into: ['x.name', 'x.part'] } },
        value: {
          to: 'x.value',
          as: 'number',
          cases: [{ when: { column: 'name', contains: '(m:s)' }, as: 'duration-minutes-seconds' }],
        },
      },
      set: [{ when: { column: 'name', contains: '(m:s)' }, values: { 'x.unit': 's' } }],
      rowFilter: { keep: [{ column: 'value', missing: false }], drop: [{ column: 'name', oneOf: ['Total'] }] },
    })
    const { convertRow: convert } = prepareConversion(profile, ['name', 'value'])
    expect(convert(row(2, 'Total', '1')).kept).toBe(false)
    expect(convert(row(3, 'a', 'NA')).kept).toBe(false)
    expect(convert(row(4, 'Wait - North', '1.5')).values).toEqual({
      'x.name': 'Wait',
      'x.part': 'North',
      'x.value': '1.5',
    })
    expect(convert(row(5, 'Wait (m:s)', '1.5')).values).toEqual({
      'x.name': 'Wait (m:s)',
      'x.unit': 's',
      'x.value': '110',
    })
  })

  test('a label that begins with a dash gets the label above it, within its group only', () => {
    const profile = profileOf({
      ...base,
      columns: { group: { to: 'x.group' }, name: { to: 'x.name' } },
      continues: { column: 'name', startsWith: ['-', '–'], within: ['group'], into: 'x.above', joinWith: ' ' },
    })
    const { convertRow: convert } = prepareConversion(profile, ['group', 'name'])
    expect(convert(row(2, 'a', 'Tests')).values).toEqual({ 'x.group': 'a', 'x.name': 'Tests' })
    const first = convert(row(3, 'a', '– passed'))
    expect(first.values).toEqual({ 'x.group': 'a', 'x.name': 'Tests – passed', 'x.above': 'Tests' })
    expect(first.problems[0]).toMatchObject({ code: 'row.continues', values: { above: 'Tests' } })
    expect(convert(row(4, 'a', '- failed')).values['x.above']).toBe('Tests')
    const other = convert(row(5, 'b', '- other'))
    expect(other.values).toEqual({ 'x.group': 'b', 'x.name': '- other', 'x.above': null })
    expect(other.problems[0]!.code).toBe('row.continues-nothing')
  })
})
