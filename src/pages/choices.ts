/** Records offered as choices in a form. */
import type { AnyRecord } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import { list } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { presenterOf } from './presenter.ts'

/** The most that one read returns. */
const portion = 200

/** The records of a kind that the reader may see, by title, at most `most`. */
export async function recordsByTitle(ctx: AppContext, kind: string, most: number): Promise<AnyRecord[]> {
  const { declaration } = ctx.registry.kind(kind)
  const found: AnyRecord[] = []
  let after: string | undefined
  do {
    const limit = Math.min(portion, most - found.length)
    const page = await list(ctx, declaration, { sort: 'title', limit, ...(after ? { after } : {}) })
    found.push(...(page.rows as AnyRecord[]))
    after = page.next ?? undefined
  } while (after && found.length < most)
  return found
}

/**
 * Records to choose from in a list, at most `most`: nobody reads a longer one. Where people may also type a code or
 * search, as in the form of a record, `optionsFor` in `record/options.ts` offers them.
 * @param label the text in the list; by default 'Cleaner air (OUT-0007)'
 */
export async function recordChoices(
  ctx: AppContext,
  kind: string,
  most = portion,
  label: 'title and code' | 'title' = 'title and code',
): Promise<RecordOption[]> {
  const { option, text } = presenterOf(ctx)
  const rows = await recordsByTitle(ctx, kind, most)
  return rows.map((row) => (label === 'title' ? { id: row.id, label: text(row.title).text } : option(row)))
}
