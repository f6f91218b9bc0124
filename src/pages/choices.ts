/** Records to choose from in a list of a form. */
import type { AppContext } from '#platform/page.ts'
import { list } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { presenterOf } from './presenter.ts'

/** What one read gives at most. */
const portion = 200

/**
 * The records of a kind that the reader may see, by title, at most `most`: a longer list is not read by a person.
 * @param label what stands in the list; 'Cleaner air (OUT-0007)' unless said otherwise
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
