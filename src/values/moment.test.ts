import { expect, test } from 'vitest'
import { formatDay, formatInstant, formatWeekday, instantOf } from './moment.ts'

test('days and times are written alike on every page, where people live', () => {
  const at = instantOf('2026-01-07 23:05:00.1+00')
  expect(at.toISOString()).toBe('2026-01-07T23:05:00.100Z')
  expect(formatDay('2026-01-08', 'en')).toBe('8 January 2026')
  expect(formatDay('2026-01-08', 'zh-Hans')).toBe('2026年1月8日')
  expect(formatInstant(at, 'en', 'Europe/Berlin')).toBe('8 Jan 2026, 00:05')
  expect(formatInstant(at, 'zh-Hans', 'Asia/Shanghai')).toBe('2026年1月8日 07:05')
  expect(formatWeekday(at, 'en', 'Europe/Berlin')).toBe('Thursday 8 January')
})
