/** What people do to an indicator beyond its fields and rows: use the library. */
import type { Localized } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { write } from '#platform/records/index.ts'
import library from './library/iso-37120-2014.json' with { type: 'json' }
import { indicator } from './records.ts'

/** Not everything is divided by something. */
export type LibraryItem = (typeof library)['indicators'][number] & { numerator?: Localized; denominator?: Localized }

/**
 * Creates a draft from an indicator in the library, with everything but the owner, the target and the figures; nothing if
 * the number is unknown. Returns its code.
 */
export async function useLibraryItem(
  ctx: AppContext,
  number: string,
  organisation: string | null,
): Promise<string | null> {
  const item: LibraryItem | undefined = library.indicators.find((each) => each.no === number)
  if (!item) return null
  const { no, theme: _theme, core: _core, confidence: _confidence, ...definition } = item
  const values = {
    ...definition,
    organisation,
    sourceText: { en: library.edition, 'zh-Hans': library.edition },
    libraryNumber: `${library.id}:${no}`,
  }
  const { saved } = await inTransaction(ctx, (tx) =>
    write(tx, { source: 'page', why: null }, [{ kind: indicator.kind, action: 'create', values }]),
  )
  return saved[0]!.code
}
