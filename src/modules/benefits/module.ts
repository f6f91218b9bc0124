import { followChanges, followDays } from '#platform/derived.ts'
import type { Manifest } from '#platform/module.ts'
import { block, verbs } from '#platform/verb.ts'
import { standing } from './derived.ts'
import { figures } from './figures.ts'
import { findings } from './findings.ts'
import { register } from './lists.ts'
import { mapPanels } from './map/pages-panels.ts'
import { pages } from './pages.ts'
import { panels } from './pages-panels.ts'
import { rowForms } from './pages-rows.ts'
import { policy } from './policy.ts'
import { replacedByAdoption } from './queries-framework.ts'
import { stillReceives } from './queries-register.ts'
import { benefit, change, enabler, framework, review } from './records.ts'
import { checkBenefit, checkBudget, checkConfirmation, checkFramework, checkPeriods, checkReview } from './rules.ts'
import { samples } from './samples.ts'
import en from './words/en.json' with { type: 'json' }
import mapEn from './words/map-en.json' with { type: 'json' }
import mapZhHans from './words/map-zh-Hans.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

const running = ['agreed', 'handed-over', 'realizing', 'partly-realized'] as const

export const benefits: Manifest = {
  name: 'benefits',
  folder: import.meta.dirname,
  kinds: [benefit, change, enabler, review, framework],
  checks: [checkBenefit, checkReview, checkFramework],
  rowChecks: [...checkPeriods, checkBudget, checkConfirmation],
  verbs: [
    ...verbs(benefit, {
      agree: { from: ['proposed'], to: 'agreed' },
      'hand-over': {
        from: ['agreed', 'realizing', 'partly-realized'],
        to: 'handed-over',
        input: ['measurementBudget', 'trackUntil'],
        set: { handedOverOn: ({ today }) => today },
      },
      begin: { from: ['agreed', 'handed-over'], to: 'realizing' },
      'part-realize': { from: ['handed-over', 'realizing'], to: 'partly-realized' },
      realize: { from: ['handed-over', 'realizing', 'partly-realized'], to: 'realized' },
      sustain: { from: ['realized'], to: 'sustained' },
      miss: { from: [...running, 'realized', 'sustained'], to: 'not-realized' },
      dispute: { from: [...running, 'realized', 'sustained'], to: 'disputed' },
      settle: { from: ['disputed', 'not-realized'], to: 'realizing' },
      drop: { from: ['proposed', ...running, 'disputed'], to: 'dropped' },
      reopen: { from: ['agreed', 'dropped'], to: 'proposed' },
    }),
    ...verbs(change, {
      agree: { from: ['proposed'], to: 'agreed' },
      begin: { from: ['agreed'], to: 'under-way' },
      adopt: { from: ['under-way'], to: 'adopted' },
      drop: { from: ['proposed', 'agreed', 'under-way'], to: 'dropped' },
      reopen: { from: ['agreed', 'adopted', 'dropped'], to: 'proposed' },
    }),
    ...verbs(enabler, {
      begin: { from: ['planned'], to: 'under-way' },
      finish: { from: ['under-way'], to: 'in-place' },
      drop: { from: ['planned', 'under-way'], to: 'dropped' },
      reopen: { from: ['in-place', 'dropped'], to: 'planned' },
    }),
    ...verbs(review, {
      hold: { from: ['planned'], to: 'held' },
      settle: { from: ['held'], to: 'settled' },
      drop: { from: ['planned'], to: 'dropped' },
    }),
    ...verbs(framework, {
      adopt: { from: ['draft'], to: 'adopted', input: ['adoptedOn', 'reviewOn'], follow: replacedByAdoption },
      replace: { from: ['adopted'], to: 'replaced' },
    }),
  ],
  blocks: [block('directory.post', 'abolish', stillReceives)],
  policy,
  figures,
  samples,
  pages,
  lists: [register],
  panels: [...panels, ...mapPanels],
  findings,
  rowForms,
  subscribers: [followChanges(standing)],
  jobs: [followDays(standing)],
  navigation: [
    { section: 'results', label: 'benefits.register.title', href: '/benefits', order: 40, policy: 'anyone' },
    { section: 'results', label: 'benefits.map.title', href: '/benefits/map', order: 45, policy: 'anyone' },
    { section: 'results', label: 'benefits.change.plural', href: '/benefits/changes', order: 50, policy: 'signed in' },
    {
      section: 'results',
      label: 'benefits.enabler.plural',
      href: '/benefits/enablers',
      order: 60,
      policy: 'signed in',
    },
    { section: 'results', label: 'benefits.review.plural', href: '/benefits/reviews', order: 70, policy: 'signed in' },
    { section: 'results', label: 'benefits.framework.title', href: '/benefits/framework', order: 80, policy: 'anyone' },
  ],
  words: { en: { ...en, ...mapEn }, 'zh-Hans': { ...zhHans, ...mapZhHans } },
}
