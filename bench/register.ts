/**
 * The register of 5,000 benefits, as somebody who works with them opens it: the first time after a change of their own,
 * again, and narrowed by what follows from rows and rules.
 */
import type { Pool } from 'pg'
import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import { catchUp } from '#platform/events.ts'
import { refreshRegister } from '#platform/findings/index.ts'
import { write } from '#platform/records/index.ts'
import { subscribers } from '../src/main/app.ts'
import { modules } from '../src/main/modules.ts'
import { people } from '../src/main/people.ts'
import { type Figure, type Line, median, milliseconds, quantile } from './figure.ts'
import { oneByOne } from './load.ts'

const limitMs = 60

/** `many` agreed benefits of eight plans, four years of path and up to three of results, budgets, claims. */
async function plant(pool: Pool, organisation: string, many: number): Promise<void> {
  const over = `from generate_series(1, $1::int) n`
  const id = `md5('registered' || n)::uuid`
  const plain = async (text: string, ...more: unknown[]) => void (await pool.query(text, [many, ...more]))
  await plain(
    `insert into records.record (id, kind, code, title, state, organisation, audience, version, "createdAt", "changedAt")
     select ${id}, 'benefits.benefit', 'BEN-' || (2000000 + n), jsonb_build_object('en', 'Benefit number ' || n),
       (array['agreed', 'realizing', 'partly-realized', 'agreed'])[1 + n % 4], $2, case when n % 3 = 0 then 'organisation' else 'public' end, 1, now(), now() ${over}`,
    organisation,
  )
  await plain(
    `insert into benefits.benefit (id, effect, "benefitType", recurrence, worth, "worthCurrency", "worthPriceYear", "fullValue", counterfactual, "startOn", "dueOn")
     select ${id}, 'gain', type, case when money then 'recurring' end, case when money then 1000 end, case when money then 'EUR' end,
       case when money then 2024 end, case when money then null else 100 end, '{"en":"As before"}', date '2023-01-01', date '2027-12-31' - n % 500
     ${over}, lateral (select (array['cash-releasing', 'income', 'cost-avoided', 'quantified'])[1 + n % 4] as type, n % 4 < 3 as money) each`,
  )
  const years = (first: number, last: number, columns: string, values: string, where = 'true') =>
    `(id, record, "from", "to", label, ${columns})
     select gen_random_uuid(), ${id}, make_date(y, 1, 1), make_date(y + 1, 1, 1), y::text, ${values}
     ${over}, generate_series(${first}, ${last}) y where ${where}`
  await plain(`insert into benefits.path ${years(2023, 2026, 'value', '1000')}`)
  await plain(
    `insert into benefits.result ${years(2023, 2025, 'value, status', `600 + n * 7 % 600, 'actual'`, 'n % 4 < 3 and y < 2023 + n % 5')}`,
  )
  await plain(
    `insert into benefits.budget (id, record, "budgetCode", year, amount)
     select gen_random_uuid(), ${id}, '41.' || n, 2024 + n % 3, 1000 ${over} where n % 4 < 2`,
  )
  await plain(
    `insert into benefits.claim (id, record, indicator, baseline, "baselineOn", movement, "counterfactualChange")
     select gen_random_uuid(), ${id}, i.id, 500, '2024-01-01', 5, 1
     from (select id, row_number() over (order by id) as rank from indicators.indicator limit 400) i
       join generate_series(1, $1::int) n on n = i.rank * 2`,
  )
  await plain(
    `insert into records.link (id, name, "from", "to") select gen_random_uuid(), 'benefits.benefit.measuredBy', ${id}, i.id
     from (select id, row_number() over (order by id) as rank from indicators.indicator limit 300) i
       join generate_series(1, $1::int) n on n = i.rank * 4 + 3`,
  )
  await pool.query('vacuum analyze')
}

export const register: Figure = {
  name: 'register',
  measure: async (stage) => {
    const city = await stage.city()
    const web = await stage.web()
    const { app } = city.opened
    const { pool } = app.database
    const many = stage.short ? 500 : 5000
    await plant(pool, city.organisation, many)
    const system = contextOf(app, systemCaller, 'en')
    for (const job of modules.flatMap((module) => module.jobs ?? []))
      if (job.name.startsWith('benefits.')) await job.handle(system, {})
    const declared = modules.flatMap((module) => module.findings ?? [])
    await catchUp(system, app.database, subscribers())
    const finding = await milliseconds(() =>
      transaction(app.database.kysely, (tx) => refreshRegister({ ...system, db: tx }, { findings: declared, people })),
    )
    await pool.query('vacuum analyze')
    const { rows } = await pool.query<{ id: string }>(
      `select id from records.record where code like 'BEN-2______' order by code limit 1`,
    )
    let number = 0
    const change = () =>
      inTransaction(contextOf(app, city.caller, 'en'), (inside) =>
        write(inside, { source: 'bench' }, [
          {
            kind: 'benefits.benefit',
            action: 'change',
            id: rows[0]!.id,
            values: { title: { en: `Registered ${++number}` } },
          },
        ]),
      )
    const bare = () =>
      pool.query(
        `select r.*, t.* from records.record r join benefits.benefit t using (id) where r.kind = 'benefits.benefit' order by r.code limit 50`,
      )
    const lines: Line[] = [{ name: `all findings, with ${many} benefits`, unit: 'ms', ours: finding }]
    for (const path of ['/benefits', '/benefits?path=missed', '/benefits?waiting=confirm'])
      for (const state of ['after a change', 'unchanged'] as const) {
        const times: number[] = []
        const limits: number[] = []
        for (let turn = -3; turn < (stage.short ? 10 : 20); turn++) {
          limits.push(await milliseconds(bare))
          if (state === 'after a change') await change()
          await web.times()
          await oneByOne(web.address, [{ path, headers: { cookie: city.cookie } }], 0)
          // The first ones run while the program is still warming up.
          if (turn >= 0) times.push(...(await web.times()))
        }
        lines.push({
          name: `${path} of ${many}, ${state}`,
          unit: 'ms',
          ours: median(times),
          limit: { name: 'a bare select of 50 benefits', value: median(limits) },
          target: { text: `≤ ${limitMs} ms`, holds: (ms) => ms <= limitMs },
          note: `server time; 95 % within ${quantile(times, 0.95).toFixed(1)} ms`,
        })
      }
    return lines
  },
}
