/** Which entries of a library the city already uses. */
import { sql } from 'kysely'
import type { Context } from '#platform/context.ts'
import { read } from '#platform/records/index.ts'
import { indicator } from './records.ts'

/** Codes of the indicators created from each entry that the reader may see, by `library:number`. */
export async function usedEntries(
  ctx: Context,
  library: { readonly id: string },
): Promise<Map<string, Array<{ code: string }>>> {
  const rows = await read(ctx, indicator)
    .where(sql`t."libraryNumber" like ${`${library.id}:%`}`)
    .sort('code')
    .pick('code', 'libraryNumber')
    .rows()
  return Map.groupBy(rows, (row) => row.libraryNumber ?? '')
}
