import type { View } from '#kernel/view.ts'
import { EmptyState, type Tab, Tabs } from '#web/parts/card.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type WaitingData = {
  readonly shown: string
  readonly mine: boolean
  readonly tabs: readonly Tab[]
  readonly sentence: string
  readonly rows: ReadonlyArray<
    NamedLink & {
      readonly code: string
      readonly kind: string
      readonly organisation: Text | null
      readonly owner: Text | null
    }
  >
  readonly count: number
}

export function waitingView(data: WaitingData, view: View) {
  const { say } = view
  const named = (text: Text | null) => <Words text={text} none={say('strategy.waiting.nobody')} />
  return (
    <>
      <PageHead title={say(`strategy.waiting.${data.shown}`)} lead={data.count > 0 ? data.sentence : undefined} />
      <Tabs label={say('strategy.waiting.label')} tabs={data.tabs} />
      <DataTable
        id="waiting"
        caption={say('strategy.waiting.caption', { count: data.count, shown: data.rows.length })}
        rows={data.rows}
        empty={
          <EmptyState title={say('strategy.waiting.none')} icon="check-circle">
            <p>{say('strategy.waiting.none.text')}</p>
          </EmptyState>
        }
        columns={[
          {
            name: 'title',
            head: say('strategy.waiting.what'),
            names: true,
            cell: (row) => (
              <>
                <NameLink name={row} />{' '}
                <span class="cw-soft cw-small">
                  {row.kind} <bdi>{row.code}</bdi>
                </span>
              </>
            ),
          },
          { name: 'owner', head: say('strategy.waiting.owner'), cell: (row) => named(row.owner) },
          { name: 'organisation', head: say('strategy.waiting.organisation'), cell: (row) => named(row.organisation) },
        ]}
      />
    </>
  )
}
