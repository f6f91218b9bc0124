import type { View } from '#kernel/view.ts'
import { Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { PreviewRow } from '../queries-inspection.ts'

export type ProblemView = {
  readonly row: number | null
  readonly column: string | null
  readonly sheet?: string | undefined
  readonly cell?: string | undefined
  readonly message: string
}

export type PreviewData = {
  readonly rows: readonly PreviewRow[]
  readonly refused: number
  readonly left: number
  readonly looked: number
  readonly problems: readonly ProblemView[]
}

/** What the first rows become, and what is wrong with them. */
export function PreviewPart({ preview, view: { say } }: { preview: PreviewData; view: View }) {
  const heads = [...new Set(preview.rows.flatMap((row) => row.more.map(({ head }) => head)))]
  return (
    <>
      <Section
        id="preview"
        title={say('imports.preview')}
        lead={say('imports.preview-lead', { looked: preview.looked, refused: preview.refused })}
      >
        {preview.left > 0 && <p>{say('imports.preview-left', { count: preview.left })}</p>}
        <DataTable
          id="import-preview"
          caption={say('imports.preview')}
          captionUnseen
          rows={preview.rows}
          columns={[
            {
              name: 'line',
              head: say('imports.line'),
              cell: (row) => <bdi>{row.place}</bdi>,
              width: 'short',
            },
            { name: 'title', head: say('record.field.title'), names: true, cell: (row) => <bdi>{row.title}</bdi> },
            { name: 'kind', head: say('record.field.kind'), cell: (row) => say(row.kind) },
            { name: 'above', head: say('imports.above'), cell: (row) => row.above || '—' },
            {
              name: 'body',
              head: say('record.field.organisation'),
              cell: (row) => row.organisation || say('imports.not-stated'),
            },
            {
              name: 'values',
              head: say('imports.values'),
              cell: (row) =>
                row.count === 0
                  ? row.values || '—'
                  : say('imports.values-shown', { count: row.count, values: row.values }),
            },
            ...heads.map((head) => ({
              name: head,
              head: say(head),
              cell: (row: PreviewRow) => row.more.find((each) => each.head === head)?.text || '—',
            })),
          ]}
        />
      </Section>
      <Problems problems={preview.problems} say={say} />
    </>
  )
}

/** Problems with their place and how to fix them. */
export function Problems({ problems, say }: { problems: readonly ProblemView[]; say: View['say'] }) {
  if (problems.length === 0) return null
  return (
    <Section
      id="problems"
      title={say('imports.problems')}
      lead={say('imports.problems-lead', { count: problems.length })}
    >
      <DataTable
        id="import-problems"
        caption={say('imports.problems')}
        captionUnseen
        rows={problems}
        columns={[
          {
            name: 'line',
            head: say('imports.line'),
            cell: (each) =>
              each.sheet ? <bdi>{[each.sheet, each.cell ?? each.row ?? ''].join(' ')}</bdi> : (each.row ?? '—'),
            width: 'short',
          },
          {
            name: 'column',
            head: say('imports.column'),
            cell: (each) => (each.column ? <bdi>{each.column}</bdi> : '—'),
          },
          { name: 'what', head: say('imports.what-to-do'), names: true, cell: (each) => each.message },
        ]}
      />
    </Section>
  )
}
