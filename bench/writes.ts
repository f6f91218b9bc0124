/** Writing through the gate: one change over the public API, many records and many rows in one request. */

import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { type Change, newId, write } from '#platform/records/index.ts'
import { type Figure, inTurns, milliseconds } from './figure.ts'
import { around, rate } from './load.ts'

export const change: Figure = {
  name: 'change',
  measure: async (stage) => {
    const city = await stage.city()
    const [web, bare] = [await stage.web(), await stage.bare()]
    const ids = around(city.objectives)
    let number = 0
    const body = () => ({ title: { en: `Changed for the ${++number}. time` } })
    const found = await inTurns(stage.turns, {
      bare: () => rate(stage, bare.address, () => ({ method: 'POST', path: `/change/${ids()}`, body: body() })),
      ours: () =>
        rate(stage, web.address, () => ({
          method: 'PATCH',
          path: `/api/v1/strategy/objectives/${ids()}`,
          headers: { cookie: city.cookie, 'if-match': '*' },
          body: body(),
        })),
    })
    return [
      {
        name: 'change one',
        unit: '/s',
        ours: found.ours,
        limit: { name: 'Fastify + pg update transaction', value: found.bare },
        note: 'ours also locks, checks, asks the policies, indexes words, writes and returns the history',
      },
    ]
  },
}

const portion = 1000

export const bulk: Figure = {
  name: 'bulk',
  measure: async (stage) => {
    const { opened, organisation, indicators } = await stage.city()
    const { app } = opened
    const { pool } = app.database
    const ctx = contextOf(app, systemCaller, 'en')
    const save = (changes: readonly Change[]) =>
      inTransaction(ctx, (inside) => write(inside, { source: 'bench' }, changes))
    const portions = stage.short ? 2 : 5
    const each = async (once: (turn: number) => Promise<unknown>) => {
      const ms = await milliseconds(async () => {
        for (let turn = 0; turn < portions; turn++) await once(turn)
      })
      return (portions * portion * 1000) / ms
    }
    const numbers = Array.from({ length: portion }, (_each, index) => index)
    const found = await inTurns(stage.turns, {
      bareRecords: () =>
        each(async (turn) => {
          const rows = JSON.stringify(
            numbers.map((index) => ({
              id: newId(),
              code: `OBJ-${newId().replaceAll('-', '')}`,
              title: { en: `Bare ${turn} ${index}` },
              level: 1,
            })),
          )
          await pool.query(
            `with made as (insert into records.record (id, kind, code, title, state, organisation, audience, version, "createdAt", "changedAt")
               select id, 'bench.bare', code, title, 'draft', $2, 'organisation', 1, now(), now()
               from jsonb_to_recordset($1::jsonb) as x(id uuid, code text, title jsonb) returning id)
             insert into strategy.objective (id, level) select id, level from jsonb_to_recordset($1::jsonb) as x(id uuid, level integer)`,
            [rows, organisation],
          )
        }),
      records: () =>
        each((turn) =>
          save(
            numbers.map((index) => ({
              kind: 'strategy.objective',
              action: 'create',
              values: { title: `Saved ${turn} ${index}`, organisation, level: 1 },
            })),
          ),
        ),
      bareRows: () =>
        each(async () => {
          const record = newId()
          await pool.query(
            `with made as (insert into records.record (id, kind, code, title, state, audience, version, "createdAt", "changedAt")
               values ($1::uuid, 'bench.bare', $1::text, '{}', 'draft', 'organisation', 1, now(), now()))
             insert into indicators.measurement (id, record, cell, "from", "to", label, value, status, revision)
             select id, $1::uuid, cell, '2031-01-01', '2031-02-01', '2031-01', 1, 'actual', 1 from jsonb_to_recordset($2::jsonb) as x(id uuid, cell text)`,
            [record, JSON.stringify(numbers.map((index) => ({ id: newId(), cell: `district=${index}` })))],
          )
        }),
      rows: () =>
        each(() =>
          save([
            {
              kind: 'indicators.indicator',
              action: 'change',
              id: indicators[rowTurn++ % indicators.length]!,
              rows: {
                measurement: {
                  set: numbers.map((index) => ({
                    cell: `district=${index}`,
                    from: '2031-01-01',
                    to: '2031-02-01',
                    label: '2031-01',
                    value: '1',
                    status: 'actual',
                  })),
                },
              },
            },
          ]),
        ),
    })
    await pool.query(`delete from indicators.measurement where "from" = '2031-01-01'`)
    return [
      {
        name: 'bulk save, records',
        unit: '/s',
        ours: found.records,
        limit: { name: 'multi-row insert', value: found.bareRecords },
        note: '1,000 in a transaction, with search words and history',
      },
      {
        name: 'bulk save, measurements',
        unit: '/s',
        ours: found.rows,
        limit: { name: 'multi-row insert', value: found.bareRows },
        note: '1,000 in a transaction, with history',
      },
    ]
  },
}

let rowTurn = 0
