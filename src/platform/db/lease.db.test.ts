import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '#test/kit/database.ts'
import type { Database } from './connection.ts'
import { takeLease } from './lease.ts'
import { ownProcessMark } from './process-mark.ts'

let db: Database

beforeAll(async () => {
  db = await freshDatabase({ folders: [] })
})
afterAll(() => db?.close())

const never = () => {
  throw new Error('the lease was lost')
}

/** Makes the lease look as if another holder had taken it. */
async function heldBy(name: string, change: { scope?: string; pid?: number; startedAt?: string; secondsAgo?: number }) {
  const mark = { ...ownProcessMark(), ...change }
  await db.pool.query(
    `insert into commonweal.lease values ($1, gen_random_uuid(), 'elsewhere', $2, $3, $4, now() - make_interval(secs => $5))`,
    [name, mark.scope, mark.pid, mark.startedAt, change.secondsAgo ?? 0],
  )
}

test('a second one is refused and told who holds it, until the first lets go', async () => {
  const first = await takeLease(db.pool, { name: 'one', onLost: never })
  await expect(takeLease(db.pool, { name: 'one', onLost: never })).rejects.toMatchObject({
    code: 'database.in-use',
    message: expect.stringContaining(`process ${process.pid}`),
  })
  await first.release()
  await (await takeLease(db.pool, { name: 'one', onLost: never })).release()
})

test('of many that try at once, one gets it', async () => {
  const tried = await Promise.allSettled([1, 2, 3, 4, 5].map(() => takeLease(db.pool, { name: 'many', onLost: never })))
  const won = tried.filter((result) => result.status === 'fulfilled')
  expect(won).toHaveLength(1)
  await won[0]!.value.release()
})

test('a dead process on this machine holds nothing, also when its number was given again', async () => {
  const child = spawn('true')
  await new Promise((resolve) => child.once('exit', resolve))
  await heldBy('dead', { pid: child.pid! })
  await (await takeLease(db.pool, { name: 'dead', onLost: never })).release()
  await heldBy('again', { startedAt: '1' })
  await (await takeLease(db.pool, { name: 'again', onLost: never })).release()
})

test('a holder elsewhere is believed while it beats, and not once it has been silent', async () => {
  await heldBy('beats', { scope: 'another-machine', secondsAgo: 1 })
  const refused = expect(takeLease(db.pool, { name: 'beats', onLost: never })).rejects.toMatchObject({
    code: 'database.in-use',
  })
  await sleep(300)
  await db.pool.query(`update commonweal.lease set "beatAt" = clock_timestamp() where name = 'beats'`)
  await refused
  await heldBy('silent', { scope: 'another-machine', secondsAgo: 9 })
  await (await takeLease(db.pool, { name: 'silent', onLost: never })).release()
})

test('a holder whose lease was taken is notified', async () => {
  const lost = new Promise<void>((resolve) => {
    void takeLease(db.pool, { name: 'lost', onLost: resolve }).then(() =>
      db.pool.query(`update commonweal.lease set holder = gen_random_uuid() where name = 'lost'`),
    )
  })
  await lost
})
