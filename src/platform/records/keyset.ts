/**
 * Pages in an order that an index serves: by one column, then by the id. Records with a value come first, in either
 * direction, then those without. The two parts are read one after the other, because `order by (c is null), c` and
 * `c is null or (c, id) > …` make PostgreSQL read and sort everything for each page (100,000 records: 307 ms, now 3 ms).
 *
 * Indexes that serve it: on `records.record` (kind, column, id), on the table of a kind (column, id).
 */
import { type RawBuilder, sql } from 'kysely'
import { invalid } from '#kernel/problem.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { Context } from '../context.ts'
import { isId } from '../id.ts'
import { type Column, columnOf, fits } from './columns.ts'

export type Page<Row> = { readonly rows: Row[]; readonly next: string | null }
export type Order = Column & { readonly down: boolean }

/** The order a sort parameter asks for. @throws Invalid `records.unknown-filter` */
export function sortOf(ctx: Context, kind: RecordKind, sort: string): Order {
  const down = sort.startsWith('-')
  const column = columnOf(ctx, kind, down ? sort.slice(1) : sort)
  if (!column.sorts)
    throw invalid('records.unknown-filter', [{ at: '/sort', code: 'field.unknown', values: { name: sort } }], {
      name: sort,
    })
  return { ...column, down }
}

type Sorted = { readonly id: string; readonly sortedBy: string | null }
/** Runs one statement: further conditions, `order by …`, and how many rows. */
type Ask<Row> = (where: readonly RawBuilder<unknown>[], order: RawBuilder<unknown>, most: number) => Promise<Row[]>

/** A page after a cursor. `ask` selects the id and, as `sortedBy`, the text of the column. @throws Invalid `records.bad-cursor` */
export async function keysetPage<Row extends Sorted>(
  order: Order,
  after: string | undefined,
  limit: number,
  ask: Ask<Row>,
): Promise<Page<Row>> {
  const { by, over, down, stated, type } = order
  const cursor = after === undefined ? undefined : readCursor(type, after)
  const id = sql`${sql.ref(over)}.id`
  const direction = down ? sql` desc` : sql``
  const ordered = sql`order by ${by}${direction}, ${id}${direction}`
  const further = down ? sql`<` : sql`>`
  const rows: Row[] = []
  if (cursor?.value !== null) {
    const where = cursor
      ? [sql`(${by}, ${id}) ${further} (${cursor.value}::${sql.raw(type)}, ${cursor.id}::uuid)`]
      : stated
        ? []
        : [sql`${by} is not null`]
    rows.push(...(await ask(where, ordered, limit + 1)))
  }
  if (!stated && rows.length <= limit) {
    const beyond = cursor?.value === null ? [sql`${id} ${further} ${cursor.id}::uuid`] : []
    rows.push(...(await ask([sql`${by} is null`, ...beyond], ordered, limit + 1 - rows.length)))
  }
  const last = rows[limit - 1]
  return {
    rows: rows.slice(0, limit),
    next: rows.length > limit && last ? cursorAfter(last.sortedBy, last.id) : null,
  }
}

/** Identifies the row after which the next page begins. */
const cursorAfter = (sortedBy: string | null, id: string): string =>
  Buffer.from(JSON.stringify([sortedBy, id])).toString('base64url')

function readCursor(type: string, cursor: string): { value: string | null; id: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    parsed = null
  }
  if (
    !Array.isArray(parsed) ||
    parsed.length !== 2 ||
    typeof parsed[1] !== 'string' ||
    !isId(parsed[1]) ||
    !(parsed[0] === null || (typeof parsed[0] === 'string' && sortable(type, parsed[0])))
  )
    throw invalid('records.bad-cursor', [{ at: '/after', code: 'field.wrong' }])
  const [value, id] = parsed as [string | null, string]
  return { value, id }
}

/** Is the text valid in a cursor of this type? Instants are as the database writes them. */
const sortable = (type: string, value: string) =>
  type === 'text'
    ? !value.includes('\u0000') && value.isWellFormed()
    : fits(type, type === 'timestamptz' ? `${value.replace(' ', 'T').slice(0, -3)}Z` : value)
