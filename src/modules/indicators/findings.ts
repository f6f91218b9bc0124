/** What indicators wait for: values due and overdue, and what a definition lacks. */
import { addDays } from '#kernel/day.ts'
import { type Act, type FindingOptions, type Found, finding, type Stake } from '#platform/finding.ts'
import { type WaitingIndicator, type WaitingName, waitingIndicators } from './queries-list.ts'
import { indicator } from './records.ts'

/** The period a value is due for, by its first and last day, and when it was or is due. */
const values = ({ nextFrom, nextTo, nextDueOn }: WaitingIndicator): Found['values'] =>
  nextFrom && nextTo && nextDueOn ? { fromDay: nextFrom, toDay: addDays(nextTo, -1), day: nextDueOn } : {}

type Row = Found & { readonly overdueDays?: number }

const found = (
  name: WaitingName,
  presses: FindingOptions<Row>['presses'],
  act: Act,
  more: (row: WaitingIndicator) => Partial<Row> = () => ({}),
) =>
  finding<Row>(indicator, name, {
    presses,
    found: async (ctx, only) =>
      (await waitingIndicators(ctx, name, only)).map((row) => ({ record: row.id, ...more(row) })),
    act,
    atStake: ({ overdueDays }): Stake | null => (overdueDays === undefined ? null : { days: overdueDays }),
  })

const enter: Act = { rows: 'measurement', below: 'measurements' }

export const findings = [
  found('late', 1, enter, (row) => ({
    values: values(row),
    since: row.nextDueOn,
    overdueDays: row.overdueDays ?? 0,
  })),
  found('due', 2, enter, (row) => ({ values: values(row) })),
  found('direction-not-agreed', 4, { edit: 'direction' }),
  found('no-target', 5, { rows: 'target', below: 'targets' }),
  found('no-measurement', 5, enter),
  found('no-goal', 6, { edit: 'links' }),
  found('no-unit', 7, { edit: 'unit' }),
]
