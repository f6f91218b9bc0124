import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Core, openCore, places, problemOf } from '#test/kit/core.ts'
import { trees } from './module.ts'

let core: Core
beforeAll(async () => {
  core = await openCore([trees])
})
afterAll(() => core.close())

test('a tree is felled only after an inspection that says so, and then nobody plans another one', async () => {
  const kept = await core.keeper()
  const outcome = await core.make('strategy.outcome', { title: 'Shade' })
  const links = { serves: [{ to: outcome }] }
  const tree = await core.make('trees.tree', { title: 'Lime', species: 'Tilia cordata', links, ...kept })
  const planned = { title: 'After the storm', tree, dueOn: '2026-12-01', ...kept }
  const inspection = await core.make('trees.inspection', planned)
  const fell = { kind: 'trees.tree', action: 'fell', id: tree, values: { reason: 'Hollow' } }
  await core.write([{ kind: 'trees.tree', action: 'plant', id: tree }])
  expect(places((await problemOf(core.write([fell]))).fields)).toEqual(['/ trees.no-verdict'])
  await core.write([{ kind: 'trees.inspection', action: 'hold', id: inspection, values: { verdict: 'fell' } }])
  await core.write([fell])
  expect(places((await problemOf(core.make('trees.inspection', planned))).fields)).toEqual([
    '/tree trees.already-felled',
  ])
})
