import type { Catalogue, Language } from '#kernel/words.ts'
import english from './words/en.json' with { type: 'json' }
import chinese from './words/zh-Hans.json' with { type: 'json' }

/** The words of the parts, keys `web.…`, for `createWords`. */
export const webWords: Record<Language, Catalogue> = { en: english, 'zh-Hans': chinese }
