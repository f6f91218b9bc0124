import type { Manifest } from '#platform/module.ts'
import { verbs } from '#platform/verb.ts'
import { importOffers } from './actions-import.ts'
import { forecastSubscriber, performanceSubscriber } from './events.ts'
import { figures } from './figures.ts'
import { findings } from './findings.ts'
import { figureJob, forecastJob, performanceJob } from './jobs.ts'
import templateWords from './library/template-words.json' with { type: 'json' }
import { allIndicators } from './lists.ts'
import { pages } from './pages.ts'
import { offers } from './pages-offers.ts'
import { panels } from './pages-panels.ts'
import { rowForms } from './pages-rows.ts'
import { policy } from './policy.ts'
import { readMeasurements } from './queries-series.ts'
import { indicator } from './records.ts'
import { checkIndicator } from './rules.ts'
import { samples } from './samples.ts'
import en from './words/en.json' with { type: 'json' }
import figureEn from './words/figure-en.json' with { type: 'json' }
import figureZhHans from './words/figure-zh-Hans.json' with { type: 'json' }
import importEn from './words/import-en.json' with { type: 'json' }
import importZhHans from './words/import-zh-Hans.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const indicators: Manifest = {
  name: 'indicators',
  folder: import.meta.dirname,
  kinds: [indicator],
  checks: [checkIndicator],
  verbs: [
    ...verbs(indicator, {
      agree: { from: ['draft'], to: 'agreed' },
      end: { from: ['draft', 'agreed'], to: 'ended' },
      reopen: { from: ['agreed', 'ended'], to: 'draft' },
    }),
  ],
  policy,
  figures,
  rowReaders: [['indicators.indicator/measurement', readMeasurements]],
  subscribers: [performanceSubscriber, forecastSubscriber],
  jobs: [performanceJob, forecastJob, figureJob],
  imports: importOffers,
  samples,
  pages,
  lists: [allIndicators],
  panels,
  findings,
  offers,
  rowForms,
  navigation: [
    { section: 'results', label: 'indicators.list.title', href: '/indicators', order: 10, policy: 'signed in' },
    { section: 'results', label: 'indicators.library.link', href: '/indicators/library', order: 20, policy: 'anyone' },
  ],
  words: {
    en: { ...en, ...importEn, ...figureEn, ...templateWords.en },
    'zh-Hans': { ...zhHans, ...importZhHans, ...figureZhHans, ...templateWords['zh-Hans'] },
  },
}
