/** Child of the benchmark: the limit. Fastify with `pg` and nothing else, on the same database, doing the same work. */
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { openDatabase } from '#platform/db/index.ts'
import { databaseOptions } from '../src/main/options.ts'

const { pool, close } = await openDatabase({ applicationName: 'bare', ...databaseOptions() })
const server = fastify()
const idOf = (params: unknown) => (params as { id: string }).id
const pages = new Map<number, string>()
/** A page of this many bytes, made once. */
const pageOf = (bytes: number): string => {
  const known = pages.get(bytes) ?? `<!doctype html><title>A page</title>`.padEnd(bytes, 'Words of a page. ')
  pages.set(bytes, known)
  return known
}

server.get('/record/:id', async (request) => {
  const { rows } = await pool.query('select * from records.record where id = $1', [idOf(request.params)])
  return rows[0]
})
server.get('/list', async () => {
  const { rows } = await pool.query(
    `select r.*, t.* from records.record r join strategy.objective t on t.id = r.id
     where r.kind = 'strategy.objective' order by r.code limit 50`,
  )
  return { items: rows }
})
server.get('/indicators', async () => {
  const { rows } = await pool.query(
    `select r.*, t.* from records.record r join indicators.indicator t on t.id = r.id
     where r.kind = 'indicators.indicator' order by r.code limit 50`,
  )
  return { items: rows }
})
server.post('/change/:id', async (request) => {
  const { title } = request.body as { title: unknown }
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query(
      'update records.record set title = $2, version = version + 1, "changedAt" = now() where id = $1 returning *',
      [idOf(request.params), JSON.stringify(title)],
    )
    await client.query('commit')
    return rows[0]
  } finally {
    client.release()
  }
})
server.get('/search', async (request) => {
  const { q } = request.query as { q: string }
  const { rows } = await pool.query(
    `select r.id, r.title, ts_rank(s.words, q) as rank from to_tsquery('simple', $1) q
     join records.search s on s.words @@ q join records.record r on r.id = s.record order by rank desc limit 20`,
    [q],
  )
  return { items: rows }
})
server.get('/page', (request, reply) =>
  reply.type('text/html; charset=utf-8').send(pageOf(Number((request.query as { bytes: string }).bytes))),
)

await server.listen({ host: '127.0.0.1', port: 0 })
process.on('message', (question) => {
  if (question === 'memory') process.send?.({ bytes: process.memoryUsage.rss() })
  if (question === 'times') process.send?.({ times: [] })
})
const stop = async () => {
  await server.close()
  await close()
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('disconnect', () => void stop())
process.send?.({ port: (server.server.address() as AddressInfo).port })
