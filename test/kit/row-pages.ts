/** The forms of rows without a browser: their pages, and what one of them would post. */

import { recordPages } from '#pages/record/index.ts'
import type { PageDefinition } from '#platform/page.ts'
import type { LineView, RowsPageView } from '#web/record-pages/rows.tsx'
import { composeRegistry, modules } from '../../src/main/modules.ts'

/** The page at an address, over all rooms. */
export function rowPageAt(path: string): PageDefinition<RowsPageView> & Required<Pick<PageDefinition, 'post'>> {
  const pages = recordPages(composeRegistry().registry, modules)
  const found = pages.find((page) => page.path === path)
  if (!found?.post) throw new Error(`There is no form at ${path}.`)
  return found as never
}

const linesOf = (view: RowsPageView): LineView[] => [...view.fresh, ...view.stored]

/** Everything the form would post as it is shown. */
export function formOf(view: RowsPageView): Record<string, string | string[]> {
  const form: Record<string, string | string[]> = {
    ...view.hidden,
    lines: String(view.count),
    why: view.why?.value ?? '',
  }
  for (const { at, seen, was, remove, controls, aside } of linesOf(view)) {
    Object.assign(form, { [`seen.${at}`]: seen, [`was.${at}`]: was, ...(remove ? { [`remove.${at}`]: 'true' } : {}) })
    for (const { field, value } of [...controls, ...aside])
      for (const [part, text] of Object.entries(value))
        form[part === '' ? field.name : `${field.name}.${part}`] = typeof text === 'string' ? text : [...(text ?? [])]
  }
  return form
}

/** What each line says in some columns, in the order of the page. */
export const saidIn = (view: RowsPageView, ...names: string[]): string[][] => {
  const form = formOf(view)
  return linesOf(view).map(({ at }) => names.map((name) => String(form[`${at}.${name}`] ?? '')))
}

/** What is wrong, by line and column. */
export const wrongIn = (view: RowsPageView): Record<string, unknown> =>
  Object.fromEntries([
    ...linesOf(view).flatMap(({ controls, aside }) =>
      [...controls, ...aside].flatMap(({ field, problem }) => (problem ? [[field.name, problem]] : [])),
    ),
    ...(view.why?.problem ? [['why', view.why.problem]] : []),
  ])
