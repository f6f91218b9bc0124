import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyRow, keyText, readEntry, readNumber } from './rules-entry.ts'

const places = (problems: readonly { at: string; code: string }[]) => problems.map(({ at, code }) => `${at} ${code}`)

describe('lines of a table', () => {
  test('are read as people type them; empty ones are left out', () => {
    const typed = {
      'period.0': '2025',
      'value.0': '12,500.50',
      'low.0': '',
      'period.1': 'Q1 2026',
      'value.1': '1',
      'period.2': '2027',
      'value.2': '',
    }
    const { set, remove, problems } = readEntry('path', typed, 3)
    expect(set).toEqual([
      {
        from: '2025-01-01',
        to: '2026-01-01',
        label: '2025',
        value: '12500.5',
        low: null,
        high: null,
        runningCost: null,
      },
      { from: '2026-01-01', to: '2026-04-01', label: '2026-Q1', value: '1', low: null, high: null, runningCost: null },
    ])
    expect([remove, problems]).toEqual([[], []])
  })

  test('name everything that is wrong at once, by field and line', () => {
    const typed = { 'period.0': 'soon', 'value.0': 'much', 'period.1': '2025', 'low.1': '4', 'year.0': '25' }
    expect(places(readEntry('path', typed, 2).problems)).toEqual([
      '/period.0 benefits.not-a-period',
      '/value.0 benefits.not-a-number',
      '/value.1 field.required',
    ])
    const budget = { 'budgetCode.0': '', 'year.0': '25', 'amount.0': '5' }
    expect(places(readEntry('budget', budget, 1).problems)).toEqual([
      '/budgetCode.0 field.required',
      '/year.0 benefits.not-a-year',
    ])
  })

  test('a cleared line takes its row away, a moved one leaves its old place, and one that swaps places loses nothing', () => {
    const was = (year: string) => keyText('budget', { budgetCode: '41', year })
    const line = (at: number, year: string, amount: string, before: string) => ({
      [`was.${at}`]: was(before),
      [`budgetCode.${at}`]: '41',
      [`year.${at}`]: year,
      [`amount.${at}`]: amount,
    })
    const cleared = readEntry('budget', line(0, '2024', '', '2024'), 1)
    expect([cleared.set, cleared.remove]).toEqual([[], [{ budgetCode: '41', year: 2024 }]])
    const moved = readEntry('budget', line(0, '2025', '5', '2024'), 1)
    expect(moved.remove).toEqual([{ budgetCode: '41', year: 2024 }])
    const swapped = readEntry('budget', { ...line(0, '2025', '5', '2024'), ...line(1, '2024', '6', '2025') }, 2)
    expect([swapped.set.length, swapped.remove]).toEqual([2, []])
  })

  test('one key twice is refused', () => {
    const typed = { 'period.0': '2025', 'value.0': '1', 'period.1': 'January 2025 – December 2025', 'value.1': '2' }
    const { set, problems } = readEntry('path', typed, 2)
    expect([set.length, problems.length]).toEqual([1, 1])
  })

  test('whatever is typed ends in rows or problems, never in a fault', () => {
    const anything = fc.dictionary(
      fc.constantFrom(
        'period.0',
        'value.0',
        'low.0',
        'was.0',
        'year.0',
        'budgetCode.0',
        'amount.0',
        'madeOn.0',
        'movement.0',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(anything, fc.constantFrom('path', 'result', 'forecast', 'budget', 'claim'), (typed, name) => {
        const { set, problems } = readEntry(name, typed, 1)
        expect(set.length === 0 || problems.length === 0).toBe(true)
      }),
    )
  })

  test('the key of a row comes back from its text', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1950, max: 2200 }),
        fc.stringMatching(/^[A-Z0-9.%|-]{1,20}$/),
        (year, budgetCode) => {
          expect(keyRow('budget', keyText('budget', { budgetCode, year }))).toEqual({ budgetCode, year })
        },
      ),
    )
  })
})

test.each([
  ['1234.5', '1234.5'],
  ['1,234', '1234'],
  ['１２', '12'],
  ['12 %', 'wrong'],
  ['about 12', 'wrong'],
  ['', null],
])('the number %j', (typed, expected) => {
  expect(readNumber(typed)).toBe(expected)
})
