/** What a plan lacks or waits for, and where it is settled. */
import { localize } from '#kernel/words.ts'
import { type FindingOptions, type Found, finding } from '#platform/finding.ts'
import { type FindingName, waitingRecords } from './queries-findings.ts'
import { commitment, objective, outcome, plan, vision } from './records.ts'

type About = Parameters<typeof finding>[0]

const declared = (about: About, name: FindingName, options: Omit<FindingOptions<Found>, 'found'>) =>
  finding(about, name, { ...options, found: (ctx, only) => waitingRecords(ctx, name, only) })

export const findings = [
  declared(commitment, 'commitment-overdue', { presses: 1, act: { verb: ['keep', 'miss', 'agree'] } }),
  declared(outcome, 'relink', {
    presses: 2,
    act: { page: () => '/strategy/vision/relink', may: 'change' },
    together: { page: '/strategy/vision/relink', may: 'change', on: outcome.kind },
  }),
  declared(vision, 'vision-review', { presses: 3, act: { edit: 'reviewOn' } }),
  declared(outcome, 'outcome-unmeasured', {
    presses: 3,
    act: {
      page: (ctx, { code, title, organisation }) =>
        `/indicators/indicators/new?${new URLSearchParams({
          'links.measures': code,
          title: localize(title, ctx.language, ctx.city.language).text,
          ...(organisation ? { organisation } : {}),
        })}`,
      may: 'create',
      on: 'indicators.indicator',
    },
  }),
  declared(commitment, 'commitment-due', { presses: 3, act: { edit: true } }),
  declared(outcome, 'outcome-no-sentence', { presses: 4, act: { edit: 'links' } }),
  declared(objective, 'objective-no-outcome', {
    presses: 4,
    act: { edit: 'links' },
    together: { page: '/strategy/group', may: 'create', on: outcome.kind },
  }),
  declared(outcome, 'outcome-no-rule', { presses: 5, act: { edit: 'rule' } }),
  declared([plan, vision, outcome, objective, commitment], 'draft', { presses: 6, act: { verb: ['agree', 'adopt'] } }),
]
