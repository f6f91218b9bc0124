/**
 * The nightly check of the history, as a room without a folder of its own: every record whose tables are not what its
 * entries say becomes a finding that waits for its organisation.
 */

import { sql } from 'kysely'
import { addressOf } from '#kernel/projections/endpoints.ts'
import type { Context } from '#platform/context.ts'
import { type Found, findingOnAny } from '#platform/finding.ts'
import { markStale } from '#platform/findings/index.ts'
import type { JobDefinition, Manifest } from '#platform/module.ts'
import {
  keepVerification,
  latestVerification,
  readableRecords,
  type Secret,
  verifyAll,
} from '#platform/records/index.ts'
import { dayAt } from '#platform/today.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

/** So many fields are named in one sentence. */
const named = 5

async function differing(ctx: Context): Promise<Found[]> {
  const last = await latestVerification(ctx.db)
  const records = Map.groupBy(last?.differences ?? [], ({ record }) => record)
  if (records.size === 0) return []
  const { rows } = await sql<{ id: string }>`
    select r.id from ${readableRecords(ctx, undefined, { retired: true })} r where r.id = any(${[...records.keys()]}::uuid[])`.execute(
    ctx.db,
  )
  return rows.map(({ id }) => {
    const places = records.get(id)!.map(({ at }) => at)
    const values = { count: places.length, fields: [...new Set(places)].slice(0, named).join(', ') }
    return { record: id, since: dayAt(ctx, last!.at), ...(places.includes('') ? { reason: 'record' } : { values }) }
  })
}

const differs = findingOnAny('verification', 'differs', {
  presses: 1,
  found: differing,
  act: {
    page: (ctx, record) => `${addressOf(ctx.registry.kind(record.kind).declaration)}/${record.code}/history`,
    may: 'change',
  },
})

const nightly = (secrets: readonly Secret[]): JobDefinition => ({
  name: 'verification.nightly',
  cron: '40 2 * * *',
  handle: async (ctx) => {
    const verdict = await verifyAll(ctx.database, { registry: ctx.registry, secrets })
    await keepVerification(ctx.db, verdict, ctx.now().toISOString())
    if (!verdict.whole)
      ctx.log.error(
        { faults: verdict.faults.length, differences: verdict.differences.length },
        'the history or the tables were changed past the program; see the command verify',
      )
    await markStale(ctx)
  },
})

/** The nightly check over what these rooms declare. */
export const verificationRoom = (rooms: readonly Manifest[]): Manifest => ({
  name: 'verification',
  folder: import.meta.dirname,
  findings: [differs],
  jobs: [nightly(rooms.flatMap((room) => room.secrets ?? []))],
  words: { en, 'zh-Hans': zhHans },
})
