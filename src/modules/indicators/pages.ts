import type { PageDefinition } from '#platform/page.ts'
import { figurePages } from './pages-figure.ts'
import { filePages } from './pages-files.ts'
import { libraryPage } from './pages-library.ts'

export const pages: readonly PageDefinition[] = [libraryPage, ...filePages, ...figurePages]
