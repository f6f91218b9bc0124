import type { View } from '#kernel/view.ts'
import type { ShownColumn, ShownRow } from '#pages/list/cells.ts'
import { CellInRow } from '#web/list/cell.tsx'
import { Tally } from '#web/parts/figure.tsx'
import { Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { RollUp } from '../queries-status.ts'

export type GoalPanel = {
  readonly goal: string
  readonly counts: RollUp
  readonly worst: NamedLink | null
  readonly columns: readonly ShownColumn[]
  readonly rows: readonly ShownRow[]
  readonly owners: boolean
}

/** What is measured below an outcome or objective: counts first and the worst, then each indicator. */
export function goalView({ goal, counts, worst, columns, rows, owners }: GoalPanel, view: View) {
  const { say } = view
  return (
    <Section
      id="indicators"
      title={say('indicators.indicator.plural')}
      beside={
        view.signedIn && counts.total > rows.length ? (
          <a href={`/indicators?goal=${goal}`}>{say('indicators.goal.all', { count: counts.total })}</a>
        ) : undefined
      }
    >
      {counts.total === 0 ? (
        <p class="cw-soft">{say('indicators.goal.nothing')}</p>
      ) : (
        <>
          <Tally met={counts.met} missed={counts.missed} unknown={counts.unknown} notDue={counts.notDue} />
          {worst && (
            <p>
              {say('indicators.goal.worst')} <NameLink name={worst} />
            </p>
          )}
          {owners && counts.unowned > 0 && (
            <p class="cw-soft">{say('indicators.goal.unowned', { count: counts.unowned })}</p>
          )}
          <div class="cw-list">
            <DataTable
              id="goal-indicators"
              caption={say('indicators.goal.caption')}
              captionUnseen
              rows={rows}
              columns={columns.map(({ name, label, numeric, names }) => ({
                name,
                head: label,
                numeric,
                names,
                ...(names ? { width: 'wide' as const } : {}),
                cell: ({ cells }: ShownRow) => <CellInRow cell={cells[name]!} view={view} />,
              }))}
            />
          </div>
        </>
      )}
    </Section>
  )
}
