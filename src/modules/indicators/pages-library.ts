/** The library of indicators that ships with the program, by theme, and which of them the city already uses. */
import { presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import library from './library/iso-37120-2014.json' with { type: 'json' }
import { usedEntries } from './queries-library.ts'
import { unitWords } from './rules-words.ts'

export type LibraryData = {
  readonly edition: string
  readonly title: string
  readonly note: string
  readonly source: string
  readonly themes: ReadonlyArray<{
    readonly no: string
    readonly title: string
    readonly items: ReadonlyArray<{
      readonly no: string
      readonly title: string
      readonly core: boolean
      readonly unit: string
      readonly direction: string
      readonly confidence: string
      readonly divided: string | null
      readonly used: ReadonlyArray<{ readonly code: string }>
    }>
  }>
}

/** The whole library in the reader's language. */
export async function libraryData(ctx: AppContext): Promise<LibraryData> {
  const { say, plain, choice } = presenterOf(ctx)
  const used = await usedEntries(ctx, library)
  return {
    edition: library.edition,
    title: plain(library.title),
    note: plain(library.note),
    source: library.source,
    themes: library.themes.map((theme) => ({
      no: theme.no,
      title: plain(theme.title),
      items: library.indicators
        .filter((item) => item.theme === theme.no)
        .map((item) => {
          const { numerator, denominator } = item as {
            numerator?: Record<string, string>
            denominator?: Record<string, string>
          }
          const unitLabel = (item as { unitLabel?: Record<string, string> }).unitLabel ?? null
          return {
            no: item.no,
            title: plain(item.title),
            core: item.core,
            unit: unitWords({ unit: item.unit, unitLabel }, say, ctx.language),
            direction: choice('indicators.indicator', 'direction', item.direction),
            confidence: say(`indicators.library.confidence.${item.confidence}`),
            divided:
              numerator && denominator
                ? say('indicators.library.divided', { numerator: plain(numerator), denominator: plain(denominator) })
                : null,
            used: used.get(`${library.id}:${item.no}`) ?? [],
          }
        }),
    })),
  }
}
