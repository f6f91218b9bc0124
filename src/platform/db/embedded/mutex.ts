import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, StartProblem } from '../start-problem.ts'

/** Longer than the slowest honest holder: a first start on a slow disk, or a stop with a lot to write. */
const patienceMs = 120_000

/**
 * Runs `body` while no other process or thread of this machine runs one for the same directory.
 *
 * The lock is a listening socket in Linux's abstract name space (unix(7)): taken in one step, and given back by the
 * kernel when its holder dies, even by kill -9, so there are no stale locks to judge.
 */
export async function exclusively<Result>(directory: string, body: () => Promise<Result>): Promise<Result> {
  const { dev, ino } = await stat(directory)
  const name = createHash('sha256').update(`${dev}:${ino}:${directory}`).digest('hex').slice(0, 32)
  const deadline = Date.now() + patienceMs
  for (;;) {
    const release = await tryTake(`\0commonweal-${name}`)
    if (release !== undefined) {
      try {
        return await body()
      } finally {
        await release()
      }
    }
    if (Date.now() > deadline) {
      throw new StartProblem(
        'database.busy',
        `Another process has been starting or stopping the database in ${directory} for ${patienceMs / 1000} seconds: end it, or set DATABASE_URL.`,
        75,
      )
    }
    await sleep(10 + Math.random() * 10)
  }
}

function tryTake(path: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => (errorCode(error) === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen({ path, exclusive: true }, () => {
      resolve(() => new Promise((released) => server.close(() => released())))
    })
  })
}
