/** The benefits map of a large city: drawn for the first time, and again while nothing changes. */
import { setTimeout } from 'node:timers/promises'
import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { write } from '#platform/records/index.ts'
import { type Figure, type Line, median, milliseconds, quantile } from './figure.ts'
import { oneByOne } from './load.ts'

type Pool = { query: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }> }

/** How a hundred nodes besides the outcomes are divided into parts, and the parts' names. */
const parts = [
  { kind: 'enabler', code: 'ENA', share: 0.36, state: 'under-way', link: 'benefits.enabler.enables' },
  { kind: 'change', code: 'CHG', share: 0.31, state: 'agreed', link: 'benefits.change.produces' },
  { kind: 'benefit', code: 'BEN', share: 0.33, state: 'agreed', link: 'benefits.benefit.contributesTo' },
] as const

/**
 * Fills a map of `count` nodes over the outcomes that are there: each node leads to one or two of the next part, mostly
 * near its own place, as the parts of a plan do. Weights of one node add up to about 100.
 */
export async function fillMap(pool: Pool, organisation: string, count: number): Promise<void> {
  const outcomes = await pool.query(
    `select id from records.record where kind = 'strategy.outcome' order by code limit $1`,
    [Math.max(1, Math.round(count * 0.12))],
  )
  const rest = count - outcomes.rows.length
  const sizes = parts.map(({ share }) => Math.max(1, Math.round(rest * share)))
  for (const [index, { kind, code, state }] of parts.entries()) {
    await pool.query(
      `insert into records.record (id, kind, code, title, state, organisation, audience, version, "createdAt", "changedAt")
       select md5('map' || $1 || n)::uuid, 'benefits.' || $1, $2 || '-' || (1000000 + n), jsonb_build_object('en',
           ($6::text[])[1 + n % 6] || ' in ' || ($7::text[])[1 + (n / 6) % 5] || ' ' || n), $3, $5::uuid, 'public', 1, now(), now()
       from generate_series(1, $4::int) n`,
      [kind, code, state, sizes[index], organisation, titles[index], districts],
    )
    await pool.query(
      kind === 'benefit'
        ? `insert into benefits.benefit (id, effect, "benefitType") select md5('mapbenefit' || n)::uuid, case when n % 12 = 0 then 'loss' else 'gain' end, 'qualitative' from generate_series(1, $1::int) n`
        : `insert into benefits.${kind} (id) select md5('map${kind}' || n)::uuid from generate_series(1, $1::int) n`,
      [sizes[index]],
    )
  }
  const ends = [...parts.slice(1).map(({ kind }, index) => ({ kind, size: sizes[index + 1]! })), null]
  for (const [index, { kind, link }] of parts.entries()) {
    const far = ends[index]
    const next = far
      ? `md5('map${far.kind}' || (1 + (place % ${far.size}))::int)::uuid`
      : `($3::uuid[])[1 + (place % ${outcomes.rows.length})::int]`
    const size = far ? far.size : outcomes.rows.length
    await pool.query(
      `insert into records.link (id, name, "from", "to", weight)
       select md5($2 || n || ' ' || k)::uuid, $2, md5('map${kind}' || n)::uuid, ${next}, 50
       from generate_series(1, $1::int) n, generate_series(0, 1) k,
         lateral (select floor((n - 1) * ${size}.0 / $1::int)::bigint + k * (1 + abs(hashtext(n || 'x')) % 3) as place) at
       where k = 0 or n % 2 = 0 on conflict do nothing`,
      far ? [sizes[index], link] : [sizes[index], link, outcomes.rows.map(({ id }) => id)],
    )
  }
}

const districts = ['the harbour', 'the north', 'the old town', 'the river quarter', 'the hills']
const titles = [
  [
    'Sensors in the water network',
    'A shared register of addresses',
    'Training for front-line staff',
    'A framework contract for repairs',
    'Open data on every street',
    'A control room for three services',
  ],
  [
    'Crews are sent by what sensors say',
    'Caseworkers decide at the first contact',
    'Three services answer calls together',
    'Repairs are grouped by street',
    'Requests are answered in the resident’s language',
    'Schools report once, to one place',
  ],
  [
    'Less water is lost on its way',
    'Residents wait less for a decision',
    'Ambulances arrive earlier',
    'Fewer streets are opened twice',
    'More people ask for what they are owed',
    'Teachers spend less time on forms',
  ],
]

export const map: Figure = {
  name: 'map',
  measure: async (stage) => {
    const city = await stage.city()
    const web = await stage.web()
    const { pool } = city.opened.app.database
    const { rows } = await pool.query(`select 1 from records.record where kind = 'benefits.benefit' limit 1`)
    if (rows.length === 0) await fillMap(pool, city.organisation, 300)
    await pool.query('analyze records.record, records.link')
    const names = parts.map(({ link }) => link)
    const reading = () =>
      pool.query(
        `select l."from", l."to", l.weight, r.title, r.state from records.link l join records.record r on r.id = l."from" where l.name = any($1::text[])`,
        [names],
      )
    const ctx = contextOf(city.opened.app, systemCaller, 'en')
    /** A new map: one enabler points elsewhere, and somebody writes, so that nothing cached is valid. */
    const alter = async (turn: number) => {
      await pool.query(
        `update records.link set "to" = md5('mapchange' || $1::int)::uuid where id = md5('benefits.enabler.enables1 0')::uuid`,
        [2 + (turn % 60)],
      )
      await inTransaction(ctx, (inside) =>
        write(inside, { source: 'bench' }, [
          {
            kind: 'strategy.objective',
            action: 'change',
            id: city.objectives[0]!,
            values: { title: { en: `Map ${turn}` } },
          },
        ]),
      )
    }
    const lines: Line[] = []
    for (const [who, headers] of [
      ['signed in', { cookie: city.cookie }],
      ['public', {} as Record<string, string>],
    ] as const)
      for (const [state, target] of [
        ['first time', 400],
        ['unchanged', 20],
      ] as const) {
        const times: number[] = []
        const limits: number[] = []
        for (let turn = -2; turn < (state === 'first time' ? 5 : stage.short ? 8 : 20); turn++) {
          limits.push(await milliseconds(reading))
          if (state === 'first time') {
            await alter(turn + (who === 'public' ? 34 : 4))
            // Other people's changes may show two seconds late.
            await setTimeout(2100)
          }
          await web.times()
          await oneByOne(web.address, [{ path: `/benefits/map?n=${who.length}${state.length}${turn}`, headers }], 0)
          // The first ones run while the program is still warming up.
          if (turn >= 0) times.push(...(await web.times()))
        }
        lines.push({
          name: `benefits map of 300, ${who}, ${state}`,
          unit: 'ms',
          ours: median(times),
          limit: { name: 'reading its links and names', value: median(limits) },
          target: { text: `≤ ${target} ms`, holds: (ms) => ms <= target },
          note: `server time; 95 % within ${quantile(times, 0.95).toFixed(1)} ms`,
        })
      }
    return lines
  },
}
