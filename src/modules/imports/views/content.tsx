import type { View } from '#kernel/view.ts'
import { Disclosure } from '#web/parts/card.tsx'
import { Section } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type ContentPreviewData = {
  readonly kinds: ReadonlyArray<{ readonly kind: string; readonly records: number; readonly rows: number }>
  readonly more: boolean
  readonly records: ReadonlyArray<{
    readonly line: number
    readonly kind: string
    readonly title: Readonly<Record<string, string>>
  }>
  readonly problems: readonly string[]
  readonly stopped: boolean
}

/** What a content file holds, before any of it is saved. */
export function ContentPreviewPart({ preview, view }: { preview: ContentPreviewData; view: View }) {
  const { say, text } = view
  return (
    <>
      {preview.stopped && (
        <Notice tone="problem" title={say('imports.content.stopped')}>
          <ProblemItems problems={preview.problems} />
        </Notice>
      )}
      {preview.kinds.length > 0 && (
        <Section
          id="holds"
          title={say('imports.content.holds')}
          lead={say(`imports.content.${preview.more ? 'holds-more' : 'holds-lead'}`)}
        >
          <DataTable
            id="content-kinds"
            caption={say('imports.content.holds')}
            captionUnseen
            rows={preview.kinds}
            columns={[
              {
                name: 'kind',
                head: say('imports.content.kind'),
                names: true,
                cell: (row) => say(`${row.kind}.plural`),
              },
              {
                name: 'records',
                head: say('imports.content.records'),
                numeric: true,
                cell: (row) => row.records,
              },
              { name: 'rows', head: say('imports.content.rows'), numeric: true, cell: (row) => row.rows },
            ]}
          />
        </Section>
      )}
      {preview.records.length > 0 && (
        <Section id="first" title={say('imports.content.first')}>
          <DataTable
            id="content-records"
            caption={say('imports.content.first')}
            captionUnseen
            rows={preview.records}
            columns={[
              {
                name: 'line',
                head: say('imports.line'),
                numeric: true,
                width: 'short',
                cell: (row) => row.line,
              },
              { name: 'kind', head: say('imports.content.kind'), cell: (row) => say(row.kind) },
              {
                name: 'title',
                head: say('imports.content.name'),
                names: true,
                cell: (row) => {
                  const title = text(row.title)
                  return <bdi lang={title.lang}>{title.text}</bdi>
                },
              },
            ]}
          />
        </Section>
      )}
      {!preview.stopped && preview.problems.length > 0 && (
        <Disclosure summary={say('imports.content.remarks', { count: preview.problems.length })}>
          <ProblemItems problems={preview.problems} />
        </Disclosure>
      )}
    </>
  )
}

const ProblemItems = ({ problems }: { problems: readonly string[] }) => (
  <ul>
    {problems.map((each) => (
      <li key={each}>{each}</li>
    ))}
  </ul>
)
