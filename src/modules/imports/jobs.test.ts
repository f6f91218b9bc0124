import { expect, test } from 'vitest'
import { importOffers } from '#test/kit/imports.ts'
import { importJobs } from './jobs.ts'

test('work that version 0.1.0 left in the queue is still known by its name', () => {
  expect(importJobs(importOffers).map(({ name }) => name)).toEqual(['indicators.import', 'indicators.import-sweep'])
})
