/** The library of indicators that ships with the program, by theme, and which of them the city already uses. */
import { recordChoices } from '#pages/choices.ts'
import { maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { read } from '#platform/records/index.ts'
import type { LibraryItem } from './actions.ts'
import library from './library/iso-37120-2014.json' with { type: 'json' }
import { indicator } from './records.ts'
import { unitWords } from './rules-words.ts'

/** What the page shows, in the reader's language. */
export type LibraryData = Awaited<ReturnType<typeof libraryData>>

export async function libraryData(ctx: AppContext, organisation = '') {
  const { say, plain, choice } = presenterOf(ctx)
  const mayCreate = maySome(ctx, 'create', indicator.kind)
  const bodies = mayCreate ? await recordChoices(ctx, ctx.registry.wellKnown.organisation, 200, 'title') : []
  const used = await read(ctx, indicator)
    .in({ libraryNumber: library.indicators.map(({ no }) => `${library.id}:${no}`) })
    .sort('code')
    .pick('code', 'libraryNumber')
    .rows()
  const shown = ({ no, core, ...item }: LibraryItem) => ({
    no,
    core,
    title: plain(item.title),
    unit: unitWords(item, say, ctx.language),
    direction: choice(indicator.kind, 'direction', item.direction),
    confidence: say(`indicators.library.confidence.${item.confidence}`),
    divided:
      item.numerator && item.denominator
        ? say('indicators.library.divided', { numerator: plain(item.numerator), denominator: plain(item.denominator) })
        : null,
    used: used.filter(({ libraryNumber }) => libraryNumber === `${library.id}:${no}`),
  })
  return {
    edition: library.edition,
    title: plain(library.title),
    note: plain(library.note),
    source: library.source,
    themes: library.themes.map(({ no, title }) => ({
      no,
      title: plain(title),
      items: library.indicators.filter(({ theme }) => theme === no).map(shown),
    })),
    mayCreate,
    organisations: bodies.map(({ id, label }) => ({ value: id, label })),
    organisation: organisation || (ctx.caller.grants.flatMap((grant) => grant.organisations ?? [])[0] ?? ''),
  }
}
