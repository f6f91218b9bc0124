import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDay, readDuration, readNumber, readPercent } from './cells.ts'

describe('numbers', () => {
  test.each([
    ['1,234.5', '1,234.5', '1234.5'],
    ['1234.50', '1,234.5', '1234.5'],
    ['1.234,5', '1.234,5', '1234.5'],
    ['1 234,5', '1 234,5', '1234.5'],
    ["1'234.5", "1'234.5", '1234.5'],
    ['−0.05', '1,234.5', '-0.05'],
    ['１２．５', '1,234.5', '12.5'],
    ['1e-05', '1,234.5', '0.00001'],
    ['0.8633000000000001', '1,234.5', '0.8633000000000001'],
  ] as const)('%s in the format %s is %s', (text, format, value) => {
    expect(readNumber(text, format)).toEqual({ value })
  })

  test('"1.234,5" and "1,234.5" are never taken for each other', () => {
    expect(readNumber('1.234,5', '1,234.5')).toEqual({
      fault: { code: 'cell.other-number-format', values: { text: '1.234,5', format: '1,234.5', seen: '1.234,5' } },
    })
    expect(readNumber('1,234.5', '1.234,5')).toMatchObject({ fault: { code: 'cell.other-number-format' } })
    expect(readNumber('12 apples', '1,234.5')).toMatchObject({ fault: { code: 'cell.not-a-number' } })
  })

  test('a percent sign belongs to percentages only', () => {
    expect(readPercent('45 %', '1,234.5')).toEqual({ value: '45' })
    expect(readPercent('45,5%', '1.234,5')).toEqual({ value: '45.5' })
    expect(readNumber('45 %', '1,234.5')).toMatchObject({ fault: { code: 'cell.percent-in-number' } })
  })
})

describe('durations', () => {
  test.each([
    ['4.11', 'minutes-seconds', '251'],
    ['4:11', 'minutes-seconds', '251'],
    ['4.3', 'minutes-seconds', '270'],
    ['4.30', 'minutes-seconds', '270'],
    ['4:3', 'minutes-seconds', '243'],
    ['4', 'minutes-seconds', '240'],
    ['0.05', 'minutes-seconds', '5'],
    ['1.36', 'hours-minutes', '5760'],
    ['2', 'hours-minutes', '7200'],
    ['1:02:03', 'hours-minutes', '3723'],
  ] as const)('%s as %s is %s seconds', (text, form, value) => {
    expect(readDuration(text, form, '1,234.5')).toEqual({ value })
  })

  test('every minute and second written with a point comes back, with or without its last zero', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(59), (minutes, seconds) => {
        const text = `${minutes}.${String(seconds).padStart(2, '0')}`
        const value = String(minutes * 60 + seconds)
        expect(readDuration(text, 'minutes-seconds', '1,234.5')).toEqual({ value })
        expect(readDuration(String(Number(text)), 'minutes-seconds', '1,234.5')).toEqual({ value })
      }),
    )
  })

  test('more than 59 seconds are refused, or read as decimal minutes and reported where the profile says so', () => {
    expect(readDuration('6.95', 'minutes-seconds', '1,234.5')).toMatchObject({
      fault: { code: 'cell.duration-out-of-range', values: { part: '95' } },
    })
    expect(readDuration('6.95', 'minutes-seconds', '1,234.5', 'decimal')).toMatchObject({
      value: '417',
      warning: { code: 'cell.duration-read-as-decimal', values: { seconds: '417' } },
    })
    expect(readDuration('6:95', 'minutes-seconds', '1,234.5', 'decimal')).toMatchObject({
      fault: { code: 'cell.duration-out-of-range' },
    })
    expect(readDuration('-1.2', 'minutes-seconds', '1,234.5')).toMatchObject({ fault: { code: 'cell.not-a-duration' } })
  })
})

describe('days', () => {
  test.each([
    ['2024-12-31', 'iso', '2024-12-31'],
    ['2024-12-31T00:00:00.000', 'iso', '2024-12-31'],
    ['31/12/2024', 'day-month-year', '2024-12-31'],
    ['31.12.2024', 'day-month-year', '2024-12-31'],
    ['12/31/2024', 'month-day-year', '2024-12-31'],
    ['3/4/2024', 'day-month-year', '2024-04-03'],
    ['3/4/2024', 'month-day-year', '2024-03-04'],
    ['2024年5月3日', 'year-month-day', '2024-05-03'],
    ['2024-05-03', 'day-month-year', '2024-05-03'],
    ['29/02/2024', 'day-month-year', '2024-02-29'],
  ] as const)('%s read as %s is %s', (text, order, value) => {
    expect(readDay(text, order)).toEqual({ value })
  })

  test.each(['31/02/2024', '29/02/2023', '00/01/2024', '12/31/2024'])('%s is no day of the calendar', (text) => {
    expect(readDay(text, 'day-month-year')).toMatchObject({ fault: { code: 'cell.day-impossible', values: { text } } })
  })

  test.each(['31/12/24', 'soon', '45292'])('%s is not written as a day', (text) => {
    expect(readDay(text, 'day-month-year')).toMatchObject({ fault: { code: 'cell.not-a-day' } })
  })
})
