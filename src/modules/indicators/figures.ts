import { type Figure, figure } from '#platform/figure.ts'
import { todayOf } from '#platform/today.ts'
import { countLacking, type FindingName } from './queries-list.ts'
import { indicator } from './records.ts'

/** A share of the agreed indicators without a finding of the list. */
const without = (id: string, finding: FindingName, recommendations: readonly string[]): Figure =>
  figure({
    id,
    recommendations,
    unit: '%',
    kind: 'share',
    // Which goal an indicator measures ends with the goal.
    reads: [indicator.kind, ...indicator.links.measures.to],
    measure: async (ctx) => {
      const { of, lacking, unmeasured } = await countLacking(ctx, finding)
      const unknown = finding === 'stale' ? unmeasured : 0
      const query = '/indicators?state=agreed'
      return {
        ...{ met: of - lacking - unknown, of, unknown, asOf: todayOf(ctx) },
        ...{ query, lacking: `${query}&finding=${finding}` },
      }
    },
  })

/** What the room says about itself. */
export const figures = [
  without('indicators.current', 'stale', ['7-1']),
  without('indicators.with-target', 'no-target', ['6.2-6', '7-1']),
  without('indicators.with-goal', 'no-goal', ['7-1']),
]
