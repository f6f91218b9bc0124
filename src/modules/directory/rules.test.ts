import { expect, test } from 'vitest'
import type { AnyRecord } from '#kernel/record.ts'
import { checkDeputy, checkHolding, checkOrganisation, checkPerson, checkPost } from './rules.ts'

const record = (values: Record<string, unknown>) => values as unknown as AnyRecord

test('a person never becomes public', () => {
  expect(checkPerson.rule(undefined, record({ audience: 'organisation' }))).toEqual([])
  expect(checkPerson.rule(undefined, record({ audience: 'public' }))).toEqual([
    { at: '/audience', code: 'directory.person-never-public' },
  ])
})

test('a post belongs to a body, and a body does not stand above itself', () => {
  expect(checkPost.rule(undefined, record({ organisation: null }))).toHaveLength(1)
  expect(checkPost.rule(undefined, record({ organisation: 'a' }))).toEqual([])
  expect(checkOrganisation.rule(undefined, record({ id: 'a', parent: 'a' }))).toHaveLength(1)
  expect(checkOrganisation.rule(undefined, record({ id: 'a', parent: 'b' }))).toEqual([])
})

test('whoever holds a post or stands in does so for a day at least', () => {
  const post = record({ id: 'a' })
  for (const { rule } of [checkHolding, checkDeputy]) {
    expect(rule(post, { from: '2026-01-01', to: '2026-01-02' })).toEqual([])
    expect(rule(post, { from: '2026-01-01', to: null })).toEqual([])
    for (const to of ['2026-01-01', '2025-12-31'])
      expect(rule(post, { from: '2026-01-01', to })).toEqual([{ at: '/to', code: 'directory.turned-round' }])
  }
})
