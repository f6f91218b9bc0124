import type { View } from '#kernel/view.ts'
import { Tally } from '#web/parts/figure.tsx'
import { Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import type { IndicatorSummary } from '../pages-summary.ts'
import type { RollUp } from '../queries-status.ts'
import { IndicatorTable } from './rows.tsx'

export type GoalPanel = {
  readonly goal: string
  readonly counts: RollUp
  readonly worst: NamedLink | null
  readonly rows: readonly IndicatorSummary[]
  readonly owners: boolean
}

/** What is measured below an outcome or objective: counts first and the worst, then each indicator. */
export function goalView({ goal, counts, worst, rows, owners }: GoalPanel, view: View) {
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
          <IndicatorTable id="goal-indicators" caption={say('indicators.goal.caption')} rows={rows} view={view} />
        </>
      )}
    </Section>
  )
}
