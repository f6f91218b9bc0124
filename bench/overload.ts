/**
 * Twice the load that can be served: what is taken on is answered soon, the rest is refused at once, and memory stays flat.
 * Then an attack without signing in: uploads of large files and bodies that are sent a byte at a time, while others read.
 * One minute with `--short`, else ten; only when named.
 */
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import autocannon, { type Options, type Result } from 'autocannon'
import { type Child, startChild } from './children.ts'
import type { BenchCity } from './city.ts'
import { type Figure, type Line, median, quantile } from './figure.ts'

type Asked = { readonly path: string; readonly headers: Record<string, string> }
type Heard = {
  readonly seconds: number
  /** Milliseconds of each answer that was served, and of each that was refused with 503. */
  readonly served: number[]
  readonly refused: number[]
  /** Refused without saying when to come back; any other answer; no answer. */
  naked: number
  other: number
  lost: number
}

const api = '/api/v1/strategy/objectives'

/** What many people do at once: a list, a record, a search, a page that is not kept. */
function mixed(city: BenchCity): () => Asked {
  let count = 0
  return () => {
    const turn = count++
    const headers: Record<string, string> = turn % 2 === 0 ? { cookie: city.cookie } : {}
    const id = city.objectives[turn % city.objectives.length]
    const word = city.words[turn % city.words.length] ?? 'water'
    const paths = [
      `${api}?limit=50`,
      `${api}/${id}`,
      `/api/v1/search?q=${encodeURIComponent(word)}`,
      `/about?n=${turn}`,
    ]
    return { path: paths[turn % paths.length]!, headers }
  }
}

/** Load over `seconds`: as much as comes back from so many connections, or `perSecond` whatever comes back. */
async function load(
  address: string,
  next: () => Asked,
  how: { readonly seconds: number; readonly connections: number; readonly perSecond?: number },
): Promise<Heard> {
  const heard: Heard = { seconds: how.seconds, served: [], refused: [], naked: 0, other: 0, lost: 0 }
  const over = Promise.withResolvers<Result>()
  const options: Options = {
    url: address,
    connections: how.connections,
    duration: how.seconds,
    timeout: 30,
    ...(how.perSecond ? { overallRate: Math.round(how.perSecond), ignoreCoordinatedOmission: true } : {}),
    requests: [
      {
        setupRequest: (request) => ({ ...request, ...next() }),
        onResponse: (status, _body, _context, headers) => {
          if (status === 503 && !(headers as Record<string, string>)['retry-after']) heard.naked++
        },
      },
    ],
  }
  const running = autocannon(options, (error, result) => (error ? over.reject(error) : over.resolve(result)))
  running.on('response', (_client, status, _bytes, ms) => {
    if (status === 503) heard.refused.push(ms)
    else if (status === 200) heard.served.push(ms)
    else heard.other++
  })
  const result = await over.promise
  heard.lost = result.errors + result.timeouts
  return heard
}

/** Memory once a second while something runs. */
async function whileWatching<Found>(web: Child, work: Promise<Found>): Promise<{ found: Found; memory: number[] }> {
  const memory: number[] = []
  let over = false
  const watching = (async () => {
    while (!over) {
      memory.push(await web.memory())
      await sleep(1000)
    }
  })()
  const found = await work.finally(() => {
    over = true
  })
  await watching
  return { found, memory }
}

/** Sockets of somebody who means harm; each is opened again as soon as it is closed. */
function attack(address: string): { readonly end: () => void; readonly sent: () => number } {
  const { port } = new URL(address)
  const open = new Set<Socket>()
  const timers = new Set<NodeJS.Timeout>()
  let over = false
  let bytes = 0
  const socket = (begin: (socket: Socket) => void) => {
    if (over) return
    const one = connect(Number(port), '127.0.0.1')
    open.add(one)
    one.on('error', () => {})
    one.on('data', () => {})
    one.once('connect', () => begin(one))
    one.once('close', () => {
      open.delete(one)
      const again = setTimeout(() => {
        timers.delete(again)
        socket(begin)
      }, 200)
      timers.add(again)
    })
  }
  const piece = Buffer.alloc(65_536, 120)
  // Forms for files where files are taken, without any right to send them: 200 MB each, as fast as they are taken.
  for (let index = 0; index < 10; index++)
    socket((one) => {
      one.write(
        'POST /import HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 200000000\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
      )
      const pour = () => {
        while (!one.destroyed && one.write(piece)) bytes += piece.length
      }
      one.on('drain', pour)
      pour()
    })
  // Bodies that come a byte a second.
  for (let index = 0; index < 200; index++)
    socket((one) => {
      one.write(
        'POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100000\r\n\r\n',
      )
      const drip = setInterval(() => one.write('a'), 1000)
      timers.add(drip)
      one.once('close', () => clearInterval(drip))
    })
  return {
    end: () => {
      over = true
      for (const timer of timers) clearTimeout(timer)
      for (const one of open) one.destroy()
    },
    sent: () => bytes,
  }
}

const per = (heard: Heard, what: readonly number[]) => what.length / heard.seconds
const rest = ({ other, lost, naked }: Heard) =>
  `${other} other answers, ${lost} without answer, ${naked} refused without Retry-After`

export const overload: Figure = {
  name: 'overload',
  alone: true,
  measure: async (stage) => {
    const city = await stage.city()
    const web = await startChild('server.ts', city.directory, { SHEDDING: 'on' })
    const seconds = stage.short ? 60 : 600
    const next = mixed(city)
    await load(web.address, next, { seconds: 5, connections: 16 })
    const calm = await load(web.address, next, { seconds: 10, connections: 16 })
    const capacity = per(calm, calm.served)
    const { found: twice, memory } = await whileWatching(
      web,
      load(web.address, next, { seconds, connections: 1000, perSecond: capacity * 2 }),
    )
    const third = Math.ceil(memory.length / 3)
    const grown = median(memory.slice(-third)) / median(memory.slice(third, 2 * third))
    // Others, at a quarter of what can be served, without and with the attack beside.
    const quarter = { seconds: stage.short ? 15 : 60, connections: 8, perSecond: capacity / 4 }
    await sleep(2000)
    const alone = await load(web.address, next, quarter)
    const attacked = attack(web.address)
    await sleep(1000)
    const beside = await load(web.address, next, quarter)
    const poured = attacked.sent()
    attacked.end()
    await web.close()
    const lines: Line[] = [
      {
        name: 'twice the load: p99 of what is served',
        unit: 'ms',
        ours: quantile(twice.served, 0.99),
        target: { text: '≤ 2,000 ms', holds: (ours) => ours <= 2000 },
        note: `${Math.round(seconds)} s at ${Math.round(capacity * 2)}/s wanted, ${Math.round(per(twice, twice.served))}/s served (${Math.round(capacity)}/s with 16 connections), ${Math.round(per(twice, twice.refused))}/s refused, p50 ${Math.round(quantile(twice.served, 0.5))} ms, longest ${Math.round(twice.served.reduce((most, ms) => Math.max(most, ms), 0))} ms; ${rest(twice)}`,
      },
      {
        name: 'twice the load: p99 of what is refused',
        unit: 'ms',
        ours: quantile(twice.refused, 0.99),
      },
      {
        name: 'twice the load: growth of memory',
        unit: '%',
        ours: (grown - 1) * 100,
        target: { text: '≤ 10 %', holds: (ours) => ours <= 10 },
        note: `last third against the second; most ${Math.round(Math.max(...memory))} MB`,
      },
      {
        name: 'under attack: p99 of the others',
        unit: 'ms',
        ours: quantile(beside.served, 0.99),
        limit: { name: 'without the attack', value: quantile(alone.served, 0.99) },
        target: { text: '≤ 500 ms, none refused', holds: (ours) => ours <= 500 && beside.refused.length === 0 },
        note: `10 uploads of 200 MB without signing in (${Math.round(poured / 1e6)} MB were taken from them), 200 bodies of a byte a second; ${Math.round(per(beside, beside.served))}/s served, ${beside.refused.length} refused; ${rest(beside)}`,
      },
    ]
    return lines
  },
}
