/** What a room's form passes to its controls: values as given, problems at the field they belong to. */
import type { View } from '#kernel/view.ts'
import { languageName } from '#kernel/words.ts'
import { controlId } from './controls/control.tsx'
import type { FieldMistake } from './parts/notice.tsx'

/** Sentences by the name of the field; texts in several languages by `name.language`. */
export type Mistakes = Readonly<Record<string, string>>

/** Mistakes for the summary above a form, each linked to its control. */
export const listed = (mistakes: Mistakes, prefix?: string): FieldMistake[] =>
  Object.entries(mistakes).map(([name, text]) => ({ field: controlId(name, prefix), text }))

/** Gives a control its id, its value and its problem: `<TextControl {...field('login', say('…'))} required />`. */
export const fieldsOf =
  (given: Readonly<Record<string, string | undefined>>, mistakes: Mistakes, prefix?: string) =>
  (name: string, label: string) => ({
    id: controlId(name, prefix),
    name,
    label,
    value: given[name] ?? '',
    problem: mistakes[name],
  })

/** Mistakes in a text in several languages, by language; nothing if there are none. */
export function byLanguage(mistakes: Mistakes, name: string): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(mistakes).filter(([key]) => key.startsWith(`${name}.`))
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([key, text]) => [key.slice(name.length + 1), text]))
}

/** Languages the city writes in, its main one first, each by its own name. */
export const writingLanguages = (view: View) => view.languages.map((tag) => ({ tag, name: languageName(tag) }))
