import { describe, expect, test } from 'vitest'
import { conflict, invalid } from '#kernel/problem.ts'
import { flat, lastField, localizedIn, many, mistakesFrom, mistakesIn, numberIn, one, oneOf, topField } from './form.ts'

const say = (key: string, values?: Record<string, string | number>) => `${key}${values ? JSON.stringify(values) : ''}`

describe('what a form sent', () => {
  test.each([
    ['1234.5', '1234.5'],
    [' 1,234 ', '1234'],
    ['１２', '12'],
    ['12 %', '12'],
    ['about 12', undefined],
    ['1,23', undefined],
  ])('the number %j is %j', (typed, value) => {
    const read = numberIn(typed)
    expect(read === 'wrong' ? undefined : read?.value).toBe(value)
    expect(numberIn(' ')).toBe(null)
  })

  test('a box that is ticked counts, though a hidden field said no before it', () => {
    const form = { whole: ['false', 'true'], why: '  ' }
    expect([one(form, 'whole'), one(form, 'why'), one(form, 'missing')]).toEqual(['true', '', ''])
    expect(flat(form)).toEqual({ whole: 'true', why: '  ' })
  })

  test('a password keeps its blanks', () => {
    expect(oneOf(' two  words ')).toBe(' two  words ')
  })

  test('of several values the empty ones are left out', () => {
    expect(many({ records: ['a', '', 'b'] }, 'records')).toEqual(['a', 'b'])
    expect([many({ records: 'a' }, 'records'), many({}, 'records')]).toEqual([['a'], []])
  })

  test('a text in one language leaves the other out, so that it counts as not written yet', () => {
    expect(localizedIn({ 'title.en': 'Air ', 'title.zh-Hans': ' ' }, 'title')).toEqual({ en: 'Air' })
  })
})

describe('what is wrong with it', () => {
  test('each problem stands at its field, the first of several stays', () => {
    const problems = [
      { at: '/title/en', code: 'field.required' },
      { at: '/title/en', code: 'field.too-long', values: { max: 3 } },
      { at: '/', code: 'records.nothing' },
    ]
    expect(mistakesFrom(problems, say)).toEqual({
      'title.en': 'problem.field.required',
      form: 'problem.records.nothing',
    })
  })

  test.each([
    ['/rows/result/3/value', 'value', 'rows'],
    ['/rows/result/3', 'none', 'rows'],
    ['/amount', 'amount', 'amount'],
    ['/', 'none', ''],
    ['/2/owner', 'owner', 'owner'],
  ])('%s is %s at its end, %s at its top', (at, last, top) => {
    expect([lastField('none')(at), topField(at)]).toEqual([last, top])
  })

  test('what was written has no mistakes, bad input has, and everything else goes on to whoever asked', async () => {
    expect(await mistakesIn(async () => 'saved', say)).toBe(null)
    const refused = async () => {
      throw invalid('records.invalid', [{ at: '/login', code: 'field.required' }])
    }
    expect(await mistakesIn(refused, say)).toEqual({ login: 'problem.field.required' })
    const clash = async () => {
      throw conflict('records.changed')
    }
    await expect(mistakesIn(clash, say)).rejects.toMatchObject({ reason: 'records.changed' })
  })
})
