/** What the forms of this room share: fields as sent, problems in the reader's words, days and names as a reader sees them. */
import { type FieldProblem, Problem } from '#kernel/problem.ts'
import { type Language, type Localized, languages, localize, type Say } from '#kernel/words.ts'
import type { AppContext, PageRequest } from '#platform/page.ts'
import { formatDay } from '#values/moment.ts'

type Form = PageRequest['form']

export const one = (form: Form, name: string): string => {
  const value = form[name]
  return (typeof value === 'string' ? value : (value?.at(-1) ?? '')).trim()
}
export const many = (form: Form, name: string): string[] => {
  const value = form[name]
  return (typeof value === 'string' ? [value] : [...(value ?? [])]).filter((each) => each !== '')
}

/** `title.en`, `title.zh-Hans` … as text by language; empty ones are left out. */
export const localizedOf = (form: Form, name: string): Localized =>
  Object.fromEntries(
    languages.flatMap((language: Language) => {
      const text = one(form, `${name}.${language}`)
      return text === '' ? [] : [[language, text]]
    }),
  )

/** Sentences by field; the key is the place with dots, `title.en`. */
export type Mistakes = Readonly<Record<string, string>>

/** Everything that is wrong with a form, by field. Anything but bad input is thrown on. */
export function mistakesOf(error: unknown, say: Say): Mistakes {
  if (!(error instanceof Problem) || error.kind !== 'Invalid' || error.fields.length === 0) throw error
  return mistakesFrom(error.fields, say)
}

export const mistakesFrom = (fields: readonly FieldProblem[], say: Say): Mistakes =>
  Object.fromEntries(
    fields.map(({ at, code, values }) => [at.slice(1).replaceAll('/', '.') || 'form', say(`problem.${code}`, values)]),
  )

export const sayOf = (ctx: AppContext): Say => ctx.registry.words.say(ctx.language)

/** A day in words of the reader's language. */
export const dayText = (ctx: AppContext, day: string): string => formatDay(day, ctx.language)

export type Option = { readonly id: string; readonly label: string; readonly lang?: string }

/** A record as an answer of a list: its name and its number. */
export function optionOf(ctx: AppContext, row: { id: string; code: string; title: Localized }): Option {
  const { text, lang } = localize(row.title, ctx.language, ctx.registry.language)
  return { id: row.id, label: `${text} (${row.code})`, ...(lang === ctx.language ? {} : { lang }) }
}

export const mayWrite = (ctx: AppContext, action: string, kind: string): boolean =>
  ctx.caller.account !== null && ctx.policies.canSome(ctx.caller, action, kind)
