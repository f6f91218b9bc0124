/**
 * Every operation of the API description, asked by nobody and by each of the nine people of the demo city: as described,
 * nearly so, and with what breaks programs. Every answer must be one that the description names. `npm run fuzz` sends
 * 20,000 requests (FUZZ_REQUESTS), `npm test` some hundreds; FUZZ_SEED repeats a run. Requests are injected: nothing leaves
 * the process.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, openWeb, type TestWeb } from '#test/kit/visitors.ts'
import accounts from '../../src/main/demo/accounts.json' with { type: 'json' }
import { type Judge, judgeOf, type Operation } from './document.ts'
import { type Pool, readPool } from './pool.ts'
import { type Random, randomOf } from './random.ts'
import { type Asked, type Mode, modes, requestFor } from './requests.ts'

/** For `npm test`; together with the demo city within 20 s on two busy cores. */
const usual = 1000
const requests = Number(process.env.FUZZ_REQUESTS ?? usual)
const seed = Number(process.env.FUZZ_SEED ?? 20261201)
/** Overload is answered with one of these, and tells nothing about the description. */
const shed = new Set(['http.busy', 'database.busy', 'database.too-slow'])

type Visitor = { readonly name: string; readonly browser: Browser; signIn: () => Promise<void> }

let web: TestWeb
let judge: Judge
let pool: Pool
let random: Random
let visitors: Visitor[]

beforeAll(async () => {
  web = await openWeb({
    web: { limits: { readsPerMinute: false, writesPerMinute: false, signInsPerMinute: false, loopDelayMs: 0 } },
  })
  random = randomOf(seed)
  visitors = [{ name: 'nobody', browser: web.browser(), signIn: async () => {} }]
  for (const { login } of accounts) {
    const browser = web.browser()
    const signIn = async () => {
      browser.cookies.clear()
      const { status } = await browser.signIn(login)
      if (status !== 303) throw new Error(`${login} cannot sign in: ${status}`)
    }
    await signIn()
    visitors.push({ name: login, browser, signIn })
  }
  const nils = visitors.find(({ name }) => name === 'nils')!.browser
  judge = judgeOf((await nils.get('/api/v1/openapi.json')).text)
  pool = await readPool(web, random, async (path) => (await nils.get(path, { accept: 'application/json' })).text)
}, 120_000)
afterAll(() => web?.close())

type Tally = {
  sent: number
  shed: number
  statuses: Map<number, number>
  faults: Map<string, { count: number; example: string }>
}

async function ask(operation: Operation, visitor: Visitor, mode: Mode, tally: Tally): Promise<void> {
  const asked = await requestFor(operation, mode, { judge, random, pool })
  const status = await send(operation, asked, visitor, mode, tally)
  // A city whose bodies are all taken out of use refuses everything else: most of what was retired comes back at once.
  const back = judge.operations.find(({ path, method }) => method === 'POST' && path === `${operation.path}/restore`)
  if (status === 204 && back && random.chance(0.8))
    await send(
      back,
      { method: 'POST', path: `${asked.path}/restore`, headers: {}, payload: undefined },
      visitor,
      mode,
      tally,
    )
  // What one may not do, somebody else may: otherwise most answers would say 403 and little else.
  if (status !== 403 || mode === 'hostile') return
  for (const other of [random.pick(visitors), random.pick(visitors), visitors.find(({ name }) => name === 'nils')!])
    if ((await send(operation, asked, other, mode, tally)) !== 403) return
}

async function send(
  operation: Operation,
  { method, path, headers, payload }: Asked,
  visitor: Visitor,
  mode: Mode,
  tally: Tally,
): Promise<number> {
  const answer = await visitor.browser.request(method, path, {
    headers,
    ...(payload === undefined ? {} : { payload }),
  })
  tally.sent += 1
  tally.statuses.set(answer.status, (tally.statuses.get(answer.status) ?? 0) + 1)
  if (answer.status === 503 && [...shed].some((reason) => answer.text.includes(`"${reason}"`))) {
    tally.shed += 1
    return answer.status
  }
  const faults = judge.faultsOf(operation, answer)
  if (answer.status >= 500) faults.push(`${answer.status} ${answer.text.slice(0, 300)}`)
  for (const fault of faults) {
    const about = operation.kind ? operation.path.replace(/^\/api\/v1\/[^/]+\/[^/]+/, '…') : operation.path
    const key = `${method} ${about}: ${fault.replaceAll(/"request":"[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}/g, '#')}`
    const known = tally.faults.get(key)
    const example = `${visitor.name}, ${mode}: ${method} ${path.slice(0, 300)} ${JSON.stringify(headers)} ${payload?.slice(0, 600) ?? ''} → ${answer.text.slice(0, 500)}`
    tally.faults.set(key, { count: (known?.count ?? 0) + 1, example: known?.example ?? example })
  }
  pool.learn(answer.status, answer.headers, answer.text)
  // Somebody whose session a request has ended comes back.
  if (answer.status === 401 && visitor.name !== 'nobody') await visitor.signIn()
  return answer.status
}

test(
  `${requests} requests with seed ${seed}: every answer is one that the description names`,
  async () => {
    const tally: Tally = { sent: 0, shed: 0, statuses: new Map(), faults: new Map() }
    const begun = performance.now()
    // Operations × visitors × modes, in an order in which a short run meets every operation, every visitor and every mode.
    const { operations } = judge
    for (let turn = 0; tally.sent < requests; turn += 1) {
      const round = Math.floor(turn / operations.length)
      const place = turn % operations.length
      await ask(
        operations[place]!,
        visitors[(place + round) % visitors.length]!,
        modes[(place + round + Math.floor(round / 10)) % modes.length]!,
        tally,
      )
    }
    const seconds = (performance.now() - begun) / 1000
    const statuses = [...tally.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
    console.log(
      `seed ${seed}: ${tally.sent} requests to ${operations.length} operations as ${visitors.length} people in ${seconds.toFixed(1)} s; ${tally.shed} shed; ${statuses.join(', ')}`,
    )
    const faults = [...tally.faults].map(([fault, { count, example }]) => `${count} × ${fault}\n    ${example}`)
    expect(faults.join('\n'), `repeat with FUZZ_SEED=${seed}`).toBe('')
  },
  30_000 + requests * 100,
)

test('whoever asks too often, or while the house stops, gets an answer that the description names as well', async () => {
  const busy = await openWeb({ demo: false, web: { limits: { readsPerMinute: 2, loopDelayMs: 0 } } })
  try {
    const { get } = busy.browser()
    const described = (path: string) => judge.operations.find((each) => each.method === 'GET' && each.path === path)!
    for (const status of [200, 200, 429]) {
      const answer = await get('/api/v1/history/head')
      expect(answer.status).toBe(status)
      expect(judge.faultsOf(described('/api/v1/history/head'), answer)).toEqual([])
    }
    for (const status of [200, 503]) {
      const answer = await get('/health/ready')
      expect(answer.status).toBe(status)
      expect(judge.faultsOf(described('/health/ready'), answer)).toEqual([])
      busy.server.stopping.now = true
    }
  } finally {
    await busy.close()
  }
})
