/** What an import says when the database server crashes under it: its staged rows are not logged, so they are gone then. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, openImportHouse, profileOf } from '#test/kit/imports.ts'

const profile = profileOf({
  name: 'Series',
  version: 1,
  columns: {
    id: { to: 'indicator.libraryNumber' },
    name: { to: 'indicator.title', required: true },
    value: { to: 'measurement.value', as: 'number' },
  },
  constants: { 'measurement.period': '2024' },
  externalId: { source: 'test', columns: ['id'] },
})

let house: ImportHouse
beforeAll(async () => {
  house = await openImportHouse()
})
afterAll(() => house.close())

/** A file during whose reading everything staged so far is emptied, as a server does that recovers from a crash. */
async function* crashing(before: number, after: number): AsyncGenerator<Uint8Array> {
  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => `c${from + index},Indicator ${from + index},1\n`).join('')
  yield Buffer.from(`id,name,value\n${lines(0, before)}`)
  await house.rows('truncate imports.row, imports.rejected')
  if (after > 0) yield Buffer.from(lines(before, after))
}

test.each([
  ['all', 3000, 0],
  ['a part', 3000, 1500],
])('an import whose staged rows were lost, %s of them, fails and saves nothing', async (_, before, after) => {
  await expect(house.bring(crashing(before, after), profile)).rejects.toThrow('crash')
  expect(await house.rows(`select id from records."externalId" where source = 'test'`)).toEqual([])
  const [run] = await house.rows(
    `select state, report, "changeSet" from imports.run order by "createdAt" desc, id desc limit 1`,
  )
  expect(run).toEqual({ state: 'failed', report: null, changeSet: null })
})
