/** What waits for a person: values due and overdue, and what an indicator lacks. */

import { type WorkOffer, workItem } from '#platform/module.ts'
import { todayOf } from '#platform/today.ts'
import { addDays } from '#values/period.ts'
import { countWaiting, type FindingName } from './queries-list.ts'

/** Values due within this many days are announced. */
const announcedDays = 30

const lacking: ReadonlyArray<{ finding: FindingName; priority: number }> = [
  { finding: 'no-owner', priority: 3 },
  { finding: 'direction-not-agreed', priority: 4 },
  { finding: 'no-target', priority: 5 },
  { finding: 'no-measurement', priority: 5 },
  { finding: 'no-goal', priority: 6 },
  { finding: 'no-unit', priority: 7 },
]

/** Grouped by what to do, each linked to the list of exactly these indicators. */
export const workOffer: WorkOffer = {
  name: 'indicators',
  load: async (ctx, mine) => {
    const today = todayOf(ctx)
    const until = addDays(today, announcedDays)
    const suffix = mine ? '&mine=true' : ''
    const { due, late, findings } = await countWaiting(ctx, until, mine)
    return [
      ...workItem('indicators', 'late', { count: late, href: `/indicators?freshness=overdue${suffix}`, priority: 1 }),
      ...workItem('indicators', 'due', { count: due, href: `/indicators?due=soon${suffix}`, priority: 2 }),
      ...lacking.flatMap(({ finding, priority }) => {
        // Owners are assigned in bulk, by organisation, on the page for that.
        const list = `/indicators?finding=${finding}${suffix}`
        const href = finding === 'no-owner' && !mine ? '/directory/assign' : list
        return workItem('indicators', finding, { count: findings[finding], href, priority })
      }),
    ]
  },
}
