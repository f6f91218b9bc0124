/** Gives records of any kind to an organisation or a post, in bulk, as one change set. */

import { invalid } from '#kernel/problem.ts'
import type { WriteContext } from '#platform/context.ts'
import { type Change, read, write } from '#platform/records/index.ts'
import { post } from './records.ts'
/** How many records may be assigned in one go. */
export const maxAssigned = 5000

export type Assignment = {
  readonly records: ReadonlyArray<{ readonly id: string; readonly kind: string }>
  readonly organisation: string | null
  readonly owner: string | null
  readonly why: string | null
}

/**
 * Sets what is given; a post gives its organisation to records that have none.
 * @throws Invalid if nobody, nothing or too much was chosen; NotAllowed for records beyond the caller's permissions.
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
  const id = records.map((each) => each.id)
  const without = new Set(owner && !organisation ? await read(ctx).in({ id, organisation: null }).ids() : [])
  const home = without.size > 0 ? (await read(ctx, post).in({ id: owner }).first())?.organisation : null
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
