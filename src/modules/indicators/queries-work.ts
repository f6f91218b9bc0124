/** What waits for a person: values due and overdue, and what an indicator lacks. */
import { todayOf } from '#platform/app.ts'
import type { WorkItem, WorkOffer } from '#platform/module.ts'
import { addDays } from '#values/period.ts'
import { countWaiting, type FindingName } from './queries-list.ts'

/** Values that fall due in so many days are announced. */
const announcedDays = 30

const lacking: ReadonlyArray<{ finding: FindingName; priority: number }> = [
  { finding: 'no-owner', priority: 3 },
  { finding: 'direction-not-agreed', priority: 4 },
  { finding: 'no-target', priority: 5 },
  { finding: 'no-measurement', priority: 5 },
  { finding: 'no-goal', priority: 6 },
  { finding: 'no-unit', priority: 7 },
]

const item = (key: string, count: number, href: string, priority: number): WorkItem[] =>
  count === 0
    ? []
    : [
        {
          key: `indicators.${key}`,
          sentence: `indicators.work.${key}`,
          step: `indicators.work.${key}.step`,
          values: { count },
          count,
          href,
          priority,
        },
      ]

/** Grouped by what is to be done, each leading to the list that holds exactly these indicators. */
export const workOffer: WorkOffer = {
  name: 'indicators',
  load: async (ctx, mine) => {
    const today = todayOf(ctx)
    const until = addDays(today, announcedDays)
    const suffix = mine ? '&mine=true' : ''
    const { due, late, findings } = await countWaiting(ctx, until, mine)
    return [
      ...item('late', late, `/indicators?freshness=overdue${suffix}`, 1),
      ...item('due', due, `/indicators?due=soon${suffix}`, 2),
      ...lacking.flatMap(({ finding, priority }) => {
        // Owners are named for many at once, by body, where that can be done.
        const list = `/indicators?finding=${finding}${suffix}`
        return item(finding, findings[finding], finding === 'no-owner' && !mine ? '/directory/assign' : list, priority)
      }),
    ]
  },
}
