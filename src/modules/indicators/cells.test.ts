import { expect, test } from 'vitest'
import { maskedRow } from './rules-cells.ts'

test('a withheld row keeps its period and loses figures, source cell and note', () => {
  const row = {
    ...{ id: 'd=a', cell: 'd=a', from: '2025-01-01', to: '2026-01-01', numerator: null, denominator: null },
    ...{ value: '4', raw: '7', note: { en: 'seven people' } },
  }
  expect(maskedRow(row, new Map([['d=a', 'small']]))).toMatchObject({
    cell: 'd=a',
    from: '2025-01-01',
    value: null,
    raw: null,
    note: null,
    withheld: 'small',
  })
  expect(maskedRow(row, new Map())).toEqual({ ...row, withheld: null })
})
