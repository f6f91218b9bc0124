import type { View } from '#kernel/view.ts'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type ClassificationData = NamedLink & { readonly members: readonly string[] }

type Classified = NamedLink & { readonly code: string }

export type FrameTableData = NamedLink & {
  readonly code: string
  readonly edition: string
  readonly note: Text | null
  readonly axes: readonly Text[]
  /** Empty if the frame has only one axis. */
  readonly columns: ReadonlyArray<Text & { readonly id: string }>
  readonly rows: ReadonlyArray<Text & { readonly id: string; readonly cells: ReadonlyArray<readonly Classified[]> }>
  readonly classified: number
}

/** The content of each cell of a frame. An empty cell is not a finding, so it is simply empty. */
export function frameTableView(data: FrameTableData, view: View) {
  const { say } = view
  const head = data.columns.length > 0 ? data.axes[1] : data.axes[0]
  return (
    <div class="cw-stack">
      <DataTable
        id={`frame-${data.code}`}
        caption={say('strategy.frames.caption', { count: data.classified })}
        phone={data.columns.length > 0 ? 'scroll' : 'stack'}
        rows={data.rows}
        columns={[
          {
            name: 'row',
            head: head?.text ?? '',
            names: true,
            cell: (row) => <Words text={row} />,
          },
          ...(data.columns.length > 0
            ? data.columns.map((column, index) => ({
                name: column.id,
                head: column.text,
                cell: (row: FrameTableData['rows'][number]) => <Cell items={row.cells[index] ?? []} view={view} />,
              }))
            : [
                {
                  name: 'classified',
                  head: say('strategy.frames.classified'),
                  cell: (row: FrameTableData['rows'][number]) => <Cell items={row.cells[0] ?? []} view={view} />,
                },
              ]),
        ]}
      />
      {data.note && (
        <p class="cw-soft cw-small cw-prose" lang={data.note.lang}>
          {data.note.text}
        </p>
      )}
    </div>
  )
}

function Cell({ items, view }: { items: readonly Classified[]; view: View }) {
  if (items.length === 0) return null
  return (
    <details class="cw-tree-fold">
      <summary aria-label={view.say('strategy.frames.in-cell', { count: items.length })}>
        <bdi>{items.length}</bdi>
      </summary>
      <ul class="cw-stack" data-gap="tight">
        {items.map((each) => (
          <li key={each.code}>
            <NameLink name={each} />
          </li>
        ))}
      </ul>
    </details>
  )
}
