import type { View } from '#kernel/view.ts'
import type { Text } from '#web/parts/name.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type SumView = { readonly label: string; readonly text: string }
export type GroupsView = {
  readonly caption: string
  readonly head: string
  readonly sums: readonly string[]
  readonly rows: ReadonlyArray<
    Text & { readonly href: string; readonly count: number; readonly sums: readonly string[] }
  >
}

/** A list counted and added up by a field. */
export function GroupsTable({ groups, view }: { groups: GroupsView; view: View }) {
  const number = new Intl.NumberFormat(view.language)
  return (
    <DataTable
      id="groups"
      caption={groups.caption}
      rows={groups.rows}
      columns={[
        {
          name: 'group',
          head: groups.head,
          names: true,
          cell: (row) => (
            <a href={row.href} lang={row.lang}>
              {row.text}
            </a>
          ),
        },
        {
          name: 'count',
          head: view.say('record.list.number'),
          numeric: true,
          cell: (row) => <bdi>{number.format(row.count)}</bdi>,
        },
        ...groups.sums.map((head, index) => ({
          name: `sum-${index}`,
          head,
          numeric: true,
          cell: (row: GroupsView['rows'][number]) => <bdi>{row.sums[index]}</bdi>,
        })),
      ]}
    />
  )
}

/** What the whole list adds up to. */
export function Sums({ sums }: { sums: readonly SumView[] }) {
  return (
    <p class="cw-soft">
      {sums.map(({ label, text }, index) => (
        <span key={label}>
          {index > 0 && ' · '}
          {label}: <bdi>{text}</bdi>
        </span>
      ))}
    </p>
  )
}
