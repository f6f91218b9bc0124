import type { View } from '#kernel/view.ts'
import { EmptyState, type Tab, Tabs } from '../parts/card.tsx'
import { PageHead } from '../parts/head.tsx'
import { NameLink, type Text } from '../parts/name.tsx'
import { DataTable, Pager } from '../parts/table.tsx'
import { type FindingItem, WaitsFor } from './item.tsx'

export type RegisterRow = FindingItem & {
  readonly label: string
  readonly firstSeen: string
  /** When it was escalated, and to which organisation. */
  readonly escalatedOn: string
  readonly escalatedTo: Text | null
  readonly rerouted: number
  readonly closed: string
  readonly closedBy: string | null
}
export type FindingRegisterView = {
  readonly scopes: readonly Tab[]
  readonly rows: readonly RegisterRow[]
  readonly closed: boolean
  readonly next: string | null
}

/** The register over all rooms: first seen, for whom, escalated when and to whom, ended when and by which change. */
export function findingRegisterView(data: FindingRegisterView, view: View) {
  const { say } = view
  return (
    <>
      <PageHead title={say('finding.register.title')} lead={say('finding.register.lead')} />
      <Tabs label={say('finding.scopes')} tabs={data.scopes} />
      <DataTable
        id="register"
        caption={say('finding.register.title')}
        captionUnseen
        rows={data.rows}
        empty={
          <EmptyState title={say('finding.none')} icon="check-circle">
            <p>{say(data.closed ? 'finding.register.none-closed' : 'finding.none.text')}</p>
          </EmptyState>
        }
        columns={[
          {
            name: 'record',
            head: say('finding.column.record'),
            names: true,
            cell: (row) => (
              <>
                <NameLink name={row} /> <bdi class="cw-soft cw-small">{row.code}</bdi>
              </>
            ),
          },
          {
            name: 'what',
            head: say('finding.column.what'),
            cell: (row) => (
              <>
                <strong>{row.label}</strong> {row.sentence}
              </>
            ),
          },
          {
            name: 'seen',
            head: say('finding.column.seen'),
            cell: (row) => row.firstSeen,
          },
          {
            name: 'waits',
            head: say(data.closed ? 'finding.column.waited' : 'finding.column.waits'),
            cell: (row) => (
              <>
                <WaitsFor item={row} view={view} />
                {row.escalatedOn && (
                  <p class="cw-small">
                    {say('finding.register.escalated', {
                      day: row.escalatedOn,
                      body: row.escalatedTo?.text ?? say('finding.waits.nobody'),
                    })}
                  </p>
                )}
                {row.rerouted > 0 && (
                  <p class="cw-small cw-soft">{say('finding.register.rerouted', { count: row.rerouted })}</p>
                )}
              </>
            ),
          },
          { name: 'stake', head: say('finding.column.stake'), cell: (row) => row.stake || '–' },
          ...(data.closed
            ? [
                {
                  name: 'closed',
                  head: say('finding.column.closed'),
                  cell: (row: RegisterRow) => (
                    <>
                      {row.closed}{' '}
                      {row.closedBy ? (
                        <a href={row.closedBy}>
                          {say('finding.register.by')} <span class="cw-unseen">{row.text}</span>
                        </a>
                      ) : (
                        <span class="cw-soft">{say('finding.register.by-day')}</span>
                      )}
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
      <Pager {...(data.next ? { older: data.next } : {})} words={{ newer: '', older: say('finding.pager.next') }} />
    </>
  )
}
