import { expect, test } from 'vitest'
import { cellOf, membersOf } from './breakdown.ts'

test('one cell has one text, however its members were listed and whatever they contain', () => {
  expect(cellOf({ sex: 'women', district: 'north' })).toBe('district=north;sex=women')
  expect(cellOf({ district: 'north', sex: 'women' })).toBe('district=north;sex=women')
  expect(cellOf({ district: 'a=b; c' })).toBe('district=a b  c')
})

test('the whole has no members', () => {
  expect(cellOf({})).toBe('')
  expect(cellOf({ district: '' })).toBe('')
  expect(membersOf('')).toEqual({})
})

test('a cell names the members it was made of', () => {
  const members = { district: 'north', 'age group': '0–14' }
  expect(membersOf(cellOf(members))).toEqual(members)
})
