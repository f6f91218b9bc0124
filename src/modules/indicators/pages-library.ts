/** The library of indicators that ships with the program, by theme, and which of them the city already uses. */
import { recordChoices } from '#pages/choices.ts'
import { one } from '#pages/form.ts'
import { maySome } from '#pages/permission.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type AppContext, page } from '#platform/page.ts'
import { isId } from '#platform/records/index.ts'
import { useLibraryItem } from './actions.ts'
import library from './library/iso-37120-2014.json' with { type: 'json' }
import { usedEntries } from './queries-library.ts'
import { indicator } from './records.ts'
import { unitWords } from './rules-words.ts'
import { type LibraryData, type LibraryPageData, libraryView } from './views/library.tsx'

/** The whole library in the reader's language. */
async function libraryData(ctx: AppContext): Promise<LibraryData> {
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

async function organisationOptions(ctx: AppContext) {
  const bodies = await recordChoices(ctx, ctx.registry.wellKnown.organisation, 200, 'title')
  return bodies.map(({ id, label }) => ({ value: id, label }))
}

export const libraryPage = page<LibraryPageData>({
  path: '/indicators/library',
  policy: 'anyone',
  section: 'results',
  load: (ctx, { query }) => libraryPageData(ctx, query.organisation ?? ''),
  post: async (ctx, { form }) => {
    const asked = one(form, 'organisation')
    const organisation = isId(asked) ? asked : null
    const code = await useLibraryItem(ctx, one(form, 'number'), organisation)
    if (!code) return libraryPageData(ctx, organisation ?? '')
    return {
      redirect: presenterOf(ctx).href(indicator.kind, code),
      notice: { key: 'indicators.library.made', values: { code } },
    }
  },
  trail: (_data, { say }) => [{ label: say('indicators.list.title'), href: '/indicators' }],
  title: (_data, { say }) => say('indicators.library.link'),
  view: libraryView,
})

async function libraryPageData(ctx: AppContext, organisation: string): Promise<LibraryPageData> {
  const mayCreate = maySome(ctx, 'create', indicator.kind)
  return {
    ...(await libraryData(ctx)),
    mayCreate,
    organisations: mayCreate ? await organisationOptions(ctx) : [],
    organisation: organisation || (ctx.caller.grants.flatMap((grant) => grant.organisations ?? [])[0] ?? ''),
  }
}
