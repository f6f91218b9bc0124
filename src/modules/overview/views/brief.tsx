import type { View } from '#kernel/view.ts'
import type { OutcomeCard } from '#modules/strategy'
import { PageHead, Section } from '#web/parts/head.tsx'
import { nameColumn, type Text, Words } from '#web/parts/name.tsx'
import { ResultBadge } from '#web/parts/status-card.tsx'
import { DataTable } from '#web/parts/table.tsx'
import {
  type ChangeView,
  CommitmentList,
  type CommitmentView,
  RecentActivity,
  type SilentReporterView,
  type StepView,
} from './parts.tsx'

export type BriefData = {
  readonly city: Text
  readonly from: string
  readonly to: string
  readonly cards: readonly OutcomeCard[]
  readonly steps: readonly StepView[]
  readonly silent: readonly SilentReporterView[]
  readonly changes: readonly ChangeView[]
  readonly commitments: readonly CommitmentView[]
}

/** The week on one printable page: how outcomes are doing, what to decide, who went silent, what changed. */
export function briefView(data: BriefData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead
        over={<Words text={data.city} />}
        title={say('overview.brief.title')}
        lead={say('overview.brief.lead', { from: data.from, to: data.to })}
      />
      <Section id="outcomes" title={say('overview.home.outcomes')}>
        <DataTable
          id="brief-outcomes"
          caption={say('overview.brief.table')}
          captionUnseen
          rows={data.cards}
          columns={[
            nameColumn('outcome', say('overview.brief.outcome')),
            { name: 'result', head: say('overview.brief.result'), cell: (card) => <ResultBadge card={card} /> },
            {
              name: 'why',
              head: say('overview.brief.why'),
              cell: (card) => (
                <>
                  {card.sentence}
                  {card.worst && (
                    <>
                      {' '}
                      {say('overview.card.worst')} <Words text={card.worst} />
                    </>
                  )}
                </>
              ),
            },
            {
              name: 'counts',
              head: say('overview.card.below'),
              cell: (card) => card.counts,
            },
          ]}
        />
      </Section>
      <div class="cw-grid" data-columns="wide">
        <Section id="decide" title={say('overview.home.decide')}>
          {data.steps.length === 0 ? (
            <p class="cw-soft">{say('overview.home.nothing-waits')}</p>
          ) : (
            <ol>
              {data.steps.map((step) => (
                <li key={step.key}>
                  {step.sentence}: <a href={step.href}>{step.step}</a>
                </li>
              ))}
            </ol>
          )}
        </Section>
        {data.commitments.length > 0 && (
          <Section id="commitments" title={say('overview.commitment.title')}>
            <CommitmentList rows={data.commitments} view={view} />
          </Section>
        )}
        <RecentActivity silent={data.silent} changes={data.changes} view={view} />
      </div>
    </>
  )
}
