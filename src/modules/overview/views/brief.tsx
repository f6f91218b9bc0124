import type { View } from '#kernel/view.ts'
import type { Headline } from '#platform/offer.ts'
import type { FindingStep } from '#web/finding-pages/item.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { nameColumn, type Text, Words } from '#web/parts/name.tsx'
import { ResultBadge } from '#web/parts/status-card.tsx'
import { DataTable } from '#web/parts/table.tsx'
import { type ChangeView, RecentActivity, type SilentReporterView } from './parts.tsx'

export type BriefData = {
  readonly city: Text
  readonly from: string
  readonly to: string
  readonly cards: readonly Headline[]
  readonly steps: readonly FindingStep[]
  readonly silent: readonly SilentReporterView[]
  readonly changes: readonly ChangeView[]
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
                  <a href={step.href} lang={step.lang}>
                    {step.sentence}
                  </a>
                  <p class="cw-small cw-soft">{step.names}</p>
                </li>
              ))}
            </ol>
          )}
        </Section>
        <RecentActivity silent={data.silent} changes={data.changes} view={view} />
      </div>
    </>
  )
}
