/** An import whose worker dies goes on by itself; one that has killed its worker three times is said to have failed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRun } from '#platform/imports/index.ts'
import { type Jobs, openJobs } from '#platform/jobs.ts'
import { type ImportHouse, importOffers, openImportHouse, profileOf } from '#test/kit/imports.ts'
import { performImport, startImport, uploadImport } from './actions-runs.ts'
import { importJobs } from './jobs.ts'

const quiet = { info() {}, warn() {}, error() {} }
const profile = profileOf({
  name: 'Series',
  version: 1,
  columns: { id: { to: 'indicator.libraryNumber' }, name: { to: 'indicator.title', required: true } },
  externalId: { source: 'interrupted', columns: ['id'] },
})

let house: ImportHouse
let jobs: Jobs
const folder = mkdtempSync(join(tmpdir(), 'commonweal-interrupted-'))
const definitions = importJobs(importOffers)
beforeAll(async () => {
  house = await openImportHouse()
  jobs = await openJobs(house.app.database, definitions, { worker: false, log: quiet })
})
afterAll(async () => {
  await jobs.stop()
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

async function queued(name: string): Promise<string> {
  const path = join(folder, name)
  const text = `id,name\n${name},Indicator of ${name}\n`
  writeFileSync(path, text)
  const file = { name, type: 'text/csv', path, bytes: text.length }
  const run = await uploadImport(house.ctx, file, profile)
  await startImport(house.ctx, run, { dryRun: false, allOrNothing: false })
  return run
}
/** What a worker leaves that died after it had taken the job, and perhaps begun the run. */
async function died(run: string, begun: boolean): Promise<void> {
  await house.rows(`update jobs.job set state = 'active', started_on = now() where data->>'run' = $1`, [run])
  if (!begun) return
  await house.rows(`update imports.run set state = 'running', "startedAt" = now(), "beatAt" = now() where id = $1`, [
    run,
  ])
}
const resume = () => jobs.resume(definitions, (job, data, again) => job.interrupted?.(house.ctx, data, again))
const jobOf = async (run: string) =>
  (await house.rows<{ state: string }>(`select state::text from jobs.job where data->>'run' = $1`, [run]))[0]?.state

test.each([
  ['before it began', false],
  ['in the middle', true],
])('whose worker died %s goes on', async (name, begun) => {
  const run = await queued(`${name.replaceAll(' ', '-')}.csv`)
  await died(run, begun)
  await resume()
  expect([(await getRun(house.ctx, run)).state, await jobOf(run)]).toEqual(['waiting', 'retry'])
  await performImport(house.ctx, importOffers, run)
  const { state, report } = await getRun(house.ctx, run)
  expect([state, report?.created]).toEqual(['done', 1])
})

test('whose worker died over it three times is named, and can be started again', async () => {
  const run = await queued('poison.csv')
  for (let turn = 1; turn <= 3; turn++) {
    await died(run, true)
    await resume()
    expect([turn, (await getRun(house.ctx, run)).state]).toEqual([turn, turn < 3 ? 'waiting' : 'failed'])
  }
  expect(await jobOf(run)).toBe('cancelled')
  await startImport(house.ctx, run, { dryRun: false, allOrNothing: false })
  await performImport(house.ctx, importOffers, run)
  expect((await getRun(house.ctx, run)).state).toBe('done')
})

test('that somebody cancelled while its worker was dead stays cancelled', async () => {
  const run = await queued('cancelled.csv')
  await died(run, true)
  await house.rows(`update imports.run set "cancelAskedAt" = now() where id = $1`, [run])
  await resume()
  expect((await getRun(house.ctx, run)).state).toBe('cancelled')
})

test('what failed before it began does not wait for ever', async () => {
  const run = await queued('broken.csv')
  await house.rows(`update imports.run set profile = profile || '{"columns": null}' where id = $1`, [run])
  await performImport(house.ctx, importOffers, run).catch(() => {})
  expect((await getRun(house.ctx, run)).state).toBe('failed')
})
