import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Core, openCore } from '#test/kit/core.ts'
import { drift } from './drift.ts'

let core: Core
beforeEach(async () => {
  core = await openCore()
})
afterEach(() => core.close())

/** Tables that modules keep beside their records. */
const plain = async () =>
  (
    await core.rows<{ name: string }>(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = 'identity'`,
    )
  ).map((row) => row.name)
const told = async () => drift(core.database.kysely, core.as().house, await plain())

test('the migrations of all modules hold what the declarations say', async () => {
  expect(await told()).toEqual([])
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
])('%s is told', async (_, statement, expected) => {
  await core.rows(statement)
  const found = await told()
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(expected)
})
