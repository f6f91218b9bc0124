import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { type Core, openCore } from '#test/kit/core.ts'
import { type Figure, figure } from '../figure.ts'
import {
  checkFigures,
  figureHistory,
  figureSubscriber,
  latestResults,
  listedShare,
  measureFigures,
  readingOf,
} from './index.ts'

let core: Core
let share: Figure
beforeAll(async () => {
  core = await openCore()
  const outcome = core.as().registry.kind('strategy.outcome').declaration
  share = listedShare(outcome, { id: 'strategy.test-owned', lacking: 'owner[empty]=true' })
})
afterAll(() => core.close())

let today = new Date('2026-03-10T12:00:00Z')
const logged: string[] = []

/** Measures as the job does, on the day of the test; returns how many figures were asked. */
async function measured(figures: readonly Figure[]): Promise<number> {
  const ctx = {
    ...core.as(systemCaller),
    database: core.database,
    figures,
    now: () => today,
    log: { info() {}, warn() {}, error: (_facts: object, message: string) => logged.push(message) },
  }
  await catchUp(ctx, core.database, [figureSubscriber])
  return measureFigures(ctx)
}
const readingNow = async (asked: Figure) => {
  const result = (await latestResults(core.database.kysely, [asked])).get(asked.id)
  return result && readingOf(asked.kind, result)
}

test('a share of nothing is nothing to show, and is measured again only after what it reads has changed', async () => {
  expect(await measured([share])).toBe(1)
  expect(await readingNow(share)).toEqual({ is: 'nothing' })
  expect(await measured([share])).toBe(0)

  const body = await core.make('directory.organisation', {
    title: 'Works',
    organisationKind: 'department',
    sector: 'public',
  })
  expect(await measured([share])).toBe(0)

  const post = await core.make('directory.post', { title: 'Head', organisation: body })
  await core.make('strategy.outcome', { title: 'Owned', owner: post, organisation: body })
  await core.make('strategy.outcome', { title: 'Not owned' })
  await core.make('strategy.outcome', { title: 'Not owned, either' })
  expect(await measured([share])).toBe(1)
  expect(await readingNow(share)).toEqual({ is: 'value', value: '33.3' })
  const result = (await latestResults(core.database.kysely, [share])).get(share.id)!
  expect(result).toMatchObject({ met: '1', of: '3', query: '/strategy/outcomes' })
  expect(result.lacking).toBe('/strategy/outcomes?owner[empty]=true')
})

test('a new day is measured once, and the days before stay', async () => {
  today = new Date('2026-03-11T00:01:00Z')
  expect(await measured([share])).toBe(1)
  expect(await measured([share])).toBe(0)
  const history = await figureHistory(core.database.kysely, share.id)
  expect(history.map(({ asOf, met }) => [asOf, met])).toEqual([
    ['2026-03-11', '1'],
    ['2026-03-10', '1'],
  ])
})

test('a new method is measured at once, and its results are told from the former ones', async () => {
  const second: Figure = { ...share, method: 2 }
  expect(await measured([second])).toBe(1)
  const history = await figureHistory(core.database.kysely, share.id)
  expect(history.map(({ asOf, method }) => [asOf, method])).toEqual([
    ['2026-03-11', 2],
    ['2026-03-10', 1],
  ])
})

test('a figure that fails is unknown and logged, keeps no old value, holds up no other and is tried again', async () => {
  let broken = false
  const fragile = figure({
    ...{ id: 'strategy.test-fragile', unit: '{outcome}', kind: 'count', reads: ['strategy.outcome'] },
    measure: async () => {
      if (broken) throw new Error('the table is gone')
      return { of: 5, asOf: today.toISOString().slice(0, 10), query: '/strategy/outcomes' }
    },
  })
  await measured([fragile])
  expect(await readingNow(fragile)).toEqual({ is: 'value', value: '5' })
  broken = true
  today = new Date('2026-03-12T00:01:00Z')
  logged.length = 0
  expect(await measured([fragile, share])).toBe(2)
  expect(logged).toEqual(['a figure could not be measured; it is unknown'])
  expect(await readingNow(fragile)).toEqual({ is: 'unknown' })
  expect(await readingNow(share)).toEqual({ is: 'value', value: '33.3' })
  expect(await measured([fragile])).toBe(0)
  broken = false
  today = new Date('2026-03-12T00:20:00Z')
  expect(await measured([fragile])).toBe(1)
  expect(await readingNow(fragile)).toEqual({ is: 'value', value: '5' })
})

test('a figure cannot write', async () => {
  const writing = figure({
    ...{ id: 'strategy.test-writing', unit: '1', kind: 'count', reads: [] },
    measure: async (ctx) => {
      await ctx.db.deleteFrom('figures.result' as never).execute()
      return { of: 1, asOf: '2026-03-12', query: '/' }
    },
  })
  await measured([writing])
  expect(await readingNow(writing)).toEqual({ is: 'unknown' })
  expect(await figureHistory(core.database.kysely, share.id)).not.toEqual([])
})

test('what a figure declares wrongly is refused by name at the start', () => {
  const known = {
    kinds: new Set(['strategy.outcome']),
    recommendations: new Set(['7-1']),
  }
  const good = { ...share, id: 'strategy.good' }
  const refusal = (...figures: Figure[]) => {
    try {
      checkFigures(figures, known)
    } catch (error) {
      return (error as Error).message
    }
    return null
  }
  expect(refusal({ ...good, recommendations: ['7-1'] })).toBeNull()
  expect(refusal(good, good)).toBe('The figure strategy.good is declared twice.')
  expect(refusal({ ...good, reads: ['strategy.gone'] })).toBe(
    'The figure strategy.good reads strategy.gone, which no module declares.',
  )
  expect(refusal({ ...good, recommendations: ['7-99'] })).toBe(
    'The figure strategy.good names the recommendation 7-99, which there is not.',
  )
  expect(refusal({ ...good, kind: 'count', recommendations: ['7-1'] })).toBe(
    'The figure strategy.good names recommendations, but only a share can be evidence.',
  )
  expect(refusal({ ...good, id: 'Strategy' })).toBe('The figure "Strategy" needs an id like room.name.')
})
