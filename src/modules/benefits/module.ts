import type { Manifest } from '#platform/module.ts'
import { mapPanels } from './map/pages-panels.ts'
import { pages } from './pages.ts'
import { panels } from './pages-panels.ts'
import { rowForms } from './pages-rows.ts'
import { policy } from './policy.ts'
import { workOffer } from './queries-work.ts'
import { benefit, change, enabler, framework, review } from './records.ts'
import {
  checkBenefit,
  checkBudget,
  checkConfirmation,
  checkDropped,
  checkFramework,
  checkPeriod,
  checkReview,
} from './rules.ts'
import { samples } from './samples.ts'
import en from './words/en.json' with { type: 'json' }
import mapEn from './words/map-en.json' with { type: 'json' }
import mapZhHans from './words/map-zh-Hans.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

const running = ['agreed', 'handed-over', 'realizing', 'partly-realized']

export const benefits: Manifest = {
  name: 'benefits',
  folder: import.meta.dirname,
  kinds: [benefit, change, enabler, review, framework],
  checks: [
    { kind: 'benefits.benefit', check: checkBenefit },
    { kind: 'benefits.change', check: checkDropped },
    { kind: 'benefits.enabler', check: checkDropped },
    { kind: 'benefits.review', check: checkReview },
    { kind: 'benefits.framework', check: checkFramework },
  ],
  rowChecks: [
    ...['path', 'result', 'forecast'].map((rows) => ({ kind: 'benefits.benefit', rows, check: checkPeriod })),
    { kind: 'benefits.benefit', rows: 'budget', check: checkBudget },
    { kind: 'benefits.benefit', rows: 'confirmation', check: checkConfirmation },
  ],
  verbs: [
    { kind: 'benefits.benefit', name: 'agree', from: ['proposed'], to: 'agreed' },
    {
      kind: 'benefits.benefit',
      name: 'hand-over',
      from: ['agreed', 'realizing', 'partly-realized'],
      to: 'handed-over',
    },
    { kind: 'benefits.benefit', name: 'begin', from: ['agreed', 'handed-over'], to: 'realizing' },
    { kind: 'benefits.benefit', name: 'part-realize', from: ['handed-over', 'realizing'], to: 'partly-realized' },
    {
      kind: 'benefits.benefit',
      name: 'realize',
      from: ['handed-over', 'realizing', 'partly-realized'],
      to: 'realized',
    },
    { kind: 'benefits.benefit', name: 'sustain', from: ['realized'], to: 'sustained' },
    { kind: 'benefits.benefit', name: 'miss', from: [...running, 'realized', 'sustained'], to: 'not-realized' },
    { kind: 'benefits.benefit', name: 'dispute', from: [...running, 'realized', 'sustained'], to: 'disputed' },
    { kind: 'benefits.benefit', name: 'settle', from: ['disputed', 'not-realized'], to: 'realizing' },
    { kind: 'benefits.benefit', name: 'drop', from: ['proposed', ...running, 'disputed'], to: 'dropped' },
    { kind: 'benefits.benefit', name: 'reopen', from: ['agreed', 'dropped'], to: 'proposed' },
    { kind: 'benefits.change', name: 'agree', from: ['proposed'], to: 'agreed' },
    { kind: 'benefits.change', name: 'begin', from: ['agreed'], to: 'under-way' },
    { kind: 'benefits.change', name: 'adopt', from: ['under-way'], to: 'adopted' },
    { kind: 'benefits.change', name: 'drop', from: ['proposed', 'agreed', 'under-way'], to: 'dropped' },
    { kind: 'benefits.change', name: 'reopen', from: ['agreed', 'adopted', 'dropped'], to: 'proposed' },
    { kind: 'benefits.enabler', name: 'begin', from: ['planned'], to: 'under-way' },
    { kind: 'benefits.enabler', name: 'finish', from: ['under-way'], to: 'in-place' },
    { kind: 'benefits.enabler', name: 'drop', from: ['planned', 'under-way'], to: 'dropped' },
    { kind: 'benefits.enabler', name: 'reopen', from: ['in-place', 'dropped'], to: 'planned' },
    { kind: 'benefits.review', name: 'hold', from: ['planned'], to: 'held' },
    { kind: 'benefits.review', name: 'settle', from: ['held'], to: 'settled' },
    { kind: 'benefits.review', name: 'drop', from: ['planned'], to: 'dropped' },
    { kind: 'benefits.framework', name: 'adopt', from: ['draft'], to: 'adopted' },
    { kind: 'benefits.framework', name: 'replace', from: ['adopted'], to: 'replaced' },
  ],
  policy,
  samples,
  pages,
  panels: [...panels, ...mapPanels],
  rowForms,
  work: [workOffer],
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
