/** Gives records of any kind to an organisation or a post, in bulk, as one change set. */
import { sql } from 'kysely'
import { invalid } from '#kernel/problem.ts'
import type { WriteContext } from '#platform/context.ts'
import { type Change, write } from '#platform/records/index.ts'

/** So many records are assigned in one act. */
export const maxAssigned = 5000

export type Assignment = {
  readonly records: ReadonlyArray<{ readonly id: string; readonly kind: string }>
  readonly organisation: string | null
  readonly owner: string | null
  readonly why: string | null
}

/**
 * Sets what is given; a post brings its own organisation to records that have none.
 * @throws Invalid where nobody or nothing was chosen, or too much; NotAllowed for records out of reach.
 */
export async function assign(
  ctx: WriteContext,
  { records, organisation, owner, why }: Assignment,
): Promise<{ changeSet: string | null; count: number }> {
  if (!organisation && !owner) throw invalid('records.invalid', [{ at: '/owner', code: 'directory.assign-to-whom' }])
  if (records.length === 0) throw invalid('records.invalid', [{ at: '/records', code: 'directory.assign-what' }])
  if (records.length > maxAssigned)
    throw invalid('records.invalid', [
      { at: '/records', code: 'directory.assign-too-many', values: { most: maxAssigned } },
    ])
  const without = owner && !organisation ? await withoutOrganisation(ctx, records) : new Set<string>()
  const home = without.size > 0 ? await organisationOf(ctx, owner!) : null
  const changes = records.map(({ id, kind }): Change => {
    const body = organisation ?? (without.has(id) ? home : null)
    return {
      kind,
      action: 'change',
      id,
      values: { ...(body ? { organisation: body } : {}), ...(owner ? { owner } : {}) },
    }
  })
  const { changeSet, saved } = await write(ctx, { source: 'page', why }, changes)
  return { changeSet, count: saved.length }
}

async function withoutOrganisation(
  ctx: WriteContext,
  records: ReadonlyArray<{ readonly id: string }>,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from records.record where id = any(${records.map((each) => each.id)}::uuid[]) and organisation is null`.execute(
    ctx.db,
  )
  return new Set(rows.map((row) => row.id))
}

async function organisationOf(ctx: WriteContext, post: string): Promise<string | null> {
  const { rows } = await sql<{ organisation: string | null }>`
    select organisation from records.record where id = ${post} and kind = 'directory.post'`.execute(ctx.db)
  return rows[0]?.organisation ?? null
}
