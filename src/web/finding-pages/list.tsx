import type { View } from '#kernel/view.ts'
import { EmptyState, type Tab, Tabs } from '../parts/card.tsx'
import { PageHead } from '../parts/head.tsx'
import { NameLink } from '../parts/name.tsx'
import { Badge } from '../parts/status.tsx'
import { DataTable, Pager } from '../parts/table.tsx'
import { ActOrWait, type FindingItem, Others, WaitsFor } from './item.tsx'

export type FindingsPageView = {
  readonly title: string
  readonly step: string
  /** One for each finding that anything shows, with their number. */
  readonly tabs: readonly Tab[]
  /** Everything, or what is the reader's. */
  readonly scopes: readonly Tab[]
  readonly items: readonly FindingItem[]
  readonly count: number
  readonly first: string | null
  readonly next: string | null
  readonly together: string | null
}

/** What a room finds, one list for each finding: the record, what is found, for whom it waits, the act that ends it. */
export function findingsView(data: FindingsPageView, view: View) {
  const { say } = view
  const stakes = data.items.some((item) => item.stake !== '')
  return (
    <>
      <PageHead title={data.title} lead={data.items.length > 0 ? data.step : undefined} />
      <Tabs label={say('finding.scopes')} tabs={data.scopes} />
      {data.tabs.length > 0 && <Tabs label={say('finding.tabs')} tabs={data.tabs} />}
      <DataTable
        id="findings"
        caption={data.title}
        captionUnseen
        rows={data.items}
        empty={
          <EmptyState title={say('finding.none')} icon="check-circle">
            <p>{say('finding.none.text')}</p>
          </EmptyState>
        }
        columns={[
          {
            name: 'record',
            head: say('finding.column.record'),
            names: true,
            cell: (item) => (
              <>
                <NameLink name={item} />{' '}
                <span class="cw-soft cw-small">
                  {item.kind} <bdi>{item.code}</bdi>
                </span>
              </>
            ),
          },
          {
            name: 'what',
            head: say('finding.column.what'),
            cell: (item) => (
              <>
                {item.sentence}
                <Others item={item} view={view} />
              </>
            ),
          },
          ...(stakes
            ? [{ name: 'stake', head: say('finding.column.stake'), cell: (item: FindingItem) => item.stake || '–' }]
            : []),
          {
            name: 'waits',
            head: say('finding.column.waits'),
            cell: (item) => (
              <>
                <WaitsFor item={item} view={view} />{' '}
                {item.escalated && (
                  <Badge icon="alert" tone="concern">
                    {say('finding.escalated')}
                  </Badge>
                )}
              </>
            ),
          },
          { name: 'act', head: say('finding.column.act'), cell: (item) => <ActOrWait item={item} view={view} /> },
        ]}
      />
      <Pager
        {...(data.first ? { newer: data.first } : {})}
        {...(data.next ? { older: data.next } : {})}
        words={{ newer: say('finding.pager.first'), older: say('finding.pager.next') }}
        {...(data.count > data.items.length
          ? { summary: say('finding.pager.count', { shown: data.items.length, count: data.count }) }
          : {})}
      />
      {data.together && (
        <p>
          <a href={data.together}>{say('finding.together')}</a>
        </p>
      )}
    </>
  )
}
