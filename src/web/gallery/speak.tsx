import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { createWords, type Language } from '#kernel/words.ts'
import { directionOf, LanguageProvider } from '../language.tsx'
import english from '../words/en.json' with { type: 'json' }
import chinese from '../words/zh-Hans.json' with { type: 'json' }

export const partWords = createWords([{ en: english, 'zh-Hans': chinese }])

/** One part by itself, with its words: for the gallery's server and for tests. */
export function renderPart(part: ComponentChildren, language: Language = 'en'): string {
  return renderToString(
    <LanguageProvider say={partWords.say(language)} language={language} direction={directionOf(language)}>
      {part}
    </LanguageProvider>,
  )
}
