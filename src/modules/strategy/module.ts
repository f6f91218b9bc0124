import type { Manifest } from '#platform/module.ts'
import { verbs } from '#platform/verb.ts'
import { importOffers } from './actions-import.ts'
import { stratmlFormat } from './exchange-stratml.ts'
import { figures } from './figures.ts'
import { findings } from './findings.ts'
import { framePages } from './pages-frames.ts'
import { groupPage, publishPage } from './pages-many.ts'
import { formerWaitingPage, offers } from './pages-offers.ts'
import { panels } from './pages-panels.ts'
import { visionPages } from './pages-vision.ts'
import { policy } from './policy.ts'
import { sentencesReplaced, versionsReplaced } from './queries-vision.ts'
import { category, commitment, frame, objective, outcome, plan, sentence, vision } from './records.ts'
import { checkCommitment, checkOutcome, checkPlan, checkSentence } from './rules.ts'
import { samples } from './samples.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const strategy: Manifest = {
  name: 'strategy',
  folder: import.meta.dirname,
  kinds: [plan, vision, sentence, outcome, objective, commitment, frame, category],
  checks: [checkPlan, checkOutcome, checkSentence, checkCommitment],
  verbs: [
    ...verbs(plan, {
      adopt: { from: ['draft'], to: 'adopted' },
      end: { from: ['adopted'], to: 'ended' },
    }),
    ...verbs(vision, {
      adopt: {
        from: ['draft'],
        to: 'adopted',
        set: { adoptedOn: ({ today, before }) => before.adoptedOn ?? today },
        follow: versionsReplaced,
      },
      replace: { from: ['adopted'], to: 'replaced', follow: sentencesReplaced },
    }),
    ...verbs(sentence, {
      replace: { from: ['standing'], to: 'replaced' },
    }),
    ...verbs(outcome, {
      agree: { from: ['draft'], to: 'agreed' },
      drop: { from: ['draft', 'agreed'], to: 'dropped' },
      reopen: { from: ['agreed', 'dropped'], to: 'draft' },
    }),
    ...verbs(objective, {
      agree: { from: ['draft'], to: 'agreed' },
      drop: { from: ['draft', 'agreed'], to: 'dropped' },
      reopen: { from: ['agreed', 'dropped'], to: 'draft' },
    }),
    ...verbs(commitment, {
      agree: { from: ['draft'], to: 'agreed' },
      keep: { from: ['agreed'], to: 'kept', input: ['keptOn'] },
      miss: { from: ['agreed'], to: 'missed' },
      drop: { from: ['draft', 'agreed'], to: 'dropped' },
    }),
  ],
  policy,
  figures,
  formats: [stratmlFormat],
  imports: importOffers,
  samples,
  pages: [...visionPages, groupPage, ...framePages, publishPage, formerWaitingPage],
  panels,
  findings,
  offers,
  navigation: [
    { section: 'strategy', label: 'strategy.navigation.vision', href: '/strategy/vision', order: 10, policy: 'anyone' },
    { section: 'strategy', label: 'strategy.plan.plural', href: '/strategy/plans', order: 20, policy: 'anyone' },
    { section: 'strategy', label: 'strategy.outcome.plural', href: '/strategy/outcomes', order: 30, policy: 'anyone' },
    {
      section: 'strategy',
      label: 'strategy.objective.plural',
      href: '/strategy/objectives',
      order: 40,
      policy: 'anyone',
    },
    {
      section: 'strategy',
      label: 'strategy.commitment.plural',
      href: '/strategy/commitments',
      order: 50,
      policy: 'anyone',
    },
    {
      section: 'strategy',
      label: 'strategy.classification.title',
      href: '/strategy/classification',
      order: 60,
      policy: 'anyone',
    },
    {
      section: 'strategy',
      label: 'strategy.publish.link',
      href: '/strategy/publish',
      order: 70,
      policy: { can: 'publish', kind: 'strategy.outcome' },
    },
    {
      section: 'strategy',
      label: 'strategy.finding.navigation',
      href: '/strategy/findings',
      order: 80,
      policy: 'signed in',
    },
  ],
  words: { en, 'zh-Hans': zhHans },
}
