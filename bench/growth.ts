/**
 * What a city that grows tenfold costs: the same questions to cities of 1,000, 10,000 and 100,000 indicators. Each has its own
 * database and server; they are asked in turns, so that a noisy minute affects all.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild } from './children.ts'
import { type BenchCity, makeCity } from './city.ts'
import { type Figure, type Line, median, type Stage } from './figure.ts'
import { type Asked, around, rate } from './load.ts'

const api = '/api/v1/indicators/indicators'
/** Most that ten times as many records may cost. */
const mostByTen = 1.5
const leastOfList = 300

type Sized = { readonly share: number; readonly city: BenchCity; readonly web: Child; readonly bare: Child }

const questions: Readonly<Record<string, (city: BenchCity, last: string) => () => Asked>> = {
  'one record': ({ indicators }) => {
    const id = around(indicators)
    return () => ({ path: `${api}/${id()}` })
  },
  'list of 50': () => () => ({ path: `${api}?limit=50` }),
  'list of 50 by title': () => () => ({ path: `${api}?limit=50&sort=title` }),
  'list of 50 by a field': () => () => ({ path: `${api}?limit=50&sort=grain` }),
  'list of 50 of a field, by title': () => () => ({ path: `${api}?limit=50&direction=up&sort=title` }),
  'list of 50 of an organisation, newest first':
    ({ organisation }) =>
    () => ({
      path: `${api}?limit=50&organisation=${organisation}&sort=-changedAt`,
    }),
  'last page of the list': (_city, last) => () => ({ path: last }),
  'search, two words': ({ words }) => {
    const word = around(words)
    const number = around(Array.from({ length: 997 }, (_each, index) => index + 1))
    return () => ({ path: `/api/v1/search?q=${word()}%20${number()}&limit=20` })
  },
  'search, one common word': ({ words }) => {
    const word = around(words)
    return () => ({ path: `/api/v1/search?q=${word()}&limit=20` })
  },
  'list page of 50': () => () => ({ path: '/indicators?sort=title' }),
  'create one': ({ organisation }) => {
    let number = 0
    return () => ({
      method: 'POST',
      path: api,
      body: { title: { en: `Grown ${++number}` }, direction: 'up', organisation },
    })
  },
  home: () => {
    let number = 0
    return () => ({ path: `/?n=${++number}` })
  },
}

/** The address of the last page of the list, as somebody who follows it backwards by code would reach it. */
async function lastPage(city: BenchCity): Promise<string> {
  const { rows } = await city.opened.app.database.pool.query<{ code: string; id: string }>(
    `select code, id from records.record where kind = 'indicators.indicator' order by code desc offset 50 limit 1`,
  )
  const cursor = Buffer.from(JSON.stringify([rows[0]!.code, rows[0]!.id])).toString('base64url')
  return `${api}?limit=50&sort=code&after=${cursor}`
}

async function sized(stage: Stage, share: number): Promise<Sized> {
  const directory = join(stage.folder, `grown-${share}`)
  mkdirSync(directory)
  const city = await makeCity(directory, share, 3)
  return { share, city, web: await startChild('server.ts', directory), bare: await startChild('bare.ts', directory) }
}

export const growth: Figure = {
  name: 'growth',
  measure: async (stage) => {
    const shares = stage.short ? [0.1, 1] : [0.1, 1, 10]
    const cities: Sized[] = []
    for (const share of shares) cities.push(await sized(stage, share))
    const lines: Line[] = []
    try {
      for (const [name, ask] of Object.entries(questions)) {
        const rates = cities.map(() => [] as number[])
        const asking = await Promise.all(cities.map(async ({ city }) => ask(city, await lastPage(city))))
        for (let turn = -1; turn < stage.turns; turn++)
          for (const [index, { city, web }] of cities.entries()) {
            const found = await rate(stage, web.address, () => {
              const asked = asking[index]!()
              return { ...asked, headers: { ...asked.headers, cookie: city.cookie } }
            })
            // The first turn warms up.
            if (turn >= 0) rates[index]!.push(found)
          }
        const each = rates.map(median)
        for (let index = 1; index < cities.length; index++)
          lines.push({
            name: `${name}, ${1000 * shares[index]! * 10} indicators`,
            unit: '/s',
            ours: each[index]!,
            limit: { name: 'a tenth of them', value: each[index - 1]! },
            target: {
              text: `≥ ${(1 / mostByTen).toFixed(2)} × the limit`,
              holds: (_ours, ratio) => ratio >= 1 / mostByTen,
            },
          })
      }
      const { city, web, bare } = cities.at(-1)!
      const [ours, limit] = [[] as number[], [] as number[]]
      for (let turn = 0; turn < stage.turns; turn++) {
        limit.push(await rate(stage, bare.address, () => ({ path: '/indicators' })))
        ours.push(await rate(stage, web.address, () => ({ path: `${api}?limit=50`, headers: { cookie: city.cookie } })))
      }
      lines.push({
        name: 'list of 50 of the largest, signed in',
        unit: '/s',
        ours: median(ours),
        limit: { name: 'Fastify + pg select of 50', value: median(limit) },
        target: {
          text: `≥ ${leastOfList}/s and ≥ 0.5 × the limit`,
          holds: (found, ratio) => found >= leastOfList && ratio >= 0.5,
        },
      })
    } finally {
      for (const { city, web, bare } of cities) {
        await web.close()
        await bare.close()
        await city.opened.close()
      }
    }
    return lines
  },
}
