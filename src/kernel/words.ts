/**
 * Words of pages, messages and labels: ICU MessageFormat in flat catalogues, one per language and module
 * (`words/en.json`, `words/zh-Hans.json`). A missing word in one language falls back to the other and is reported by
 * the tests; a word missing everywhere shows its key in brackets, so that nobody mistakes it for text.
 */
import { IntlMessageFormat } from 'intl-messageformat'

export const languages = ['en', 'zh-Hans'] as const
export type Language = (typeof languages)[number]
const languageNames: Readonly<Record<string, string>> = { en: 'English', 'zh-Hans': '简体中文' }

/** A language's name in that language. */
export const languageName = (tag: string): string => languageNames[tag] ?? tag

export type Values = Record<string, string | number>
export type Say = (key: string, values?: Values) => string
export type Catalogue = Record<string, string>
/** Text that a person wrote, by BCP 47 language tag. */
export type Localized = Record<string, string>

export type Words = {
  readonly say: (language: Language) => Say
  readonly has: (language: Language, key: string) => boolean
  readonly keys: (language: Language) => string[]
}

/** Joins catalogues; the same key twice in one language is a mistake and throws with its name. */
export function createWords(catalogues: ReadonlyArray<Record<Language, Catalogue>>): Words {
  const joined: Record<Language, Map<string, string>> = { en: new Map(), 'zh-Hans': new Map() }
  for (const catalogue of catalogues) {
    for (const language of languages) {
      for (const [key, text] of Object.entries(catalogue[language])) {
        if (joined[language].has(key))
          throw new Error(`The word "${key}" stands in two ${language} catalogues; keep one.`)
        joined[language].set(key, text)
      }
    }
  }
  const compiled = new Map<string, IntlMessageFormat>()
  const speakers = new Map<Language, Say>()
  for (const language of languages) {
    const other: Language = language === 'en' ? 'zh-Hans' : 'en'
    speakers.set(language, (key, values) => {
      const own = joined[language].get(key)
      const text = own ?? joined[other].get(key)
      if (text === undefined) return `[${key}]`
      if (!text.includes('{') && !text.includes("'")) return text
      const slot = `${own === undefined ? other : language}\u0000${key}`
      let format = compiled.get(slot)
      if (!format) {
        format = new IntlMessageFormat(text, own === undefined ? other : language, undefined, { ignoreTag: true })
        compiled.set(slot, format)
      }
      try {
        return String(format.format(values))
      } catch {
        // A value is missing: the bare sentence still says more than a failed page.
        return text
      }
    })
  }
  return {
    say: (language) => speakers.get(language)!,
    has: (language, key) => joined[language].has(key),
    keys: (language) => [...joined[language].keys()],
  }
}

/** The languages a city writes in, its main one first. */
export const languagesFrom = (first: string): string[] => [first, ...languages.filter((each) => each !== first)]

/**
 * The text a reader gets, and the language it is in: theirs, else the city's, else any that exists (marked by `lang`).
 */
export function localize(text: Localized, wanted: string, cityLanguage = 'en'): { text: string; lang: string } {
  for (const lang of [wanted, cityLanguage]) if (text[lang]) return { text: text[lang], lang }
  const [lang, any] = Object.entries(text)[0] ?? [wanted, '']
  return { text: any, lang }
}

/**
 * The best language for an Accept-Language header (RFC 9110 §12.5.4); `zh`, `zh-CN` and `zh-SG` mean Simplified
 * Chinese.
 */
export function negotiateLanguage(header: string | undefined, fallback: Language = 'en'): Language {
  const wishes = (header ?? '')
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [tag = '', ...options] = part.trim().toLowerCase().split(';')
      const quality = options.map((option) => option.trim()).find((option) => option.startsWith('q='))
      return { tag, quality: quality ? Number(quality.slice(2)) || 0 : 1 }
    })
    .sort((left, right) => right.quality - left.quality)
  for (const { tag, quality } of wishes) {
    if (quality <= 0) continue
    const language = languageOf(tag)
    if (language) return language
  }
  return fallback
}

/** A supported language for a tag a person or a URL gave, or nothing. */
export function languageOf(tag: string | undefined): Language | undefined {
  const lower = (tag ?? '').toLowerCase()
  if (lower === 'en' || lower.startsWith('en-')) return 'en'
  if (
    lower === 'zh' ||
    (lower.startsWith('zh-') &&
      !lower.startsWith('zh-hant') &&
      !lower.startsWith('zh-tw') &&
      !lower.startsWith('zh-hk'))
  )
    return 'zh-Hans'
  return undefined
}
