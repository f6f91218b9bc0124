import { type ComponentChildren, createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Say } from '#kernel/words.ts'

/** What every part needs for its text: the words, their language (BCP 47) and its writing direction. */
export type PageLanguage = {
  readonly say: Say
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
}

const Language = createContext<PageLanguage | undefined>(undefined)

/** `renderPage` puts this around every page; a part rendered alone needs it too. */
export function LanguageProvider(props: PageLanguage & { children: ComponentChildren }) {
  const { children, ...language } = props
  return <Language.Provider value={language}>{children}</Language.Provider>
}

/**
 * The language of the page being rendered. Throws outside `LanguageProvider`, because a part without words is a bug.
 */
export function useLanguage(): PageLanguage {
  const language = useContext(Language)
  if (!language) throw new Error('A part of a page was rendered outside of <LanguageProvider>; use renderPage.')
  return language
}

/** Writing direction of a language tag; Latin, Chinese and unknown scripts run left to right. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return /^(ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)(-|$)|-(Arab|Hebr|Thaa)(-|$)/.test(language) ? 'rtl' : 'ltr'
}

/** `path?a=1` with one query parameter set; the rest is unchanged. */
export function withParameter(address: string, name: string, value: string): string {
  const [path = '', question = ''] = address.split('#')[0]!.split('?')
  const parameters = new URLSearchParams(question)
  parameters.set(name, value)
  return `${path}?${parameters.toString()}`
}
