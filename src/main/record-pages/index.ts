import type { PageDefinition } from '#platform/page.ts'
export const recordPages = (..._args: unknown[]): PageDefinition[] => []
