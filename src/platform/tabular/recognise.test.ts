import { describe, expect, test } from 'vitest'
import { recognise } from './recognise.ts'

const column = (name: string, cells: string[]) =>
  recognise(
    [name],
    cells.map((cell) => [cell]),
  ).columns[0]!

describe('guessing columns', () => {
  test.each([
    ['column 1', ['0', '1', '2'], 'row-number'],
    ['ID', ['114', '119', '120'], 'identifier'],
    ['Agency.Number', ['810', '810', '56', 'NA'], 'code'],
    ['GeoID', ['101', '102', '101'], 'code'],
    ['2019', ['58.13', '4.38', 'NA'], 'period-name'],
    ['FY2021', ['', '', ''], 'period-name'],
    ['total_2005', ['859764.0', '152817.59'], 'period-name'],
    ['fiscalyear', ['2016', '2016', '2017'], 'period'],
    ['Quarter', ['2023-Q1', '2023-Q2'], 'period'],
    ['年份', ['2023年', '2024年'], 'period'],
    ['Value', ['1.5', '2', '-3.25', 'NA'], 'number'],
    ['share', ['45 %', '3.5 %', ''], 'percent'],
    ['wait', ['4:11', '10:05'], 'duration'],
    ['as_of', ['2024-12-31', '2025-01-31'], 'day'],
    ['Critical', ['Yes', 'No', 'No', 'Yes', 'No'], 'choice'],
    ['Service', ['Promptly review', 'Ensure safety', 'Customer service'], 'text'],
    ['notes', ['', 'NA', '暂无'], 'blank'],
  ])('%s with %j is %s', (name, cells, kind) => {
    expect(column(name, cells).kind).toBe(kind)
  })

  test('number formats are found, and said to be ambiguous where the cells do not decide', () => {
    expect(column('v', ['1.234,5', '12']).numberFormat).toBe('1.234,5')
    expect(column('v', ['1,234.5', '12']).numberFormat).toBe('1,234.5')
    expect(column('v', ['1.234', '5.678']).numberFormat).toBe('ambiguous')
    expect(column('v', ['1.234,5', '1,234.5']).numberFormat).toBe('mixed')
  })

  test('the order of days is found, and said to be ambiguous where the cells do not decide', () => {
    expect(column('d', ['31/12/2024', '01/02/2024']).dayOrder).toBe('day-month-year')
    expect(column('d', ['12/31/2024', '01/02/2024']).dayOrder).toBe('month-day-year')
    expect(column('d', ['03/04/2024', '01/02/2024']).dayOrder).toBe('ambiguous')
    expect(column('d', ['31/12/2024', '12/31/2024']).dayOrder).toBe('mixed')
  })

  test('tokens for missing values, distinct values and labels of durations are counted', () => {
    const guess = column('Indicator', ['Wait (minutes:seconds)', 'NA', '', 'NA', 'Calls', 'Calls', '…'])
    expect(guess).toMatchObject({
      missing: { NA: 2, '': 1, '…': 1 },
      filled: 3,
      distinct: 2,
      examples: ['Wait (minutes:seconds)', 'Calls'],
      durationLabels: 1,
    })
  })

  test('wide, long and single tables are told apart', () => {
    expect(recognise(['name', '2019', '2020'], [['a', '1', '2']])).toMatchObject({
      shape: 'wide',
      periodColumns: ['2019', '2020'],
    })
    expect(
      recognise(
        ['year', 'value'],
        [
          ['2019', '1'],
          ['2020', '2'],
        ],
      ),
    ).toMatchObject({ shape: 'long', periodColumns: ['year'] })
    expect(
      recognise(
        ['fuel', 'count'],
        [
          ['gas', '1'],
          ['oil', '2'],
        ],
      ),
    ).toMatchObject({ shape: 'single', periodColumns: [] })
  })
})
