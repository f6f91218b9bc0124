/**
 * What an earlier release backed up lives on: restored into a new house, and in a database of that release that is brought
 * up to date. Its history proves itself, nothing of its content is lost, its addresses answer.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '#kernel/problem.ts'
import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { hashOf, writeContent } from '#platform/exchange/index.ts'
import type { AppContext } from '#platform/page.ts'
import { sealAll, type UndoConflict, undo, verifyAll, write } from '#platform/records/index.ts'
import { freshDatabase } from '#test/kit/database.ts'
import { differences, itemsIn, oldCities, restoreCity, upgradeCity } from '#test/kit/releases.ts'
import { type Browser, browserOf } from '#test/kit/visitors.ts'
import { compose, type OpenedApp } from './app.ts'
import { exchange, secrets } from './modules.ts'
import { createWeb } from './server.ts'

const quiet = { info: () => {}, warn: () => {}, error: console.error }

/** Redirects of an old address that are followed. */
const maxSteps = 5

/** Addresses requested at once; the program has six connections here. */
const atOnce = 5

/** Both ways end in the same database, so that the addresses are tried once. */
const ways = [
  { way: 'restored into a new house', bring: restoreCity, visited: true },
  { way: 'in its own database, brought up to date', bring: upgradeCity, visited: false },
]
const all = oldCities.flatMap((old) => ways.map((way) => ({ ...way, old, name: `${old.release}: ${old.city}` })))

test('every release of the changelog has left its two cities', () => {
  const changelog = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8')
  const released = [...changelog.matchAll(/^## (\d+\.\d+\.\d+)(?!.*unreleased)/gm)].map((match) => match[1]!)
  for (const release of new Set(['0.1.0', ...released])) {
    const cities = oldCities.filter((old) => old.release === release).map((old) => old.city)
    expect([release, ...cities]).toEqual([release, 'demo-city', 'new-york'])
  }
})

describe.each(all)('$name, $way', ({ old, bring, visited }) => {
  let opened: Omit<OpenedApp, 'applied'>
  let ctx: AppContext
  const rows = async <Row>(text: string) => (await opened.app.database.pool.query(text)).rows as Row[]
  const count = async (table: string) => Number((await rows<{ n: string }>(`select count(*) as n from ${table}`))[0]!.n)

  beforeAll(async () => {
    const database = await freshDatabase({ folders: [] })
    await bring(database, old)
    // The house reads the day after the backup, whatever day it is here.
    const now = () => new Date(Date.parse(old.madeAt) + 24 * 3_600_000)
    opened = await compose(database, { log: quiet, now })
    ctx = contextOf(opened.app, systemCaller, 'en')
  })
  afterAll(() => opened?.close())

  test('has a whole history that begins with the one that was published', async () => {
    const [position, hash] = old.head.split(':') as [string, string]
    const verdict = await verifyAll(
      opened.app.database,
      { registry: opened.app.registry, secrets },
      { position: Number(position), hash },
    )
    expect(verdict.differences).toEqual([])
    expect(verdict).toMatchObject({ whole: true, faults: [] })
    const sealed = `select e."changeSet" from records.entry e join records.seal s on s.entry = e.id where s.position <= ${position}`
    expect(await count(`(${sealed}) entries`)).toBe(old.entries)
    // What was added since was written by the program during the upgrade, and by nobody else.
    expect(await count(`records."changeSet" where account is not null and id not in (${sealed})`)).toBe(0)
    expect(await count('records."changeSet"')).toBeGreaterThanOrEqual(old.changeSets)
    expect(await count('records.personal')).toBeGreaterThanOrEqual(old.personalValues)
  })

  test('has every record it had', async () => {
    const counted = await rows<{ kind: string; n: string }>(
      'select kind, count(*) as n from records.record group by kind order by kind',
    )
    expect(Object.fromEntries(counted.map(({ kind, n }) => [kind, Number(n)]))).toMatchObject(old.records)
  })

  test('has the content it had, but for what somebody has looked at', async () => {
    let document = ''
    const format = exchange.formats.find((each) => each.name === 'json')!
    for await (const piece of writeContent(ctx, { format, scope: { of: 'all' } })) document += piece
    const changed = differences(old.content(), itemsIn(document))
    const reviewed = old.reviewed?.places ?? {}
    // Places with an example of what differs, and nobody has declared; then declared ones that do not differ or give no reason.
    expect(Object.entries(changed).filter(([place]) => !(place in reviewed))).toEqual([])
    expect(Object.entries(reviewed).filter(([place, why]) => !(place in changed) || why.trim() === '')).toEqual([])
    expect(await hashOf(ctx, { of: 'all' })).toBe(old.reviewed?.contentHash ?? old.contentHash)
  })

  if (visited)
    test('answers at every old address, to the one who signs in with the old password', async () => {
      const server = await createWeb(opened.app, { limits: { readsPerMinute: false, loopDelayMs: 0 } })
      const browser = browserOf(server)
      expect(await browser.signIn(old.signIn.login, old.signIn.password)).toMatchObject({ status: 303 })
      const lost: string[] = []
      for (let at = 0; at < old.addresses.length; at += atOnce) {
        const few = old.addresses.slice(at, at + atOnce)
        const ends = await Promise.all(few.map((address) => follow(browser, address)))
        lost.push(...ends.flatMap((end, index) => (end ? [`${few[index]}: ${end}`] : [])))
      }
      await server.close()
      expect(lost).toEqual([])
    })

  // Runs where a reviewed difference says that a migration changed the shape of fields.
  test.runIf(old.reviewed)('does not take back what stands in another form today, and says so', async () => {
    const reshaped = await rows<{ record: string; code: string; first: string; changeSet: string }>(`
      select distinct on (e.record) e.record, r.code, f."changeSet" as first, e."changeSet"
      from records.entry e join records.record r on r.id = e.record join records.entry f on f.record = e.record
      where (e.content::json)->>'action' = 'reshape' order by e.record, f.sequence`)
    expect(reshaped.length).toBeGreaterThan(0)
    const { record, first, changeSet } = reshaped[0]!
    const undoing = inTransaction(ctx, (tx) => undo(tx, first, { mode: 'all', source: 'test' }))
    const problem = await undoing.then(
      () => undefined,
      (error: Problem) => error,
    )
    expect(problem).toMatchObject({ kind: 'Conflict', reason: 'records.undo-conflict' })
    const conflicts = (problem!.extra.conflicts as UndoConflict[]).filter((each) => each.record === record)
    expect(conflicts).toContainEqual(expect.objectContaining({ reason: 'record.reshaped', changeSet }))
  })

  test('goes on: a number is not given twice, and what is written is sealed after the rest', async () => {
    const { saved } = await inTransaction(ctx, (tx) =>
      write(tx, { source: 'test' }, [
        { kind: 'strategy.plan', action: 'create', values: { title: 'New', levels: [{ en: 'Goal' }] } },
      ]),
    )
    expect(saved[0]!.code).toBe('PLN-0002')
    await sealAll(opened.app.database)
    const [position, hash] = old.head.split(':') as [string, string]
    const verdict = await verifyAll(
      opened.app.database,
      { registry: opened.app.registry, secrets },
      { position: Number(position), hash },
    )
    expect(verdict.differences).toEqual([])
    expect(verdict).toMatchObject({ whole: true, unsealed: 0 })
    expect(verdict.position).toBeGreaterThan(Number(position))
  })
})

/** Nothing where the address leads to a page; else where it ends and how. */
async function follow(browser: Browser, address: string): Promise<string | undefined> {
  let [at, status] = [address, 0]
  for (let step = 0; step <= maxSteps; step += 1) {
    const answer = await browser.get(at)
    status = answer.status
    if (status === 200) return undefined
    if (![301, 303, 308].includes(status) || !answer.location || answer.location.startsWith('/sign-in')) break
    at = answer.location
  }
  return `${status} at ${at}`
}
