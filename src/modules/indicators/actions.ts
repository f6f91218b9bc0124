/** What people do to an indicator beyond its fields and rows: use the library. */
import type { Localized } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, write } from '#platform/records/index.ts'
import library from './library/iso-37120-2014.json' with { type: 'json' }
import { indicator } from './records.ts'

const source = 'page'

async function change(ctx: AppContext, why: string | null, changes: readonly Change[]) {
  return inTransaction(ctx, (tx) => write(tx, { source, why }, changes))
}

type LibraryItem = (typeof library)['indicators'][number]

/** Creates a draft from an indicator in the library; nothing if the number is unknown. Returns its code. */
export async function useLibraryItem(
  ctx: AppContext,
  number: string,
  organisation: string | null,
): Promise<string | null> {
  const item = library.indicators.find((each) => each.no === number)
  if (!item) return null
  const { saved } = await change(ctx, null, [
    { kind: indicator.kind, action: 'create', values: { ...libraryValues(item), organisation } },
  ])
  return saved[0]!.code
}

/** The values of a draft: everything but the owner, the target and the figures. */
function libraryValues(item: LibraryItem): Record<string, unknown> {
  const text = (value: unknown) => (value === undefined ? null : value)
  const loose = item as LibraryItem & { numerator?: Localized; denominator?: Localized; unitLabel?: Localized }
  return {
    title: item.title,
    valueKind: item.valueKind,
    unit: item.unit,
    unitLabel: text(loose.unitLabel),
    numerator: text(loose.numerator),
    denominator: text(loose.denominator),
    direction: item.direction,
    grain: item.grain,
    sourceText: { en: library.edition, 'zh-Hans': library.edition },
    libraryNumber: `${library.id}:${item.no}`,
  }
}
