/** Which entries of a library the city already uses. */
import { sql } from 'kysely'
import type { Context } from '#platform/context.ts'

/** Codes of the indicators that were made from each entry and that the reader may see, by `library:number`. */
export async function usedEntries(
  ctx: Context,
  library: { readonly id: string },
): Promise<Map<string, Array<{ code: string }>>> {
  const { rows } = await sql<{ number: string; code: string }>`
    select t."libraryNumber" as number, r.code from indicators.indicator t join records.record r on r.id = t.id
    where t."libraryNumber" like ${`${library.id}:%`} and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)} order by r.code`.execute(
    ctx.db,
  )
  return Map.groupBy(rows, (row) => row.number)
}
