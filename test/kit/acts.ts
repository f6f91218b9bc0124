/** Steps for many records without a browser: their pages, and what the form of one would post. */
import { recordPages } from '#pages/record/index.ts'
import type { AppContext, PageAnswer, PageDefinition, PageRequest } from '#platform/page.ts'
import type { ActData } from '#web/acts/page.tsx'
import { composeRegistry, modules } from '../../src/main/modules.ts'

type Form = PageRequest['form']

const requestOf = (address: string, form: Form = {}): PageRequest => {
  const { pathname, searchParams } = new URL(address, 'http://city.test')
  return {
    params: {},
    query: Object.fromEntries(searchParams),
    form,
    files: {},
    path: pathname,
    address: '',
    userAgent: '',
    cookies: {},
  }
}

function pageAt(address: string): PageDefinition<ActData> {
  const { pathname } = new URL(address, 'http://city.test')
  const own = modules.flatMap(({ pages = [] }) => pages)
  const found = [...own, ...recordPages(composeRegistry().registry, modules)].find(({ path }) => path === pathname)
  if (!found?.post) throw new Error(`There is no page at ${pathname}.`)
  return found as PageDefinition<ActData>
}

/** The page as somebody opens it. */
export async function openActs(ctx: AppContext, address: string): Promise<ActData> {
  return (await pageAt(address).load(ctx, requestOf(address))) as ActData
}

/** What follows from the form of a page, with some answers changed. */
export const postActs = (ctx: AppContext, address: string, form: Form): Promise<PageAnswer<ActData>> =>
  pageAt(address).post!(ctx, requestOf(address, form))

/** Everything the form would post as it is shown. */
export function formOfActs({ form }: ActData): Record<string, string | string[]> {
  if (!form) throw new Error('The page has no form.')
  const ticked = form.rows.filter((row) => row.ticked).map(({ id }) => id)
  return {
    seen: form.seen,
    step: form.ready ? 'do' : 'look',
    records: [...form.along, ...ticked],
    whole: String(form.whole),
    why: form.why,
  }
}

/** Sentences, and the codes of the records that they are said of. */
export const leftIn = ({ form }: ActData): Record<string, string[]> =>
  Object.fromEntries((form?.left ?? []).map(({ sentence, names }) => [sentence, names.map(({ code }) => code)]))
