import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { counter, limitTime } from './connections.ts'
import { sweepUploads } from './forms.ts'

const ends: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

test('one address gets as many as it may, and another once one is given back', () => {
  const counts = counter(2)
  expect([counts.take('a'), counts.take('a'), counts.take('a'), counts.take('b')]).toEqual([true, true, false, true])
  counts.giveBack('a')
  expect([counts.take('a'), counts.take('a')]).toEqual([true, false])
})

/** What a server says to a request whose body stops after its first bytes, until it hangs up. */
async function answerTo(path: string, sent: string): Promise<string> {
  const server = fastify()
  limitTime(server, { bodyMs: 30, filesMs: 60_000, afterAnswerMs: 30 })
  server.post('/slow', async () => 'read')
  server.addContentTypeParser('text/csv', (_request, _payload, done) => done(null, null))
  server.post('/refused', async (_request, reply) => reply.code(403).send('no'))
  await server.listen({ host: '127.0.0.1', port: 0 })
  ends.push(() => server.close())
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1')
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n${sent}`)
  await new Promise((resolve) => socket.once('close', resolve))
  return text
}

test('a body that does not come is not waited for', async () => {
  expect(await answerTo('/slow', 'content-type: application/json\r\n\r\n{"a":')).toMatch(/^HTTP\/1.1 408 /)
})

test('a body that goes on after the answer is cut off', async () => {
  expect(await answerTo('/refused', 'content-type: text/csv\r\n\r\na,b')).toMatch(/^HTTP\/1.1 403 /)
})

test('files that earlier processes left behind are swept, those of a living one stay', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sweep-'))
  ends.push(() => rm(folder, { recursive: true }))
  // No process has a number as high as this; the parent of this one lives.
  const living = `commonweal-upload-${process.ppid}-abc`
  for (const name of ['commonweal-upload-old', 'commonweal-upload-4999999-abc', living, 'something-else'])
    await mkdir(join(folder, name))
  expect(await sweepUploads(folder)).toBe(2)
  expect((await readdir(folder)).sort()).toEqual([living, 'something-else'])
})
