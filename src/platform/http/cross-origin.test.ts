import { describe, expect, it } from 'vitest'
import { isCrossOrigin, isForm, isToken } from './cross-origin.ts'

const own = ['https://plan.city.example', 'http://127.0.0.1:3000']

describe('a request that changes something', () => {
  it.each([
    ['from our own page', { fetchSite: 'same-origin' }, false],
    ['typed by a person', { fetchSite: 'none' }, false],
    ['from a sister site', { fetchSite: 'same-site' }, true],
    ['from another site', { fetchSite: 'cross-site' }, true],
    ['from another site that also sends our origin', { fetchSite: 'cross-site', origin: own[0]! }, true],
    ['with our own origin only', { origin: own[1]! }, false],
    ['with a strange origin only', { origin: 'https://evil.example' }, true],
    ['with our name on another port', { origin: 'http://127.0.0.1:3001' }, true],
    ['with our name over another scheme', { origin: 'http://plan.city.example' }, true],
    ['with a hidden origin', { origin: 'null' }, true],
    ['from a program that sends neither', {}, false],
  ])('%s', (_name, facts, refused) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(isCrossOrigin({ method, own, ...facts })).toBe(refused)
  })
})

it('lets every site read', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    expect(isCrossOrigin({ method, own, fetchSite: 'cross-site', origin: 'https://evil.example' })).toBe(false)
})

it('knows what a plain form can send', () => {
  expect(isForm('application/x-www-form-urlencoded; charset=utf-8')).toBe(true)
  expect(isForm('multipart/form-data; boundary=x')).toBe(true)
  expect(isForm('text/plain')).toBe(true)
  expect(isForm('application/json')).toBe(false)
  expect(isForm(undefined)).toBe(false)
})

it('takes only the exact token, and never an empty one', () => {
  expect(isToken('abc', 'abc')).toBe(true)
  for (const given of ['abd', 'ab', 'abcd', '', undefined, ['abc'], 'äb'])
    expect(isToken(given, 'abc'), String(given)).toBe(false)
  expect(isToken('', '')).toBe(false)
})
