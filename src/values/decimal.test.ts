import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addDecimals,
  canonicalDecimal,
  compareDecimals,
  decimalFromNumber,
  detectNumberFormat,
  divideDecimals,
  formatNumber,
  isReadDecimal,
  multiplyDecimals,
  negateDecimal,
  numberFormats,
  parseDecimal,
  roundDecimal,
  subtractDecimals,
} from './decimal.ts'

const value = (text: string, format: (typeof numberFormats)[number]) => {
  const read = parseDecimal(text, format)
  return isReadDecimal(read) ? read.value : read.problem
}

const scaled = fc.tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 18 }))
const text = ([units, scale]: readonly [bigint, number]) => {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ''}`
}
const common = ([units, scale]: readonly [bigint, number]) => units * 10n ** BigInt(18 - scale)

describe('reading a cell', () => {
  test.each([
    ['1,234.5', '1,234.5', '1234.5'],
    ['1.234,5', '1.234,5', '1234.5'],
    ['1\u00a0234,5', '1 234,5', '1234.5'],
    ['1\u202f234\u202f567,25', '1 234,5', '1234567.25'],
    ['1 234.5', '1 234.5', '1234.5'],
    ['1’234.5', "1'234.5", '1234.5'],
    ['12,34,567.8', '1,234.5', '1234567.8'],
    ['1,2345,6789', '1,234.5', '123456789'],
    ['１２３４．５', '1234.5', '1234.5'],
    ['\u22125.10', '1234.5', '-5.1'],
    ['(1,234)', '1,234.5', '-1234'],
    ['12 %', '1234.5', '12'],
    ['.5', '1234.5', '0.5'],
    ['-0.00', '1234.5', '0'],
    ['+7', '1.234,5', '7'],
    ['1.2E-3', '1234.5', '0.0012'],
    ['0.8633000000000001', '1234.5', '0.8633000000000001'],
    ['1.234,5', '1,234.5', 'wrong-format'],
    ['1,234', '1234.5', 'wrong-format'],
    ['1,23', '1,234.5', 'wrong-format'],
    ['1,2345,678', '1,234.5', 'wrong-format'],
    ['0,123', '1,234.5', 'wrong-format'],
    ['NA', '1234.5', 'not-a-number'],
    ['12 km', '1234.5', 'not-a-number'],
    ['', '1234.5', 'not-a-number'],
    ['-', '1234.5', 'not-a-number'],
    ['1.2.3', '1234.5', 'wrong-format'],
    ['1e400', '1234.5', 'too-long'],
    ['9'.repeat(29), '1234.5', 'too-long'],
  ] as const)('%s as %s', (cell, format, expected) => {
    expect(value(cell, format)).toBe(expected)
  })

  test('a percent sign is reported and does not change the value', () => {
    expect(parseDecimal('12,5%', '1.234,5')).toEqual({ value: '12.5', percent: true })
  })

  test('every number written in a format reads back exactly', () => {
    const marks: Record<(typeof numberFormats)[number], readonly [string, string]> = {
      '1234.5': ['', '.'],
      '1,234.5': [',', '.'],
      '1.234,5': ['.', ','],
      '1 234,5': ['\u202f', ','],
      '1 234.5': ['\u00a0', '.'],
      "1'234.5": ["'", '.'],
    }
    fc.assert(
      fc.property(scaled, fc.constantFrom(...numberFormats), (number, format) => {
        const exact = canonicalDecimal(text(number))
        const [whole, fraction] = exact.replace('-', '').split('.')
        const [group, point] = marks[format]
        const written = whole!.replace(/\B(?=(\d{3})+$)/g, group) + (fraction ? point + fraction : '')
        expect(value((exact.startsWith('-') ? '-' : '') + written, format)).toBe(exact)
      }),
    )
  })
})

describe('the format of a column', () => {
  test.each([
    [['1,234.5', '12'], '1,234.5'],
    [['1.234,5', '12'], '1.234,5'],
    [['12', '7', 'NA', ''], '1234.5'],
    [['1.234', '12.5'], '1234.5'],
    [['1.234', '1.234.567'], '1.234,5'],
    [['0.123', '0.456'], '1234.5'],
    [['1\u00a0234,5'], '1 234,5'],
    [['12,34,567'], '1,234.5'],
    [['1,234', '0,5'], '1.234,5'],
    [['1.234'], 'ambiguous'],
    [['1,234', '5'], 'ambiguous'],
    [['13.809', '14.667'], 'ambiguous'],
    [['1,234.5', '1.234,5'], 'mixed'],
    [['NA', ''], 'none'],
  ])('%j is %s', (cells, expected) => {
    expect(detectNumberFormat(cells).format).toBe(expected)
  })

  test('an ambiguous column shows a cell that decides nothing, a mixed one its place', () => {
    expect(detectNumberFormat(['5', '1.234'])).toMatchObject({ format: 'ambiguous', example: '1.234' })
    expect(detectNumberFormat(['1,234.5', '2', '1.234,5'])).toEqual({ format: 'mixed', at: 2 })
  })
})

describe('arithmetic', () => {
  test('agrees with whole-number arithmetic on scaled integers', () => {
    fc.assert(
      fc.property(scaled, scaled, (a, b) => {
        const [left, right] = [text(a), text(b)]
        const [x, y] = [common(a), common(b)]
        expect(compareDecimals(left, right)).toBe(x < y ? -1 : x > y ? 1 : 0)
        expect(addDecimals(left, right)).toBe(canonicalDecimal(text([x + y, 18])))
        expect(subtractDecimals(left, right)).toBe(canonicalDecimal(text([x - y, 18])))
        expect(multiplyDecimals(left, right)).toBe(canonicalDecimal(text([x * y, 36])))
        expect(negateDecimal(negateDecimal(left))).toBe(canonicalDecimal(left))
      }),
    )
  })

  test('what binary fractions get wrong is right here', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3')
    expect(compareDecimals('9007199254740993', '9007199254740992')).toBe(1)
    expect(compareDecimals('1.50', '1.5')).toBe(0)
    expect(divideDecimals('2', '3', 4)).toBe('0.6667')
    expect(divideDecimals('-1', '2', 0)).toBe('-1')
    expect(divideDecimals('1', '0')).toBe(null)
    expect(roundDecimal('2.345', 2)).toBe('2.35')
    expect(decimalFromNumber(1e21)).toBe('1000000000000000000000')
    expect(decimalFromNumber(1.5e-7)).toBe('0.00000015')
    expect(() => canonicalDecimal('1,5')).toThrow(RangeError)
  })
})

describe('writing numbers', () => {
  test.each([
    ['1234567.891', 'en', {}, '1,234,567.891'],
    ['1234567.891', 'zh-Hans', { decimals: 1 }, '1,234,567.9'],
    ['12345678', 'zh-Hans', { compact: true }, '1234.6万'],
    ['123456789', 'zh-Hans', { compact: true }, '1.2亿'],
    ['1234567', 'en', { compact: true }, '1.2M'],
    ['12.5', 'en', { kind: 'percent' }, '12.5%'],
    ['12.5', 'zh-Hans', { kind: 'percent' }, '12.5%'],
    ['1200', 'en', { kind: 'money', currency: 'USD', decimals: 0 }, '$1,200'],
    // Amounts stand beside each other, in a conflict for instance: what differs must look different.
    ['10', 'en', { kind: 'money', currency: 'NOK' }, 'NOK\u00A010'],
    ['10', 'en', { kind: 'money', currency: 'DKK' }, 'DKK\u00A010'],
    ['10', 'en', { kind: 'money', currency: 'CAD' }, 'CA$10'],
    ['-5.10', 'en', { kind: 'money', currency: 'EUR' }, '-€5.1'],
    ['10', 'zh-Hans', { kind: 'money', currency: 'CNY' }, '¥10'],
    ['10', 'zh-Hans', { kind: 'money', currency: 'JPY' }, 'JP¥10'],
    ['3', 'en', { signed: true }, '+3'],
    ['0', 'en', { signed: true }, '0'],
    ['-0.001', 'en', { decimals: 1 }, '0.0'],
    ['123456789012345678901.5', 'en', {}, '123,456,789,012,345,678,901.5'],
  ] as const)('%s in %s', (decimal, language, style, expected) => {
    expect(formatNumber(decimal, language, style)).toBe(expected)
  })
})
