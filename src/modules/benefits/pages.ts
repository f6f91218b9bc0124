import type { PageDefinition } from '#platform/page.ts'
import { mapPage } from './map/pages.ts'
import { adoptionPage } from './pages-adoption.ts'
import { cashPage, figuresPage } from './pages-figures.ts'
import { frameworkPage } from './pages-framework.ts'
import { registerPage } from './pages-register.ts'

export const pages: readonly PageDefinition[] = [
  registerPage,
  mapPage,
  frameworkPage,
  figuresPage,
  adoptionPage,
  cashPage,
]
