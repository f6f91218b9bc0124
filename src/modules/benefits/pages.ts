import type { PageDefinition } from '#platform/page.ts'
import { mapPage } from './map/pages.ts'
import { frameworkPage } from './pages-framework.ts'
import { figuresPage } from './pages-rows.ts'

export const pages: readonly PageDefinition[] = [mapPage, frameworkPage, figuresPage]
