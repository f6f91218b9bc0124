import { listedShare } from '#platform/figures/index.ts'
import { commitment, objective, outcome } from './records.ts'

const notDropped = 'state=draft,agreed'
const noOwner = 'owner[empty]=true'

/** What the room says about itself. */
export const figures = [
  listedShare(outcome, {
    id: 'strategy.outcomes-with-owner',
    among: notDropped,
    lacking: noOwner,
    recommendations: ['6.2-7', '6.4-2'],
  }),
  listedShare(outcome, {
    id: 'strategy.outcomes-with-rule',
    among: notDropped,
    lacking: 'rule[empty]=true',
    recommendations: ['6.2-6'],
  }),
  listedShare(outcome, {
    id: 'strategy.outcomes-published',
    among: 'state=agreed',
    lacking: 'audience=restricted,organisation,partners',
    recommendations: ['6.2-7'],
  }),
  listedShare(objective, {
    id: 'strategy.objectives-with-owner',
    among: notDropped,
    lacking: noOwner,
    recommendations: ['6.4-2'],
  }),
  listedShare(commitment, { id: 'strategy.commitments-kept', among: 'state=kept,missed', lacking: 'state=missed' }),
]
