import { describe, expect, test } from 'vitest'
import { compilePattern } from './pattern.ts'

describe('patterns of users', () => {
  test.each([
    ['^(.+) - ((?:Manhattan|Bronx) \\d{2})$', 2],
    ['^total_(\\d{4})$', 1],
    ['[*+?(){}|]', 0],
    ['(?<year>\\d{4})-(\\d\\d)?', 2],
    ['\\p{Script=Han}+', 0],
  ])('%s is taken', (source, groups) => {
    expect(compilePattern(source)).toMatchObject({ groups })
  })

  test.each([
    ['(a+)+$', 'nested-repetition'],
    ['(a|a)*$', 'nested-repetition'],
    ['((a?)b?){5,}', 'nested-repetition'],
    ['(?:(x*))+', 'nested-repetition'],
    ['(a)\\1', 'back-reference'],
    ['(?<a>x)\\k<a>', 'back-reference'],
    ['(?=x)y', 'look-around'],
    ['(?<!x)y', 'look-around'],
    ['a*b*c*', 'too-many-repetitions'],
    ['.*x.*', 'too-many-repetitions'],
    [`^${'a?'.repeat(30)}b`, 'too-many-repetitions'],
    ['(a|a)'.repeat(30), 'too-many-repetitions'],
    ['x'.repeat(201), 'too-long'],
    ['(', 'not-valid'],
    ['\\-', 'not-valid'],
  ])('%s is refused: %s', (source, refused) => {
    expect(compilePattern(source)).toEqual({ refused })
  })

  test('a text longer than the bound is not tried', () => {
    const pattern = compilePattern('^(.*)x(.*)$')
    if ('refused' in pattern) throw new Error(pattern.refused)
    expect(pattern.match('a'.repeat(501))).toBe('too-long')
    expect(pattern.match('axb')).toEqual(['a', 'b'])
    expect(pattern.match('ab')).toBeNull()
  })
})
