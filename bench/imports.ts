/** Import of a CSV file of series, compared with reading the same file with `csv-parse` and inserting its rows. */

import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { importFile } from '#modules/imports'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { newId } from '#platform/records/index.ts'
import type { Profile } from '#platform/tabular/index.ts'
import { importOffers } from '../src/main/modules.ts'
import { type Figure, inTurns, milliseconds } from './figure.ts'

const profile = (source: string): Profile => ({
  name: 'Benchmark series',
  version: 1,
  columns: {
    series: { to: 'indicator.title', required: true },
    month: { to: 'measurement.period', as: 'period', grain: 'month', required: true },
    value: { to: 'measurement.value', as: 'number' },
  },
  externalId: { source, columns: ['series'] },
})

export const importing: Figure = {
  name: 'import',
  measure: async (stage) => {
    const { opened } = await stage.city()
    const { app } = opened
    const { pool } = app.database
    const [series, months] = stage.short ? [20, 100] : [200, 120]
    const lines = ['series,month,value']
    for (let one = 1; one <= series; one++)
      for (let month = 0; month < months; month++)
        lines.push(
          `Series ${one},${2015 + Math.floor(month / 12)}-${String(1 + (month % 12)).padStart(2, '0')},${((one * 37 + month * 11) % 900) / 10}`,
        )
    const rows = lines.length - 1
    const file = join(stage.folder, 'series.csv')
    await writeFile(file, `${lines.join('\n')}\n`)
    await pool.query(
      'create table if not exists public.bare (id uuid primary key, series text, month date, value numeric)',
    )
    let turn = 0
    const bare = async () => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        let waiting: unknown[] = []
        const insert = async () => {
          await client.query(
            'insert into public.bare select * from jsonb_to_recordset($1::jsonb) as x(id uuid, series text, month date, value numeric)',
            [JSON.stringify(waiting)],
          )
          waiting = []
        }
        for await (const row of createReadStream(file).pipe(parse({ columns: true }))) {
          waiting.push({ id: newId(), series: row.series, month: `${row.month}-01`, value: Number(row.value) })
          if (waiting.length === 1000) await insert()
        }
        if (waiting.length > 0) await insert()
        await client.query('commit')
      } finally {
        client.release()
      }
    }
    const ours = async () => {
      const { report } = await importFile(contextOf(app, systemCaller, 'en'), importOffers, {
        file,
        name: 'series.csv',
        profile: profile(`bench-${++turn}`),
      })
      if (report.rejected > 0 || report.rows.taken !== rows)
        throw new Error(`only ${report.rows.taken} of ${rows} rows were taken: ${JSON.stringify(report.problemCounts)}`)
    }
    const perSecond = async (work: () => Promise<void>) => (rows * 1000) / (await milliseconds(work))
    const found = await inTurns(Math.min(stage.turns, 2), { bare: () => perSecond(bare), ours: () => perSecond(ours) })
    await pool.query('drop table public.bare')
    return [
      {
        name: 'import, rows of a CSV file',
        unit: '/s',
        ours: found.ours,
        limit: { name: 'csv-parse + multi-row insert', value: found.bare },
        note: `${rows.toLocaleString('en')} rows, ${series} new indicators; recognised, checked, staged, saved with history`,
      },
    ]
  },
}
