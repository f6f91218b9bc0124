/** Too much work at once: some are answered soon, the others told to come back, and nobody is shown a bare error. */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '#test/kit/database.ts'
import { compose, type OpenedApp } from './app.ts'
import { migrationFolders } from './modules.ts'
import { createWeb } from './server.ts'
import { stylesAddress } from './static.ts'

const quiet = { info() {}, warn() {}, error() {} }
let opened: Omit<OpenedApp, 'applied'>
let server: FastifyInstance
let address: string
beforeAll(async () => {
  opened = await compose(await freshDatabase({ folders: migrationFolders }), { log: quiet })
  server = await createWeb(opened.app, { limits: { readsPerMinute: false, writesPerMinute: false } })
  address = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.close()
  await opened.close()
})

const list = '/api/v1/strategy/outcomes'
const page = (language: string) => ({ headers: { accept: 'text/html', 'accept-language': language } })

/** Takes every connection of the pool, so that all work waits. */
async function holdPool(): Promise<() => void> {
  const { pool } = opened.app.database
  const held: PoolClient[] = []
  for (let count = 0; count < pool.options.max; count++) held.push(await pool.connect())
  return () => {
    for (const client of held.splice(0)) client.release()
  }
}

test('the first answer of a server is never a refusal', async () => {
  expect((await fetch(`${address}${list}`)).status).toBe(200)
})

test('while the database keeps everybody waiting, more are told to come back, and nothing else is shut', async () => {
  const release = await holdPool()
  try {
    const taken = Array.from({ length: 20 }, () => fetch(`${address}${list}`))
    await sleep(1200)
    const refused = await fetch(`${address}${list}`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await refused.json()).toMatchObject({ reason: 'http.busy', status: 503, instance: list })
    for (const [language, words] of [
      ['en', 'One moment'],
      ['zh-CN', '请稍候'],
    ] as const) {
      const moment = await fetch(`${address}/strategy/outcomes`, page(language))
      const html = await moment.text()
      expect([moment.status, moment.headers.get('retry-after')]).toEqual([503, '5'])
      expect(html).toContain('<meta http-equiv="refresh" content="5"')
      expect(html).toContain(words)
      expect(html).not.toContain('<script')
    }
    expect((await fetch(address + stylesAddress())).status).toBe(200)
    expect((await fetch(`${address}/health/live`)).status).toBe(200)
    const out = await fetch(`${address}/sign-out`, { method: 'POST', redirect: 'manual', ...page('en') })
    expect(out.status).not.toBe(503)
    release()
    const answers = await Promise.all(taken)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await fetch(`${address}${list}`)).status).toBe(200)
  } finally {
    release()
  }
})

test('who sends slowly is no work, however many they are', async () => {
  const { port } = new URL(address)
  const slow = Array.from({ length: 150 }, () => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      'POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\na',
    )
    return socket
  })
  await sleep(300)
  const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(`${address}${list}`)))
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
  for (const socket of slow) socket.destroy()
})

test('a refused upload of somebody unknown is not read to its end', async () => {
  const { port } = new URL(address)
  const socket = connect(Number(port), '127.0.0.1')
  let sent = 0
  let heard = ''
  const piece = Buffer.alloc(65_536, 120)
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    heard += bytes
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.write(
    'POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 500000000\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
  )
  const pour = () => {
    while (!socket.destroyed && socket.write(piece)) sent += piece.length
  }
  socket.on('drain', pour)
  pour()
  await closed
  expect(heard).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect(sent).toBeLessThan(100_000_000)
})
