import { figure } from '#platform/figure.ts'
import { listedCount, listedShare } from '#platform/figures/index.ts'
import { todayOf } from '#platform/today.ts'
import { countPaths } from './queries-register.ts'
import { benefit, change, review } from './records.ts'

/** What the room says about itself. */
export const figures = [
  figure({
    id: 'benefits.with-path',
    unit: '%',
    kind: 'share',
    reads: [benefit.kind],
    recommendations: ['7-1'],
    measure: async (ctx) => {
      const { of, without } = await countPaths(ctx)
      return { met: of - without, of, asOf: todayOf(ctx), query: '/benefits', lacking: '/benefits?path=none' }
    },
  }),
  listedShare(change, {
    id: 'benefits.changes-adopted',
    among: 'state=agreed,under-way,adopted',
    lacking: 'state=agreed,under-way',
    recommendations: ['7-1'],
  }),
  listedCount(review, { id: 'benefits.reviews-held', on: 'heldOn', unit: '{review}' }),
]
