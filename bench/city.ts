/**
 * The city that is measured: founded as a person would, then filled with plain SQL, because the benchmark is about
 * serving a large city, not creating one. 40 outcomes, 5,000 objectives, 10,000 indicators, 1,000,000 monthly values,
 * three links from every goal towards the vision; the program itself computes derived results.
 */
import { sql } from 'kysely'
import { rebuildPerformance } from '#modules/indicators'
import type { Caller } from '#platform/caller.ts'
import type { Log } from '#platform/context.ts'
import { type OpenedApp, openApp } from '../src/main/app.ts'
import { foundCity, setupCode } from '../src/main/first-start.ts'
import { houseSecret } from '../src/modules/identity/actions-house-secret.ts'
import { createSessions, openSession } from '../src/modules/identity/actions-sessions.ts'

export type BenchCity = {
  readonly opened: OpenedApp
  readonly directory: string
  /** Cookie of the signed-in administrator of the whole city. */
  readonly cookie: string
  /** The same person, as the program knows them. */
  readonly caller: Caller
  readonly organisation: string
  readonly outcomes: readonly string[]
  readonly objectives: readonly string[]
  readonly indicators: readonly string[]
  readonly words: readonly string[]
  readonly facts: { readonly records: number; readonly links: number; readonly measurements: number }
}

const silent: Log = { info() {}, warn() {}, error() {} }
const subjects =
  'air water homes streets schools parks trees buses clinics courts bridges lights markets libraries'.split(' ')
const doings = 'clean safe open quiet warm near fair shared paid staffed lit planted mended answered measured'.split(
  ' ',
)
const groups = 'children families elders workers visitors students patients tenants owners riders walkers'.split(' ')

/** States of what is in force; goals are agreed. */
const stateOf: Record<string, string> = {
  'strategy.plan': 'adopted',
  'strategy.vision': 'adopted',
  'strategy.sentence': 'standing',
}

type Layer = { kind: string; table: string; code: string; from: number; count: number; seed: string }

/**
 * Founds and fills the city in `directory`. `share` scales the size: 1 is the whole, 0.1 a tenth; every indicator has as
 * many monthly values as `months` says.
 */
export async function makeCity(directory: string, share: number, months = 100): Promise<BenchCity> {
  const opened = await openApp({ applicationName: 'bench', log: silent, directory })
  const { app } = opened
  const { kysely: db, pool } = app.database
  const password = 'a long phrase for measuring'
  const code = (await setupCode(app))!
  const founding = {
    code,
    city: 'Measured',
    timeZone: 'UTC',
    language: 'en',
    name: 'Measurer',
    login: 'measurer',
  } as const
  await foundCity(app, { ...founding, password })
  const found = await sql<{ organisation: string; account: string }>`
    select c.organisation, a.id as account from directory.city c, identity.account a`.execute(db)
  const { organisation, account } = found.rows[0]!
  const token = await openSession(db, account, { address: '127.0.0.1', userAgent: 'bench', now: new Date() })

  const sessions = createSessions(
    db,
    await houseSecret(db),
    () => new Date(),
    () => new Date().toISOString().slice(0, 10),
  )
  const { caller } = (await sessions.find(token))!

  const size = (count: number) => Math.max(8, Math.round(count * share))
  const layers: Layer[] = [
    { kind: 'strategy.plan', table: 'plan', code: 'PLN', from: 1_000_000, count: 1, seed: 'plan' },
    { kind: 'strategy.vision', table: 'vision', code: 'VIS', from: 1_000_000, count: 1, seed: 'vision' },
    { kind: 'strategy.sentence', table: 'sentence', code: 'SEN', from: 1_000_000, count: 10, seed: 's' },
    { kind: 'strategy.outcome', table: 'outcome', code: 'OUT', from: 1_000_000, count: 40, seed: 'o' },
    { kind: 'strategy.objective', table: 'objective', code: 'OBJ', from: 1_000_000, count: size(500), seed: 'p' },
    { kind: 'strategy.objective', table: 'objective', code: 'OBJ', from: 2_000_000, count: size(4500), seed: 'q' },
    { kind: 'indicators.indicator', table: 'indicator', code: 'IND', from: 1_000_000, count: size(10_000), seed: 'i' },
  ]
  const client = await pool.connect()
  try {
    await client.query('begin; set local statement_timeout = 0; set local synchronous_commit = off')
    const ids: Record<string, string[]> = {}
    for (const layer of layers) {
      const made = await client.query<{ id: string }>(
        `insert into records.record (id, kind, code, title, state, organisation, audience, version, "createdAt", "changedAt")
         select md5($5 || n)::uuid, $1, $2 || '-' || ($3::int + n), jsonb_build_object('en',
             initcap(($7::text[])[1 + n % 14]) || ' that are ' || ($8::text[])[1 + (n / 3) % 15] || ' for ' || ($9::text[])[1 + (n / 7) % 11] || ' ' || n),
           $10, $6, 'public', 1, now(), now() from generate_series(1, $4::int) n returning id`,
        [
          layer.kind,
          layer.code,
          layer.from,
          layer.count,
          layer.seed,
          organisation,
          subjects,
          doings,
          groups,
          stateOf[layer.kind] ?? 'agreed',
        ],
      )
      ids[layer.seed] = made.rows.map((row) => row.id)
    }
    await fields(client, layers, months)
    const links = [
      ['strategy.outcome.answers', 'o', 's'],
      ['strategy.objective.contributesTo', 'p', 'o'],
      ['strategy.objective.under', 'q', 'p'],
      ['indicators.indicator.measures', 'i', 'q'],
    ] as const
    for (const [name, near, far] of links) {
      const sizes = { near: ids[near]!.length, far: ids[far]!.length }
      await client.query(
        `insert into records.link (id, name, "from", "to")
         select md5($1 || n || '-' || k)::uuid, $1, md5($2 || n)::uuid, md5($3 || (1 + ((n - 1) * $5::bigint / $4::bigint + k * 2) % $5::bigint))::uuid
         from generate_series(1, $4::int) n, generate_series(0, 2) k`,
        [name, near, far, sizes.near, sizes.far],
      )
    }
    // The outcomes a leader reads are measured directly, too.
    await client.query(
      `insert into records.link (id, name, "from", "to") select md5('direct' || n)::uuid, 'indicators.indicator.measures', md5('i' || n)::uuid, md5('o' || (1 + n % 40))::uuid
       from generate_series(1, 200) n where exists (select 1 from records.record where id = md5('i' || n)::uuid)`,
    )
    await client.query('commit')
  } finally {
    client.release()
  }
  await pool.query('vacuum analyze')
  await rebuildPerformance({ registry: app.registry, database: app.database })
  // As autovacuum would leave a city in use.
  await pool.query('vacuum analyze')
  const count = async (table: string) => Number((await pool.query(`select count(*) as n from ${table}`)).rows[0].n)
  const of = async (kind: string) =>
    (
      await pool.query<{ id: string }>('select id from records.record where kind = $1 order by md5(code) limit 2000', [
        kind,
      ])
    ).rows.map((row) => row.id)
  return {
    opened,
    directory,
    cookie: `commonweal=${token}`,
    caller,
    organisation,
    outcomes: await of('strategy.outcome'),
    objectives: await of('strategy.objective'),
    indicators: await of('indicators.indicator'),
    words: subjects,
    facts: {
      records: await count('records.record'),
      links: await count('records.link'),
      measurements: await count('indicators.measurement'),
    },
  }
}

type Client = { query: (text: string, values?: unknown[]) => Promise<unknown> }

async function fields(client: Client, layers: readonly Layer[], months: number): Promise<void> {
  const [sentences, outcomes, above, below, indicators] = layers.slice(2) as [Layer, Layer, Layer, Layer, Layer]
  const over = (layer: Layer) => [layer.seed, layer.count]
  await client.query(
    `insert into strategy.plan (id, "from", "to", levels) values (md5('plan1')::uuid, '2020-01-01', '2040-01-01', '[{"en":"Goal"},{"en":"Objective"}]')`,
  )
  await client.query(
    `insert into strategy.vision (id, plan, "versionLabel", "adoptedOn") values (md5('vision1')::uuid, md5('plan1')::uuid, '1', '2020-01-01')`,
  )
  await client.query(
    `insert into strategy.sentence (id, vision, position) select md5($1 || n)::uuid, md5('vision1')::uuid, n from generate_series(1, $2::int) n`,
    over(sentences),
  )
  await client.query(
    `insert into strategy.outcome (id, plan, rule, headline) select md5($1 || n)::uuid, md5('plan1')::uuid, 'all', n <= 8 from generate_series(1, $2::int) n`,
    over(outcomes),
  )
  for (const [level, layer] of [above, below].entries())
    await client.query(
      `insert into strategy.objective (id, plan, level) select md5($1 || n)::uuid, md5('plan1')::uuid, $3::int from generate_series(1, $2::int) n`,
      [...over(layer), level + 1],
    )
  await client.query(
    `insert into indicators.indicator (id, "valueKind", unit, direction, grain, "publicationLagDays")
     select md5($1 || n)::uuid, 'count', '{person}', case when n % 2 = 0 then 'up' else 'down' end, 'month', 30 from generate_series(1, $2::int) n`,
    over(indicators),
  )
  // A row's id contains its creation time (UUID version 7), which reading a series depends on.
  await client.query(
    `insert into indicators.measurement (id, record, cell, "from", "to", label, value, status, revision)
     select (lpad(to_hex((extract(epoch from d + interval '45 days') * 1000)::bigint), 12, '0') || '7' || substr(random, 1, 3) || '8' || substr(random, 4, 15))::uuid,
       md5($1 || n)::uuid, '', d, (d + interval '1 month')::date, to_char(d, 'YYYY-MM'),
       round((500 + 40 * sin(n + k) + (hashtext(n || ' ' || k) % 60))::numeric, 1), 'actual', 1
     from generate_series(1, $2::int) n, generate_series(1, $3::int) k,
       lateral (select (date_trunc('month', now()) - (k || ' months')::interval)::date as d, md5(n || ' ' || k) as random) each`,
    [...over(indicators), months],
  )
  await client.query(
    `insert into indicators.target (id, record, cell, "targetKind", "from", value, "setOn")
     select md5('t' || n)::uuid, md5($1 || n)::uuid, '', 'keep', '2020-01-01', 500, '2019-12-01' from generate_series(1, $2::int) n where n % 4 > 0`,
    over(indicators),
  )
  await client.query(
    `insert into records.search (record, language, words)
     select id, 'en', setweight(to_tsvector('simple', lower(title->>'en')), 'A') from records.record where code ~ '-[12][0-9]{6}$'`,
  )
}
