/** Which of a file's records already exist here: by id, or by a shared external identifier. */

import { sql } from 'kysely'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { RecordItem } from '../content/index.ts'
import type { WriteContext } from '../context.ts'
import type { RecordRow } from '../policy.ts'
import { read, readableRecords, unrestricted } from '../records/index.ts'
export type ExistingRecord = {
  /** Id here; absent if there is no such record yet. */
  readonly id?: string
  /** Its state, audience and whether it is retired. */
  readonly record?: Pick<AnyRecord, 'id' | 'kind' | 'state' | 'audience' | 'retiredAt' | 'organisation' | 'owner'>
  /** It exists here but is retired, and the caller may not restore it. */
  readonly retired?: boolean
  /** The id belongs to a record of another kind, or one that the caller may not read. */
  readonly taken?: boolean
}

type Row = NonNullable<ExistingRecord['record']> & { visible: boolean }

/** Looks up items of one kind; two statements for any number. */
export async function findKnown(
  ctx: WriteContext,
  kind: RecordKind,
  items: readonly RecordItem[],
): Promise<Map<string, ExistingRecord>> {
  const marks = items.flatMap((item) => [
    ...(item.externalIds ?? []).map(({ source, id }) => ({ item: item.id, source, id })),
    { item: item.id, source: 'commonweal', id: item.id },
  ])
  const external = await sql<{ item: string; record: string }>`
    select x.item, e.record from records."externalId" e
    join jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as x(item text, source text, id text) on x.source = e.source and x.id = e.id
    where e.kind = ${kind.kind}`.execute(ctx.db)
  const byMark = new Map(external.rows.map((row) => [row.item, row.record]))
  const ids = [...new Set([...items.map((item) => item.id), ...byMark.values()])]
  const unrestrictedReader = unrestricted('an id in use is reported as taken, and nothing else about its record')
  const { rows } = await sql<Row>`
    select r.id, r.kind, r.state, r.audience, r."retiredAt", r.organisation, r.owner, seen.id is not null as visible
    from ${readableRecords(unrestrictedReader, undefined, { retired: true })} r
      left join ${readableRecords(ctx, undefined, { retired: true })} seen on seen.id = r.id
    where r.id = any(${ids}::uuid[])`.execute(ctx.db)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return new Map(items.map((item) => [item.id, foundOf(ctx, kind, item.id, byId, byMark.get(item.id))]))
}

function foundOf(
  ctx: WriteContext,
  kind: RecordKind,
  id: string,
  byId: ReadonlyMap<string, Row>,
  marked: string | undefined,
): ExistingRecord {
  const own = byId.get(id)
  if (own && own.kind !== kind.kind) return { taken: true }
  const live = [own, marked ? byId.get(marked) : undefined].find((row) => row && row.retiredAt === null)
  if (live) return live.visible ? { id: live.id, record: live } : { taken: true }
  if (!own) return {}
  const may = ctx.caller.system || (own.visible && ctx.policies.can(ctx.caller, 'retire', own))
  return may ? { id: own.id, record: own } : { retired: true }
}

/** Which of these records exist here, live and readable. */
export function knownOf(ctx: WriteContext, kind: string, ids: readonly string[]): Promise<Map<string, RecordRow>> {
  return read(ctx, [kind]).in({ id: ids }).pick('id', 'kind', 'audience', 'organisation', 'owner').byId()
}
