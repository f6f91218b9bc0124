import type { PageDefinition } from '#platform/page.ts'
import { mapPage } from './map/pages.ts'
import { adoptionPage } from './pages-adoption.ts'
import { cashPage, figuresPage } from './pages-figures.ts'
import { frameworkPage } from './pages-framework.ts'

export const pages: readonly PageDefinition[] = [mapPage, frameworkPage, figuresPage, adoptionPage, cashPage]
