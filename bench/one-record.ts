/**
 * One public record read over HTTP, compared with a bare Fastify with a bare `pg` point select, on the same machine,
 * the same database and in turns. `node --import ./src/main/tsx.ts bench/one-record.ts [seconds]`; the limit is 0.6 of
 * the bare one for the public, 0.5 for somebody signed in. The figure is the median over short rounds, because other
 * programs come and go.
 */
import type { AddressInfo } from 'node:net'
import autocannon from 'autocannon'
import fastify, { type FastifyInstance } from 'fastify'
import { type Caller, nobody } from '#platform/caller.ts'
import { createServer } from '#platform/http/index.ts'
import { openLog } from '#platform/log.ts'
import { openCore } from '../test/kit/core.ts'

const seconds = Number(process.argv[2] ?? 1)
const rounds = 7
const connections = 32
const many = 100_000_000

const core = await openCore()
const { registry, policies } = core.as()
const makeAll = async () => {
  const organisation = await core.make('directory.organisation', {
    title: 'Works',
    organisationKind: 'department',
    sector: 'public',
  })
  const changes = Array.from({ length: 500 }, (_each, index) => ({
    kind: 'strategy.outcome',
    action: 'create',
    values: {
      title: { en: `Streets that are safe for everybody ${index}`, 'zh-Hans': `人人安全的街道 ${index}` },
      description: { en: 'Fewer people are hurt in traffic, wherever they live and however they move. '.repeat(3) },
      organisation,
      rule: 'all',
    },
  }))
  const { saved } = await core.write(changes)
  await core.write(saved.map(({ id }) => ({ kind: 'strategy.outcome', id, action: 'publish' })))
  return saved.map(({ id }) => id)
}
const ids = await makeAll()
await core.database.pool.query('analyze')

const signedIn: Caller = {
  ...nobody,
  account: ids[0]!,
  posts: [ids[1]!],
  grants: [{ role: 'analyst', organisations: [ids[2]!] }],
}
const ours = await createServer({
  app: {
    registry,
    policies,
    database: core.database,
    log: openLog({ write: () => {} }),
    city: { name: { en: 'Bench' }, timeZone: 'UTC', language: 'en', demo: false },
    send: async () => null,
    routes: [],
  },
  callerOf: (request) =>
    request.cookies.commonweal ? Promise.resolve({ caller: signedIn, csrf: 'x' }) : { caller: nobody, csrf: '' },
  limits: { readsPerMinute: many, writesPerMinute: many },
})
const bare = fastify()
bare.get('/plain/:id', async (request) => {
  const { rows } = await core.database.pool.query('select * from records.record where id = $1', [
    (request.params as { id: string }).id,
  ])
  return rows[0]
})
bare.get('/prepared/:id', async (request) => {
  const { rows } = await core.database.pool.query({
    name: 'bare',
    text: 'select * from records.record where id = $1',
    values: [(request.params as { id: string }).id],
  })
  return rows[0]
})

const portOf = async (server: FastifyInstance) => {
  await server.listen({ host: '127.0.0.1', port: 0 })
  return (server.server.address() as AddressInfo).port
}
const ports = { ours: await portOf(ours), bare: await portOf(bare) }

const runs = {
  'bare, point select': { port: ports.bare, path: '/plain/', headers: {} },
  'bare, prepared point select': { port: ports.bare, path: '/prepared/', headers: {} },
  'ours, public': { port: ports.ours, path: '/api/v1/strategy/outcomes/', headers: {} },
  'ours, signed in': { port: ports.ours, path: '/api/v1/strategy/outcomes/', headers: { cookie: 'commonweal=x' } },
}
type Name = keyof typeof runs

async function measure(name: Name, duration: number): Promise<number> {
  const { port, path, headers } = runs[name]
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration,
    workers: 1,
    headers,
    requests: ids.slice(0, 100).map((id) => ({ method: 'GET', path: path + id })),
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${name}: ${result.non2xx} answers were not 2xx.`)
  return result.requests.average
}

const names = Object.keys(runs) as Name[]
const [bareName] = names as [Name]
const median = (values: readonly number[]) => values.toSorted((left, right) => left - right)[values.length >> 1]!
const rates = new Map<Name, number[]>(names.map((name) => [name, []]))
const ratios = new Map<Name, number[]>(names.map((name) => [name, []]))
for (const name of names) await measure(name, 1)
for (let round = 0; round < rounds; round++) {
  let beside = 0
  for (const name of names) {
    const rate = await measure(name, seconds)
    if (name === bareName) beside = rate
    rates.get(name)!.push(rate)
    ratios.get(name)!.push(rate / beside)
  }
}

for (const name of names) {
  const rate = String(Math.round(median(rates.get(name)!))).padStart(7)
  console.log(`${name.padEnd(30)} ${rate}/s  ${median(ratios.get(name)!).toFixed(2)} ×`)
}
const limits: Array<[Name, number]> = [
  ['ours, public', 0.6],
  ['ours, signed in', 0.5],
]
for (const [name, least] of limits) {
  const ratio = median(ratios.get(name)!)
  console.log(`${name}: ${ratio.toFixed(2)} × (limit ${least}) ${ratio >= least ? 'holds' : 'MISSED'}`)
  if (ratio < least) process.exitCode = 1
}
await ours.close()
await bare.close()
await core.close()
