import { expect, test } from 'vitest'
import { formatDay, formatInstant, formatWeekday, instantOf, startOfDay } from './moment.ts'

test('days and times are written alike on every page, where people live', () => {
  const at = instantOf('2026-01-07 23:05:00.1+00')
  expect(at.toISOString()).toBe('2026-01-07T23:05:00.100Z')
  expect(formatDay('2026-01-08', 'en')).toBe('8 January 2026')
  expect(formatDay('2026-01-08', 'zh-Hans')).toBe('2026年1月8日')
  expect(formatInstant(at, 'en', 'Europe/Berlin')).toBe('8 Jan 2026, 00:05')
  expect(formatInstant(at, 'zh-Hans', 'Asia/Shanghai')).toBe('2026年1月8日 07:05')
  expect(formatWeekday(at, 'en', 'Europe/Berlin')).toBe('Thursday 8 January')
})

test.each([
  ['2026-07-01', 'UTC', '2026-07-01T00:00:00.000Z'],
  ['2026-07-01', 'Asia/Shanghai', '2026-06-30T16:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['2026-01-01', 'America/New_York', '2026-01-01T05:00:00.000Z'],
  ['2026-11-02', 'America/New_York', '2026-11-02T05:00:00.000Z'],
  // Midnight does not exist on these days: clocks go from 24:00 to 01:00.
  ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, instant) => {
  expect(startOfDay(day, zone)).toBe(instant)
})
