import type { Manifest } from '#platform/module.ts'
import { block, verbs } from '#platform/verb.ts'
import { figures } from './figures.ts'
import { findings } from './findings.ts'
import { inspections } from './lists.ts'
import { rowForms } from './pages-rows.ts'
import { policy } from './policy.ts'
import { caresForTrees, saidToBeFelled } from './queries.ts'
import { inspection, tree } from './records.ts'
import { checkInspection } from './rules.ts'
import { samples } from './samples.ts'
import en from './words/en.json' with { type: 'json' }
import zhHans from './words/zh-Hans.json' with { type: 'json' }

export const trees: Manifest = {
  name: 'trees',
  folder: import.meta.dirname,
  kinds: [tree, inspection],
  checks: [checkInspection],
  verbs: [
    ...verbs(tree, {
      plant: { from: ['planned'], to: 'standing', input: ['links.serves'], set: { plantedOn: ({ today }) => today } },
      fell: { from: ['standing'], to: 'felled', input: ['reason'], guard: saidToBeFelled },
    }),
    ...verbs(inspection, {
      hold: { from: ['planned'], to: 'held', input: ['verdict'], set: { heldOn: ({ today }) => today } },
    }),
  ],
  blocks: [block('directory.post', 'abolish', caresForTrees)],
  policy,
  lists: [inspections],
  rowForms,
  findings,
  figures,
  samples,
  navigation: [
    { section: 'results', label: 'trees.tree.plural', href: '/trees/trees', order: 90, policy: 'anyone' },
    { section: 'results', label: 'trees.inspection.plural', href: '/trees/inspections', order: 91, policy: 'anyone' },
  ],
  words: { en, 'zh-Hans': zhHans },
}
