import { expect, test } from 'vitest'
import { type ImportSubject, joinOffers, type NamedRecords, type TemplateSheet } from './offers.ts'

const named = (name: string, above: readonly string[] = []) => ({ name, above }) as NamedRecords
const subject = (name: string, names: readonly string[]) => ({ name, names }) as ImportSubject
const sheet = (key: string, column: string, list?: string) =>
  ({ key, columns: [{ key: column, ...(list === undefined ? {} : { list }) }] }) as unknown as TemplateSheet

test('what rooms offer to imports fits together whatever room comes first', () => {
  const joined = joinOffers([
    { subjects: [subject('a.series', ['body', 'goal'])], sheets: [sheet('values', 'body', 'column:bodies.name')] },
    { named: [named('goal', ['body'])] },
    { named: [named('body')], sheets: [sheet('bodies', 'name')] },
  ])
  expect(joined.subjects[0]!.names).toEqual(['body', 'goal'])
  expect(joined.named.map(({ name }) => name)).toEqual(['goal', 'body'])
})

test.each([
  ['records that no room offers', [{ subjects: [subject('a.series', ['body'])] }], /a\.series names "body"/],
  [
    'records before those that stand above them',
    [{ subjects: [subject('a.series', ['goal', 'body'])], named: [named('goal', ['body']), named('body')] }],
    /"goal" before "body"/,
  ],
  ['the same records twice', [{ named: [named('body')] }, { named: [named('body')] }], /named records "body"/],
  ['a list of a sheet that is not there', [{ sheets: [sheet('a', 'x', 'column:b.y')] }], /"a".*"b\.y"/],
])('%s are refused by name', (_, rooms, message) => {
  expect(() => joinOffers(rooms)).toThrow(message)
})
