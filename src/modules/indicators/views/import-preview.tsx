import type { View } from '#kernel/view.ts'
import { Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type Told = {
  readonly row: number | null
  readonly column: string | null
  readonly sheet?: string | undefined
  readonly cell?: string | undefined
  readonly message: string
}

export type PreviewData = {
  readonly rows: ReadonlyArray<{
    readonly place: string
    readonly kind: string
    readonly title: string
    readonly organisation: string
    readonly above: string
    readonly values: string
    readonly valueCount: number
    readonly target: string
  }>
  readonly refused: number
  readonly left: number
  readonly looked: number
  readonly problems: readonly Told[]
}

/** What the first rows become, and what is wrong with them. */
export function PreviewPart({ preview, view: { say } }: { preview: PreviewData; view: View }) {
  const ofKind = preview.rows.some((row) => row.kind !== '')
  return (
    <>
      <Section
        id="preview"
        title={say('indicators.import.preview')}
        lead={say('indicators.import.preview-lead', { looked: preview.looked, refused: preview.refused })}
      >
        {preview.left > 0 && <p>{say('indicators.import.preview-left', { count: preview.left })}</p>}
        <DataTable
          id="import-preview"
          caption={say('indicators.import.preview')}
          captionUnseen
          rows={preview.rows}
          columns={[
            {
              name: 'line',
              head: say('indicators.import.line'),
              cell: (row) => <bdi>{row.place}</bdi>,
              width: 'short',
            },
            {
              name: 'title',
              head: say(ofKind ? 'record.field.title' : 'indicators.import.to.indicator.title'),
              names: true,
              cell: (row) => <bdi>{row.title}</bdi>,
            },
            ...(ofKind
              ? [
                  {
                    name: 'kind',
                    head: say('record.field.kind'),
                    cell: (row: { kind: string }) => say(row.kind || 'indicators.indicator'),
                  },
                ]
              : []),
            { name: 'above', head: say('indicators.import.above'), cell: (row) => row.above || '—' },
            {
              name: 'body',
              head: say('indicators.import.to.organisation.name'),
              cell: (row) => row.organisation || say('indicators.import.not-stated'),
            },
            {
              name: 'values',
              head: say('indicators.import.values'),
              cell: (row) =>
                row.valueCount === 0
                  ? row.values || '—'
                  : say('indicators.import.values-shown', { count: row.valueCount, values: row.values }),
            },
            { name: 'target', head: say('indicators.import.to.target.value'), cell: (row) => row.target || '—' },
          ]}
        />
      </Section>
      <Problems problems={preview.problems} say={say} />
    </>
  )
}

/** Problems with their place and the mend. */
export function Problems({ problems, say }: { problems: readonly Told[]; say: View['say'] }) {
  if (problems.length === 0) return null
  return (
    <Section
      id="problems"
      title={say('indicators.import.problems')}
      lead={say('indicators.import.problems-lead', { count: problems.length })}
    >
      <DataTable
        id="import-problems"
        caption={say('indicators.import.problems')}
        captionUnseen
        rows={problems}
        columns={[
          {
            name: 'line',
            head: say('indicators.import.line'),
            cell: (each) =>
              each.sheet ? <bdi>{[each.sheet, each.cell ?? each.row ?? ''].join(' ')}</bdi> : (each.row ?? '—'),
            width: 'short',
          },
          {
            name: 'column',
            head: say('indicators.import.column'),
            cell: (each) => (each.column ? <bdi>{each.column}</bdi> : '—'),
          },
          { name: 'what', head: say('indicators.import.what-to-do'), names: true, cell: (each) => each.message },
        ]}
      />
    </Section>
  )
}
