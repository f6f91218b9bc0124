/** Compares a change's values with the existing record: only differences are written, and translations stay. */
import { sql } from 'kysely'
import { nameOf, schemaOf } from '#kernel/record.ts'
import type { Context } from '../context.ts'

export type Localized = Record<string, string>

/**
 * Text in a file is in the city's language. On an existing record it replaces only that language; nothing if it is the
 * same.
 */
export function localizedChange(text: string, before: unknown, language: string): Localized | undefined {
  const known = (before ?? {}) as Localized
  return known[language] === text ? undefined : { ...known, [language]: text }
}

/**
 * Link ends that stay: those from elsewhere, set by people; the file controls only its own. By record, with their
 * weight.
 */
export async function linksToKeep(
  ctx: Context,
  name: string,
  source: string,
  ids: readonly string[],
): Promise<Map<string, Array<{ to: string; weight: string | null }>>> {
  const found = new Map<string, Array<{ to: string; weight: string | null }>>()
  if (ids.length === 0) return found
  const { rows } = await sql<{ from: string; to: string; weight: string | null }>`
    select l."from", l."to", l.weight from records.link l where l.name = ${name} and l."from" = any(${[...ids]}::uuid[])
      and not exists (select 1 from records."externalId" e where e.record = l."to" and e.source = ${source})`.execute(
    ctx.db,
  )
  for (const { from, to, weight } of rows) found.set(from, [...(found.get(from) ?? []), { to, weight }])
  return found
}

export type ExistingRecord = {
  readonly id: string
  readonly retired: boolean
  readonly record: Readonly<Record<string, unknown>> & { readonly title: Localized }
}

/** Records that carry these external ids: the stored values, or `hidden` if the caller may not read it. */
export async function existingRecords(
  ctx: Context,
  kind: string,
  source: string,
  ids: readonly string[],
): Promise<Map<string, ExistingRecord | 'hidden'>> {
  const found = new Map<string, ExistingRecord | 'hidden'>()
  if (ids.length === 0) return found
  const { rows } = await sql<{
    externalId: string
    record: ExistingRecord['record'] | null
    id: string
    retired: boolean
  }>`
    select e.id as "externalId", e.record as id, r."retiredAt" is not null as retired,
      case when r.id is null then null else to_jsonb(t) || jsonb_build_object('title', r.title, 'organisation', r.organisation, 'owner', r.owner) end as record
    from records."externalId" e
    left join records.record r on r.id = e.record and ${ctx.policies.visible(ctx.caller)}
    left join ${sql.id(schemaOf(kind), nameOf(kind))} t on t.id = r.id
    where e.source = ${source} and e.kind = ${kind} and e.id = any(${[...ids]}::text[])`.execute(ctx.db)
  for (const row of rows)
    found.set(row.externalId, row.record ? { id: row.id, retired: row.retired, record: row.record } : 'hidden')
  return found
}
