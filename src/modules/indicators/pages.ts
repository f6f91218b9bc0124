import type { PageDefinition } from '#platform/page.ts'
import { entryPages } from './pages-entry.ts'
import { libraryPage } from './pages-library.ts'

export const pages: readonly PageDefinition[] = [libraryPage, ...entryPages]
