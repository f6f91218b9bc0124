import { describe, expect, test } from 'vitest'
import { checkPassword, hashPassword, newPassword, passwordFits } from './actions-password.ts'

const codes = (password: string, login: string) => checkPassword(password, login).map((problem) => problem.code)

describe('a password', () => {
  test('is long enough, and hard enough to guess for whoever knows the sign-in name', () => {
    const cases: Array<[string, string, string[]]> = [
      ['short', 'ada', ['identity.password-too-short']],
      ['eleven chars', 'ada', []],
      ['长'.repeat(11), 'ada', ['identity.password-too-short']],
      ['春眠不觉晓处处闻啼鸟夜来', 'ada', []],
      ['a'.repeat(20), 'ada', ['identity.password-too-easy']],
      ['Password1234', 'ada', ['identity.password-too-easy']],
      ['ada.lovelace@city.example', 'ada.lovelace@city.example', ['identity.password-too-easy']],
      ['ADA.LOVELACE@city.example1', 'ada.lovelace@city.example', ['identity.password-too-easy']],
      // A short name is part of many a good sentence.
      ['planning the annual canal festival', 'ann', []],
      ['any sentence at all', 'a', []],
      ['any sentence at all', '', []],
      ['x'.repeat(201), 'ada', ['field.too-long']],
    ]
    for (const [password, login, expected] of cases)
      expect([password, login, codes(password, login)]).toEqual([password, login, expected])
  })

  test('fits its hash in whatever form of Unicode it is typed, and nothing else does', async () => {
    const hash = await hashPassword('café on the canal')
    expect(await passwordFits('cafe\u0301 on the canal', hash)).toBe(true)
    expect(await passwordFits('cafe on the canal', hash)).toBe(false)
    for (const broken of ['', 'x', hash.slice(0, -1).replace(/\$m=\d+/, '$m=x')])
      expect(await passwordFits('café on the canal', broken)).toBe(false)
  })

  test('made for somebody passes its own rule and is never the same', () => {
    const made = Array.from({ length: 100 }, newPassword)
    expect(new Set(made).size).toBe(100)
    expect(made.flatMap((password) => codes(password, 'somebody'))).toEqual([])
  })
})
