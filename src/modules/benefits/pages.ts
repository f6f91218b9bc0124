import type { PageDefinition } from '#platform/page.ts'
import { mapPage } from './map/pages.ts'
import { findingsPage } from './pages-findings.ts'
import { frameworkPage } from './pages-framework.ts'
import { registerPage } from './pages-register.ts'
import { figuresPage } from './pages-rows.ts'

export const pages: readonly PageDefinition[] = [registerPage, mapPage, findingsPage, frameworkPage, figuresPage]
