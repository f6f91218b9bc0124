/** Reading over the public API: one record, a list of fifty, a search. */
import type { Child } from './children.ts'
import type { BenchCity } from './city.ts'
import { type Figure, inTurns, type Line, type Stage } from './figure.ts'
import { type Asked, around, rate } from './load.ts'

const api = '/api/v1/strategy/objectives'
const atLeast = (least: number) => ({
  text: `≥ ${least} × the limit`,
  holds: (_ours: number, ratio: number) => ratio >= least,
})

async function open(stage: Stage): Promise<{ city: BenchCity; web: Child; bare: Child }> {
  const city = await stage.city()
  return { city, web: await stage.web(), bare: await stage.bare() }
}

export const record: Figure = {
  name: 'record',
  measure: async (stage) => {
    const { city, web, bare } = await open(stage)
    const ids = around(city.objectives)
    const cookie = { cookie: city.cookie }
    const asked = {
      bare: () => rate(stage, bare.address, () => ({ path: `/record/${ids()}` })),
      public: () => rate(stage, web.address, () => ({ path: `${api}/${ids()}` })),
      signedIn: () => rate(stage, web.address, () => ({ path: `${api}/${ids()}`, headers: cookie })),
    }
    // A server's first responses come while it is still warming up.
    for (const once of Object.values(asked)) await once()
    const found = await inTurns(stage.turns, asked)
    const limit = { name: 'Fastify + pg point select', value: found.bare }
    return [
      { name: 'one record, public', unit: '/s', ours: found.public, limit, target: atLeast(0.6) },
      { name: 'one record, signed in', unit: '/s', ours: found.signedIn, limit, target: atLeast(0.5) },
    ]
  },
}

export const list: Figure = {
  name: 'list',
  measure: async (stage) => {
    const { city, web, bare } = await open(stage)
    const found = await inTurns(stage.turns, {
      bare: () => rate(stage, bare.address, () => ({ path: '/list' })),
      public: () => rate(stage, web.address, () => ({ path: `${api}?limit=50` })),
      signedIn: () => rate(stage, web.address, () => ({ path: `${api}?limit=50`, headers: { cookie: city.cookie } })),
    })
    const limit = { name: 'Fastify + pg select of 50', value: found.bare }
    return [
      { name: 'list of 50, public', unit: '/s', ours: found.public, limit },
      { name: 'list of 50, signed in', unit: '/s', ours: found.signedIn, limit },
    ]
  },
}

export const search: Figure = {
  name: 'search',
  measure: async (stage) => {
    const { city, web, bare } = await open(stage)
    const number = around(Array.from({ length: 997 }, (_each, index) => index + 1))
    const word = around(city.words)
    const ours = (): Asked => ({ path: `/api/v1/search?q=${word()}%20${number()}&limit=20` })
    const found = await inTurns(stage.turns, {
      bare: () =>
        rate(stage, bare.address, () => ({ path: `/search?q=${encodeURIComponent(`'${word()}' & '${number()}':*`)}` })),
      ours: () => rate(stage, web.address, ours),
    })
    const line: Line = {
      name: 'search, two words',
      unit: '/s',
      ours: found.ours,
      limit: { name: 'Fastify + pg text search', value: found.bare },
    }
    return [line]
  },
}
