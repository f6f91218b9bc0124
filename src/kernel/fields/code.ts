import { declareType, equal, type Field, type FieldOptions, inOneText } from './field.ts'

/** The terms of one list, which several fields may use; `Intl` or the words `codes.<list>.<term>` name them. */
export type CodeList = {
  readonly terms: readonly string[]
  readonly named: 'currency' | 'region' | 'language' | 'words'
  /** Word of a term, if it is not `codes.<list>.<term>`. */
  readonly word?: (term: string) => string
}

const lists = new Map<string, CodeList>()

/** Declares a list of terms; @throws Error if the name is taken or a term occurs twice. */
export function codeList(name: string, list: CodeList): string {
  if (lists.has(name)) throw new Error(`The code list "${name}" is declared twice.`)
  if (new Set(list.terms).size !== list.terms.length) throw new Error(`The code list "${name}" has a term twice.`)
  lists.set(name, list)
  return name
}

/** @throws Error for a list that nobody declares. */
export function termsOf(name: string): CodeList {
  const list = lists.get(name)
  if (!list) throw new Error(`There is no code list "${name}".`)
  return list
}

/** Currencies in use today and those of older amounts: ISO 4217 as the runtime knows it. */
export const currencies = codeList('currency', { terms: Intl.supportedValuesOf('currency'), named: 'currency' })
/** The languages of the United Nations, and those the pages come in, by BCP 47 tag. */
export const languageTags = codeList('language', {
  terms: [
    'ar',
    'de',
    'en',
    'es',
    'fr',
    'hi',
    'it',
    'ja',
    'ko',
    'nb',
    'nl',
    'pl',
    'pt',
    'ru',
    'sv',
    'tr',
    'zh-Hans',
    'zh-Hant',
  ],
  named: 'language',
})

/** One term of a declared list, as its code. Unlike a choice, the list may grow without a change to the database. */
export const code = (list: string, options: FieldOptions = {}): Field<string> => ({ type: 'code', list, ...options })

/** What a term is called in a language; `say` names those that the runtime does not know. */
export function termName(list: string, term: string, language: string, say: (key: string) => string): string {
  const { named, word } = termsOf(list)
  if (named === 'words') return say(word?.(term) ?? `codes.${list}.${term}`)
  return new Intl.DisplayNames(language, { type: named }).of(term) ?? term
}

declareType({
  ...inOneText,
  type: 'code',
  options: ['list'],
  key: true,
  schema: (field) => ({ type: 'string', enum: [...termsOf(field.list!).terms] }),
  compared: (field) => ({
    '': { suffix: '', as: 'text', comparisons: equal, several: true, choices: termsOf(field.list!).terms, sorts: true },
  }),
  shown: (value, { language, say }, field) => ({
    as: 'text',
    text: `${termName(field.list!, String(value), language, say)} (${value})`,
  }),
  example: (field) => termsOf(field.list!).terms[0],
})
