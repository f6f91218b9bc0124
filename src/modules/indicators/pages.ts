import { one } from '#pages/form.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type PageDefinition, page } from '#platform/page.ts'
import { isId } from '#platform/records/index.ts'
import { useLibraryItem } from './actions.ts'
import { figurePages } from './pages-figure.ts'
import { filePages } from './pages-files.ts'
import { type LibraryData, libraryData } from './pages-library.ts'
import { indicator } from './records.ts'
import { libraryView } from './views/library.tsx'

const libraryPage = page<LibraryData>({
  path: '/indicators/library',
  policy: 'anyone',
  section: 'results',
  load: (ctx, { query }) => libraryData(ctx, query.organisation),
  post: async (ctx, { form }) => {
    const asked = one(form, 'organisation')
    const code = await useLibraryItem(ctx, one(form, 'number'), isId(asked) ? asked : null)
    if (!code) return libraryData(ctx, asked)
    return {
      redirect: presenterOf(ctx).href(indicator.kind, code),
      notice: { key: 'indicators.library.made', values: { code } },
    }
  },
  trail: (_data, { say }) => [{ label: say('indicators.list.title'), href: '/indicators' }],
  title: (_data, { say }) => say('indicators.library.link'),
  view: libraryView,
})

export const pages: readonly PageDefinition[] = [libraryPage, ...filePages, ...figurePages]
