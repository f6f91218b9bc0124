/** Records offered as choices in a form. */
import type { AppContext } from '#platform/page.ts'
import { list } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { presenterOf } from './presenter.ts'

/** The most that one read returns. */
const portion = 200

/**
 * The records of a kind that the reader may see, by title, at most `most`: nobody reads a longer list.
 * @param label the text in the list; by default 'Cleaner air (OUT-0007)'
 */
export async function recordChoices(
  ctx: AppContext,
  kind: string,
  most = portion,
  label: 'title and code' | 'title' = 'title and code',
): Promise<RecordOption[]> {
  const { option, text } = presenterOf(ctx)
  const { declaration } = ctx.registry.kind(kind)
  const found: RecordOption[] = []
  let after: string | undefined
  do {
    const limit = Math.min(portion, most - found.length)
    const page = await list(ctx, declaration, { sort: 'title', limit, ...(after ? { after } : {}) })
    for (const row of page.rows)
      found.push(label === 'title' ? { id: row.id, label: text(row.title).text } : option(row))
    after = page.next ?? undefined
  } while (after && found.length < most)
  return found
}
