import type { AppContext } from '#platform/page.ts'

/** The first of what a form sent under a name. */
export const one = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? (value[0] ?? '') : (value ?? '')

/** The words of whoever reads. */
export const wordsOf = (ctx: AppContext) => ctx.registry.words.say(ctx.language)
