/** Pages: the public page from the cache and without it, its script, and the home page of a large city. */
import { contextOf, inTransaction } from '#platform/app.ts'
import { write } from '#platform/records/index.ts'
import { type Figure, inTurns, type Line, median, milliseconds, quantile } from './figure.ts'
import { around, oneByOne, rate } from './load.ts'

/** The address of the first page everybody sees; the home page if there is one. */
async function publicPage(address: string): Promise<string> {
  const answer = await fetch(`${address}/`, { redirect: 'manual' })
  await answer.text()
  return answer.status === 200 ? '/' : '/about'
}

export const page: Figure = {
  name: 'page',
  measure: async (stage) => {
    await stage.city()
    const [web, bare] = [await stage.web(), await stage.bare()]
    const path = await publicPage(web.address)
    let number = 0
    const html = await (await fetch(web.address + path)).text()
    const bytes = Buffer.byteLength(html)
    const found = await inTurns(stage.turns, {
      bare: () => rate(stage, bare.address, () => ({ path: `/page?bytes=${bytes}` })),
      cached: () => rate(stage, web.address, () => ({ path })),
      // Every address is new, so nothing is served from the cache.
      uncached: () => rate(stage, web.address, () => ({ path: `${path}?n=${++number}` })),
    })
    const limit = { name: 'Fastify, a string of the same length', value: found.bare }
    return [
      {
        name: `public page ${path}, cached`,
        unit: '/s',
        ours: found.cached,
        limit,
        target: { text: '≥ 4,000/s', holds: (ours) => ours >= 4000 },
      },
      { name: `public page ${path}, uncached`, unit: '/s', ours: found.uncached, limit },
      {
        name: 'script on the public page',
        unit: 'bytes',
        ours: await scriptBytes(web.address, html),
        target: { text: '0 bytes', holds: (ours) => ours === 0 },
        note: `${Math.round(bytes / 1024)} kB of HTML`,
      },
    ]
  },
}

/** Bytes of all scripts of a page, inline and external; handlers in attributes also count. */
async function scriptBytes(address: string, html: string): Promise<number> {
  let bytes = 0
  for (const [whole, attributes = '', inside = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    const src = /\bsrc="([^"]+)"/.exec(attributes)?.[1]
    bytes += whole.length - inside.length + Buffer.byteLength(inside)
    if (src) bytes += (await (await fetch(new URL(src, address))).arrayBuffer()).byteLength
  }
  for (const [handler] of html.matchAll(/\son[a-z]+="[^"]*"/gi)) bytes += handler.length
  return bytes
}

export const home: Figure = {
  name: 'home',
  measure: async (stage) => {
    const city = await stage.city()
    const web = await stage.web()
    const first = await fetch(`${web.address}/`, { headers: { cookie: city.cookie }, redirect: 'manual' })
    await first.text()
    const { measurements } = city.facts
    const name = `home, ${city.indicators.length < 2000 ? 'a tenth of ' : ''}10,000 indicators, ${measurements.toLocaleString('en')} values`
    if (first.status !== 200) return [{ name, unit: 'ms', note: `not available: / answers ${first.status}` }]
    const { app } = city.opened
    const ctx = contextOf(app, city.caller, 'en')
    let number = 0
    /** The reader writes: for them the home page is recounted immediately, for everybody else within two seconds. */
    const change = () =>
      inTransaction(ctx, (inside) =>
        write(inside, { source: 'bench' }, [
          {
            kind: 'strategy.objective',
            action: 'change',
            id: city.objectives[0]!,
            values: { title: { en: `Home ${++number}` } },
          },
        ]),
      )
    const counting = () =>
      app.database.pool.query(
        `select p.result, count(*) from indicators.performance p join records.record r on r.id = p.indicator where r."retiredAt" is null group by p.result`,
      )
    const lines: Line[] = []
    for (const [who, headers] of [
      ['signed in', { cookie: city.cookie }],
      ['public', {} as Record<string, string>],
    ] as const) {
      for (const state of ['after a change', 'unchanged'] as const) {
        const times: number[] = []
        const limits: number[] = []
        for (let turn = -3; turn < (stage.short ? 10 : 30); turn++) {
          limits.push(await milliseconds(counting))
          if (state === 'after a change') await change()
          await web.times()
          await oneByOne(web.address, [{ path: `/?n=${who.length}${state.length}${turn}`, headers }], 0)
          // The first ones run while the program is still warming up.
          if (turn >= 0) times.push(...(await web.times()))
        }
        lines.push({
          name: `${name}, ${who}, ${state}`,
          unit: 'ms',
          ours: median(times),
          limit: { name: 'one count over all results', value: median(limits) },
          target: { text: '≤ 50 ms', holds: (ms) => ms <= 50 },
          note: `server time; 95 % within ${quantile(times, 0.95).toFixed(1)} ms`,
        })
      }
    }
    return lines
  },
}

export const memory: Figure = {
  name: 'memory',
  measure: async (stage) => {
    const city = await stage.city()
    const [web, bare] = [await stage.web(), await stage.bare()]
    const ids = around(city.objectives)
    const path = await publicPage(web.address)
    const cookie = { cookie: city.cookie }
    let number = 0
    const asked = [
      () => ({ path: `/api/v1/strategy/objectives/${ids()}` }),
      () => ({ path: '/api/v1/strategy/objectives?limit=50', headers: cookie }),
      () => ({ path: `${path}?n=${++number}` }),
      () => ({ path: `${path}?m=${++number}`, headers: cookie }),
    ]
    const mixed = around(asked)
    const most = async (child: typeof web, load: () => Promise<unknown>) => {
      const seen: number[] = [await child.memory()]
      const timer = setInterval(() => void child.memory().then((mb) => seen.push(mb)), 400)
      await load()
      clearInterval(timer)
      return Math.max(...seen, await child.memory())
    }
    const seconds = stage.short ? 3 : 8
    const before = await web.memory()
    const ours = await most(web, () => rate(stage, web.address, () => mixed()(), seconds))
    const limit = await most(bare, () => rate(stage, bare.address, () => ({ path: '/list' }), seconds))
    return [
      {
        name: 'resident memory of the server, under load',
        unit: 'MB',
        ours,
        limit: { name: 'Fastify + pg under load', value: limit },
        target: { text: '≤ 300 MB', holds: (mb) => mb <= 300 },
        note: `the most seen; ${Math.round(before)} MB before this load, after the figures above; the database is another process`,
      },
    ]
  },
}
