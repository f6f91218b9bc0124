import type { Manifest } from '#platform/module.ts'
import { policy } from './policy.ts'
import { category, commitment, frame, objective, outcome, plan, sentence, vision } from './records.ts'
import { checkCommitment, checkOutcome, checkPlan, checkSentence } from './rules.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const strategy: Manifest = {
  name: 'strategy',
  folder: import.meta.dirname,
  kinds: [plan, vision, sentence, outcome, objective, commitment, frame, category],
  checks: [
    { kind: 'strategy.plan', check: checkPlan },
    { kind: 'strategy.outcome', check: checkOutcome },
    { kind: 'strategy.sentence', check: checkSentence },
    { kind: 'strategy.commitment', check: checkCommitment },
  ],
  verbs: [
    { kind: 'strategy.plan', name: 'adopt', from: ['draft'], to: 'adopted' },
    { kind: 'strategy.plan', name: 'end', from: ['adopted'], to: 'ended' },
    { kind: 'strategy.vision', name: 'adopt', from: ['draft'], to: 'adopted' },
    { kind: 'strategy.vision', name: 'replace', from: ['adopted'], to: 'replaced' },
    { kind: 'strategy.sentence', name: 'replace', from: ['standing'], to: 'replaced' },
    { kind: 'strategy.outcome', name: 'agree', from: ['draft'], to: 'agreed' },
    { kind: 'strategy.outcome', name: 'drop', from: ['draft', 'agreed'], to: 'dropped' },
    { kind: 'strategy.outcome', name: 'reopen', from: ['agreed', 'dropped'], to: 'draft' },
    { kind: 'strategy.objective', name: 'agree', from: ['draft'], to: 'agreed' },
    { kind: 'strategy.objective', name: 'drop', from: ['draft', 'agreed'], to: 'dropped' },
    { kind: 'strategy.objective', name: 'reopen', from: ['agreed', 'dropped'], to: 'draft' },
    { kind: 'strategy.commitment', name: 'agree', from: ['draft'], to: 'agreed' },
    { kind: 'strategy.commitment', name: 'keep', from: ['agreed'], to: 'kept' },
    { kind: 'strategy.commitment', name: 'miss', from: ['agreed'], to: 'missed' },
    { kind: 'strategy.commitment', name: 'drop', from: ['draft', 'agreed'], to: 'dropped' },
  ],
  policy,
  words: { en, 'zh-Hans': zhHans },
}
