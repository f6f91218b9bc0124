import type { PageDefinition } from '#platform/page.ts'
import { entryPages } from './pages-entry.ts'
import { figurePages } from './pages-figure.ts'
import { listPages } from './pages-list.ts'

export const pages: readonly PageDefinition[] = [...listPages, ...entryPages, ...figurePages]
