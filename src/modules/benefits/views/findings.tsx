import type { View } from '#kernel/view.ts'
import { EmptyState, type Tab, Tabs } from '#web/parts/card.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { NameLink } from '#web/parts/name.tsx'
import { DataTable } from '#web/parts/table.tsx'

type About = { readonly text: string; readonly lang?: string; readonly href: string; readonly code: string }

export type FindingsData = {
  readonly shown: string
  readonly title: string
  readonly step: string
  readonly tabs: readonly Tab[]
  readonly rows: ReadonlyArray<
    About & { readonly sentence: string; readonly others: readonly About[]; readonly who: string }
  >
}

/** One finding with every record it is about, and who has to settle it. */
export function findingsView(data: FindingsData, { say }: View) {
  return (
    <>
      <PageHead title={data.title} lead={data.rows.length > 0 ? data.step : undefined} />
      {data.tabs.length > 0 && <Tabs label={say('benefits.findings.label')} tabs={data.tabs} />}
      <DataTable
        id="findings"
        caption={data.title}
        captionUnseen
        rows={data.rows}
        empty={
          <EmptyState title={say('benefits.findings.none')} icon="check-circle">
            <p>{say('benefits.findings.none-lead')}</p>
          </EmptyState>
        }
        columns={[
          {
            name: 'record',
            head: say('benefits.findings.about'),
            names: true,
            cell: (row) => (
              <>
                <Name about={row} /> <bdi class="cw-soft cw-small">{row.code}</bdi>
              </>
            ),
          },
          {
            name: 'what',
            head: say('benefits.findings.what'),
            cell: (row) => (
              <>
                {row.sentence}
                {row.others.length > 0 && (
                  <ul>
                    {row.others.map((other) => (
                      <li key={other.href}>
                        <Name about={other} />
                      </li>
                    ))}
                  </ul>
                )}
              </>
            ),
          },
          {
            name: 'who',
            head: say('benefits.column.who'),
            cell: (row) => row.who || <span class="cw-soft">{say('benefits.nobody')}</span>,
          },
        ]}
      />
    </>
  )
}

const Name = ({ about }: { about: About }) => <NameLink name={about} />
