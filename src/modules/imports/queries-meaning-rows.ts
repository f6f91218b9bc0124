/** Finds what a mapping's `kind` means: a subject that a room offers, or records of one kind, from its declaration. */
import type { Registry } from '#kernel/registry.ts'
import type { Language } from '#kernel/words.ts'
import { type AllOffers, type ImportSubject, subjectOf } from '#platform/imports/index.ts'
import type { RowMeaning } from './queries-meaning.ts'
import { kindMeaning } from './queries-meaning-kind.ts'

type Asked = { readonly registry: Registry; readonly offers: AllOffers; readonly language: Language }

/** What a mapping's `kind` means; undefined if the name is unknown. */
export function rowMeaning({ registry, offers, language }: Asked, kind: string): RowMeaning | undefined {
  const subject = subjectOf(offers, kind === '' ? undefined : kind)
  if (subject) return subjectMeaning(registry, offers, subject, language)
  const declared = registry.kinds.get(kind)?.declaration
  return declared && kindMeaning(registry, declared, language)
}

function subjectMeaning(registry: Registry, offers: AllOffers, subject: ImportSubject, language: Language): RowMeaning {
  const say = registry.words.say(language)
  const { meanings, words, questions, series, ...form } = subject.form
  const options = (choices: { readonly values: readonly string[]; readonly words: string }) =>
    choices.values.map((value) => ({ value, label: say(`${choices.words}.${value}`) }))
  return {
    value: subject === offers.subjects[0] ? '' : subject.name,
    ofKind: false,
    title: subject.title,
    meanings: meanings.map((value) => ({ value, label: say(`${words}.to.${value}`) })),
    knows: (to) => meanings.includes(to),
    questions: questions.map(({ label, hint, none, choices, ...question }) => ({
      ...question,
      label: say(label),
      ...(hint === undefined ? {} : { hint: say(hint) }),
      ...(none === undefined ? {} : { none: say(none) }),
      ...(choices ? { choices: options(choices) } : {}),
    })),
    ...(series ? { series: { ...series, statuses: options(series.statuses) } } : {}),
    ...form,
  }
}
