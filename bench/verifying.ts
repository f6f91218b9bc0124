/**
 * The whole check over a million entries: the chain recomputed, every record folded and compared. Beside it, the least that
 * any check costs: reading the same entries in order and hashing each. The history is made with plain SQL and sealed by
 * the program; what is measured reads it as it would any other.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { migrate, openDatabase } from '#platform/db/index.ts'
import { sealAll, verifyAll } from '#platform/records/index.ts'
import { composeRegistry, migrationFolders, secrets } from '../src/main/modules.ts'
import { type Figure, milliseconds } from './figure.ts'

const records = 100_000
const changesEach = 10
const sealedAtOnce = 20_000

/** Records with as many entries each, the newest as the tables hold it. */
const history = (count: number) => `
  create temporary table made on commit drop as select gen_random_uuid() as id, n, 'OBJ-' || n as code from generate_series(1, ${count}) n;
  insert into records.record (id, kind, code, title, state, audience, version, "createdAt", "changedAt")
    select id, 'strategy.objective', code, jsonb_build_object('en', 'Objective ' || n || ', wording ${changesEach}'), 'draft', 'public', ${changesEach}, now(), now() from made;
  insert into strategy.objective (id) select id from made;
  insert into records."changeSet" (id, at, source) values ('00000000-0000-4000-8000-000000000001', now(), 'bench');
  insert into records.entry (id, "changeSet", record, content)
    select gen_random_uuid(), '00000000-0000-4000-8000-000000000001', id, jsonb_build_object('v', 1, 'changeSet', '00000000-0000-4000-8000-000000000001',
      'record', id, 'kind', 'strategy.objective', 'action', case when k = 1 then 'create' else 'change' end, 'code', code, 'version', k,
      'before', case when k > 1 then jsonb_build_object('title', jsonb_build_object('en', 'Objective ' || n || ', wording ' || k - 1)) end,
      'after', jsonb_build_object('title', jsonb_build_object('en', 'Objective ' || n || ', wording ' || k)) || case when k = 1 then jsonb_build_object('state', 'draft', 'audience', 'public') else '{}' end)::text
    from made, generate_series(1, ${changesEach}) k order by k, n;`

export const verifying: Figure = {
  name: 'verify',
  measure: async (stage) => {
    const count = stage.short ? records / 10 : records
    const database = await openDatabase({
      directory: join(stage.folder, 'verify'),
      applicationName: 'bench',
      log: () => {},
    })
    try {
      await migrate(database, migrationFolders)
      const client = await database.pool.connect()
      try {
        await client.query(`set statement_timeout = 0; begin; ${history(count)}; commit`)
      } finally {
        client.release(true)
      }
      await database.pool.query('analyze records.entry')
      // In the portions in which a busy city writes them.
      for (let from = 0; from < count * changesEach; from += sealedAtOnce) {
        await database.pool.query(
          'insert into records.unsealed (entry) select id from records.entry where sequence > $1 and sequence <= $2',
          [from, from + sealedAtOnce],
        )
        await sealAll(database)
      }
      await database.pool.query('analyze')
      const { registry } = composeRegistry('en')
      let most = 0
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().heapUsed)
      }, 50)
      const before = process.memoryUsage().heapUsed
      let differences = 0
      const whole = await milliseconds(async () => {
        const verdict = await verifyAll(database, { registry, secrets })
        differences = verdict.differences.length + verdict.faults.length
      })
      clearInterval(watch)
      const bare = await milliseconds(async () => {
        let position = 0
        for (;;) {
          const { rows } = await database.pool.query<{ position: string; content: string }>(
            'select s.position, e.content from records.seal s join records.entry e on e.id = s.entry where s.position > $1 order by s.position limit 1000',
            [position],
          )
          if (rows.length === 0) break
          for (const { content } of rows) createHash('sha256').update(content).digest('hex')
          position = Number(rows.at(-1)!.position)
        }
      })
      const entries = count * changesEach
      return [
        {
          name: `check of ${entries.toLocaleString('en')} entries and ${count.toLocaleString('en')} records`,
          unit: 'ms',
          ours: whole,
          limit: { name: 'reading and hashing them', value: bare },
          note: `${differences} false alarms; heap at most ${Math.round((most - before) / 1e6)} MB above before`,
        },
      ]
    } finally {
      await database.close()
    }
  },
}
