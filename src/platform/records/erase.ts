import { sql } from 'kysely'
import type { WriteContext } from '../context.ts'
import type { ChangeSetFacts } from './ledger.ts'
import { write } from './save.ts'

/**
 * Privacy erasure: personal fields of a record are emptied, a person's identifiers are dropped, and all their values
 * and salts are removed from the history. The entries keep their commitments, so the chain still verifies, but nobody
 * can tell any more what they hid.
 */
export async function erase(
  ctx: WriteContext,
  facts: ChangeSetFacts,
  record: { kind: string; id: string },
): Promise<{ erased: number }> {
  await write(ctx, facts, [{ kind: record.kind, id: record.id, action: 'erase' }])
  const { rows } = await sql`delete from records.personal where record = ${record.id} returning entry`.execute(ctx.db)
  return { erased: rows.length }
}
