/**
 * A plan of 100,000 records out as JSON, compared with a bare COPY of the same records: how fast, and in how much
 * memory.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Figure, inTurns, type Stage } from './figure.ts'

const register = join(import.meta.dirname, '../src/main/tsx.ts')
const plan = 'f1000000-0000-7000-8000-000000000001'

type Measured = { readonly milliseconds: number; readonly before: number; readonly most: number }

async function run(directory: string, mode: 'ours' | 'bare', file: string): Promise<Measured> {
  const child = spawn(
    process.execPath,
    // The limits of `npm start`.
    [
      '--max-semi-space-size=8',
      '--max-old-space-size=256',
      '--import',
      register,
      join(import.meta.dirname, 'exporting.ts'),
      mode,
      plan,
      file,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, DATA_DIRECTORY: directory } },
  )
  const patience = setTimeout(() => child.kill('SIGTERM'), 120_000)
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  await once(child, 'close')
  clearTimeout(patience)
  return JSON.parse(said) as Measured
}

/** A plan with `count` objectives, a tenth of them at the top; created with plain SQL, like the rest of the city. */
async function makePlan(stage: Stage, count: number): Promise<string> {
  const { opened, organisation, directory } = await stage.city()
  const { pool } = opened.app.database
  const client = await pool.connect()
  try {
    await client.query('begin; set local statement_timeout = 0; set local synchronous_commit = off')
    await client.query(
      `insert into records.record (id, kind, code, title, state, organisation, audience, version, "createdAt", "changedAt")
       values ($1, 'strategy.plan', 'PLN-9000001', '{"en":"A large plan"}', 'draft', $2, 'organisation', 1, now(), now())`,
      [plan, organisation],
    )
    await client.query(`insert into strategy.plan (id, levels) values ($1, '[{"en":"Goal"},{"en":"Objective"}]')`, [
      plan,
    ])
    await client.query(
      `insert into records.record (id, kind, code, title, state, organisation, audience, version, "createdAt", "changedAt")
       select md5('large' || n)::uuid, 'strategy.objective', 'OBJ-' || (9000000 + n), jsonb_build_object('en', 'Objective number ' || n || ' of a large plan', 'zh-Hans', '大型规划的第' || n || '个目标'),
         'agreed', $2, 'organisation', 1, now(), now() from generate_series(1, $1::int) n`,
      [count, organisation],
    )
    await client.query(
      `insert into strategy.objective (id, plan, level, description)
       select md5('large' || n)::uuid, $2, case when n % 10 = 0 then 1 else 2 end, jsonb_build_object('en', repeat('What it is about and why. ', 6)) from generate_series(1, $1::int) n`,
      [count, plan],
    )
    await client.query(
      `insert into records.link (id, name, "from", "to")
       select md5('largelink' || n)::uuid, 'strategy.objective.under', md5('large' || n)::uuid, md5('large' || (n - n % 10))::uuid
       from generate_series(11, $1::int) n where n % 10 <> 0`,
      [count],
    )
    await client.query('commit')
    await client.query('analyze records.record; analyze strategy.objective; analyze records.link')
  } finally {
    client.release()
  }
  return directory
}

export const exporting: Figure = {
  name: 'export',
  measure: async (stage) => {
    const count = stage.short ? 10_000 : 100_000
    const directory = await makePlan(stage, count)
    const file = join(stage.folder, 'export.json')
    const held = { ours: 0, bare: 0 }
    const perSecond = async (mode: 'ours' | 'bare') => {
      const { milliseconds, before, most } = await run(directory, mode, file)
      held[mode] = Math.max(held[mode], most - before)
      return (count * 1000) / milliseconds
    }
    const found = await inTurns(Math.min(stage.turns, 2), {
      bare: () => perSecond('bare'),
      ours: () => perSecond('ours'),
    })
    await run(directory, 'ours', file)
    const size = `${count.toLocaleString('en')} records, ${Math.round(statSync(file).size / 1_048_576)} MB of JSON`
    return [
      {
        name: 'export of a plan as JSON, records',
        unit: '/s',
        ours: found.ours,
        limit: { name: 'bare COPY of the same records', value: found.bare },
        note: `${size}; selected by what belongs to the plan, hashed`,
      },
      {
        name: 'export of a plan as JSON, memory beyond the start',
        unit: 'MB',
        ours: held.ours,
        limit: { name: 'bare COPY of the same records', value: held.bare },
        target: { text: '≤ 100 MB', holds: (megabytes) => megabytes <= 100 },
        note: size,
      },
    ]
  },
}
