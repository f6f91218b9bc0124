import type { Manifest } from '#platform/module.ts'
import { performanceSubscriber } from './events.ts'
import { performanceJob } from './jobs.ts'
import { policy } from './policy.ts'
import { indicator } from './records.ts'
import { checkIndicator } from './rules.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const indicators: Manifest = {
  name: 'indicators',
  folder: import.meta.dirname,
  kinds: [indicator],
  checks: [{ kind: 'indicators.indicator', check: checkIndicator }],
  verbs: [
    { kind: 'indicators.indicator', name: 'agree', from: ['draft'], to: 'agreed' },
    { kind: 'indicators.indicator', name: 'end', from: ['draft', 'agreed'], to: 'ended' },
    { kind: 'indicators.indicator', name: 'reopen', from: ['agreed', 'ended'], to: 'draft' },
  ],
  policy,
  subscribers: [performanceSubscriber],
  jobs: [performanceJob],
  words: { en, 'zh-Hans': zhHans },
}
