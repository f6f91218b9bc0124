import { expect, test } from 'vitest'
import { instant, valueTypes } from './values.ts'

test.each([
  ['2026-11-22 09:30:00+00', '2026-11-22T09:30:00.000Z'],
  ['2026-11-22 09:30:00.1+00', '2026-11-22T09:30:00.100Z'],
  ['2026-11-22 09:30:00.123987+00', '2026-11-22T09:30:00.123Z'],
  ['2026-11-22 09:30:00.5+05:30', '2026-11-22T04:00:00.500Z'],
  ['2026-11-22 00:30:00+02', '2026-11-21T22:30:00.000Z'],
  ['infinity', 'infinity'],
  ['0044-03-15 12:00:00+00 BC', '0044-03-15 12:00:00+00 BC'],
])('the instant %s reads as %s', (text, expected) => {
  expect(instant(text)).toBe(expected)
})

test('an instant that the program wrote reads back as the same text', () => {
  const written = new Date(Date.UTC(2026, 1, 28, 23, 59, 59, 7)).toISOString()
  expect(instant(written.replace('T', ' ').replace('Z', '+00'))).toBe(written)
})

test.each([
  [1082, '2026-02-28', '2026-02-28'],
  [1114, '2026-02-28 10:00:00', '2026-02-28 10:00:00'],
  [1700, '0.10', '0.10'],
  [20, '9007199254740993', '9007199254740993'],
  [1231, '{1.10,NULL}', ['1.10', null]],
  [1016, '{9007199254740993}', ['9007199254740993']],
  [1182, '{2026-02-28}', ['2026-02-28']],
  [1185, '{"2026-11-22 09:30:00+00",NULL}', ['2026-11-22T09:30:00.000Z', null]],
  [23, '7', 7],
  [16, 't', true],
])('a value of type %i, %s, arrives exactly', (id, text, expected) => {
  expect(valueTypes.getTypeParser(id, 'text')(text)).toEqual(expected)
})
