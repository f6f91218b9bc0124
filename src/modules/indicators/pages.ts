import type { PageDefinition } from '#platform/page.ts'
import { filePages } from './pages-files.ts'
import { listPages } from './pages-list.ts'

export const pages: readonly PageDefinition[] = [...listPages, ...filePages]
