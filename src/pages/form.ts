/** What a form sent, field by field, and what is wrong with it in the reader's words. */
import { type FieldProblem, Problem } from '#kernel/problem.ts'
import { type Localized, languages, type Say } from '#kernel/words.ts'
import type { PageRequest } from '#platform/page.ts'
import { isReadDecimal, parseDecimal, type ReadDecimal } from '#values/decimal.ts'
import type { Mistakes } from '#web/form-fields.ts'

export type { Mistakes } from '#web/form-fields.ts'

type Form = PageRequest['form']

/** As it was sent; the last value if a field was sent more than once, because a tick box follows its hidden default. */
export const oneOf = (value: string | readonly string[] | undefined): string =>
  (typeof value === 'string' ? value : value?.at(-1)) ?? ''

/** One field, trimmed; '' if it was not sent. Not for passwords. */
export const one = (form: Form, name: string): string => oneOf(form[name]).trim()

/** A number as people type it, 1234.5 or 1,234.5; null if nothing was typed. */
export function numberIn(text: string): ReadDecimal | null | 'wrong' {
  const typed = text.normalize('NFKC').trim()
  if (typed === '') return null
  const read = parseDecimal(typed, '1,234.5')
  return isReadDecimal(read) ? read : 'wrong'
}

/** Every value of a field that may be sent several times; empty ones are left out. */
export const many = (form: Form, name: string): string[] => [form[name] ?? []].flat().filter((each) => each !== '')

/** All fields as they were sent, one value each. */
export const flat = (form: Form): Record<string, string> =>
  Object.fromEntries(Object.entries(form).map(([name, value]) => [name, oneOf(value)]))

/** `title.en`, `title.zh-Hans` … as text by language; empty ones are left out. */
export const localizedIn = (form: Form, name: string): Localized =>
  Object.fromEntries(
    languages.flatMap((language) => {
      const text = one(form, `${name}.${language}`)
      return text === '' ? [] : [[language, text]]
    }),
  )

/**
 * The name of the field that a place of the input belongs to: `/title/en` is `title.en`, `form` if it belongs to none.
 */
const dotted = (at: string): string => at.slice(1).replaceAll('/', '.') || 'form'

/** The top-level field of a place, whichever row is meant: `/records/3/owner` is `records`. */
export const topField = (at: string): string => at.split('/').find((part) => part && !/^\d+$/.test(part)) ?? ''

/** The last field of a place, however deep; `otherwise` if it names none. */
export const lastField =
  (otherwise: string) =>
  (at: string): string =>
    /\/([A-Za-z]\w*)$/.exec(at)?.[1] ?? otherwise

/** Sentences by field; the first for each field is kept. */
export function mistakesFrom(
  problems: readonly FieldProblem[],
  say: Say,
  nameOf: (at: string) => string = dotted,
): Mistakes {
  const found: Record<string, string> = {}
  for (const { at, code, values } of problems) found[nameOf(at)] ??= say(`problem.${code}`, values)
  return found
}

/** Everything that is wrong with a form, by field. Anything but bad input is rethrown. */
export function mistakesOf(error: unknown, say: Say, nameOf?: (at: string) => string): Mistakes {
  if (!(error instanceof Problem) || error.kind !== 'Invalid' || error.fields.length === 0) throw error
  return mistakesFrom(error.fields, say, nameOf)
}

/** Runs the write: null if it succeeded, else what is wrong, by field. Anything but bad input is rethrown. */
export async function mistakesIn(
  act: () => Promise<unknown>,
  say: Say,
  nameOf?: (at: string) => string,
): Promise<Mistakes | null> {
  try {
    await act()
    return null
  } catch (error) {
    return mistakesOf(error, say, nameOf)
  }
}
