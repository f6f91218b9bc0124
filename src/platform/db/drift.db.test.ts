import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Core, openCore } from '#test/kit/core.ts'
import type { Executor } from './connection.ts'
import { drift } from './drift.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

/** Tables that modules keep beside their records: facts of the city, secrets and sessions, derived results. */
const plain = [
  'benefits.standing',
  'directory.city',
  'identity.secret',
  'identity.session',
  'identity.setupCode',
  'indicators.forecast',
  'indicators.forecastMethod',
  'indicators.brought',
  'indicators.performance',
  'indicators.performanceMethod',
  'indicators.serves',
]
const reported = (db: Executor) => drift(db, core.as().registry, plain)

test('the migrations of all modules hold what the declarations say', async () => {
  expect(await reported(core.database.kysely)).toEqual([])
})

test.each<[string, string, RegExp]>([
  ['a missing column', 'alter table strategy.plan drop column summary', /strategy\.plan\."summary" is missing/],
  ['an extra column', 'alter table strategy.plan add column colour text', /"colour" belongs to no declared field/],
  [
    'another type',
    'alter table strategy.plan alter column summary type text',
    /"summary" is text, and the declaration asks for jsonb/,
  ],
  ['a missing table', 'drop table indicators.break', /table indicators\.break is missing/],
  ['an extra table', 'create table strategy.wish (id uuid)', /strategy\.wish belongs to no declaration/],
  [
    'a missing choice',
    `alter table directory.organisation drop constraint "organisation_sector_check"`,
    /"sector" has no CHECK/,
  ],
  [
    'another choice',
    `alter table directory.organisation drop constraint "organisation_sector_check", add check (sector in ('public', 'private', 'civic'))`,
    /CHECK of directory\.organisation\."sector" allows other choices than public, private, voluntary/,
  ],
  [
    'a missing key of rows',
    'alter table directory.holding drop constraint "holding_record_person_from_key"',
    /directory\.holding lacks a unique key on "record", "person", "from"/,
  ],
  [
    'a column of rows that takes null',
    'alter table directory.holding alter column "from" drop not null',
    /"from" takes null/,
  ],
  ['a missing sequence', 'drop sequence strategy."planCode"', /strategy\.planCode is missing/],
  [
    'a lost reference',
    'alter table strategy.outcome drop constraint "outcome_plan_fkey"',
    /"plan" does not refer to records\.record/,
  ],
])('%s is reported', async (_, statement, expected) => {
  const before = await reported(core.database.kysely)
  const asked = core.writing(async ({ db }) => {
    await sql.raw(statement).execute(db)
    throw new Answer(await reported(db))
  })
  const found = await asked.catch((answer: unknown) => (answer as Answer).sentences)
  const fresh = found.filter((each) => !before.includes(each))
  expect(fresh).toHaveLength(1)
  expect(fresh[0]).toMatch(expected)
})

/** Carries the answer out of a transaction that is rolled back. */
class Answer extends Error {
  readonly sentences: string[]
  constructor(sentences: string[]) {
    super(sentences.join(' '))
    this.sentences = sentences
  }
}
