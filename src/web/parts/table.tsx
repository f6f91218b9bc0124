import type { ComponentChildren } from 'preact'
import { Icon } from '../icon.tsx'
import { useLanguage } from '../language.tsx'

export type Column<Row> = {
  /** Unique in the table. */
  readonly name: string
  readonly head: string
  readonly cell: (row: Row) => ComponentChildren
  /** Names the row; give it to exactly one column. */
  readonly names?: boolean
  /** Numbers are right-aligned, digit under digit. */
  readonly numeric?: boolean
  /** A link that sorts by this column, and the current order. */
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' }
  /** `short` columns never wrap. */
  readonly width?: 'short' | 'wide'
}

export type DataTableProps<Row> = {
  /** Unique on the page. */
  id: string
  caption: string
  /** The caption is always there; a heading just above may make showing it unnecessary. */
  captionUnseen?: boolean
  columns: ReadonlyArray<Column<Row>>
  rows: readonly Row[]
  /** What is shown instead of a table without rows. */
  empty?: ComponentChildren
  /** On phones every row becomes a card; `scroll` keeps the table and lets it scroll sideways. */
  phone?: 'stack' | 'scroll'
  /** A highlighted row, e.g. the newest. */
  marked?: (row: Row) => boolean
}

/** Deliberately redundant: browsers forget that something is a table once its `display` is changed for phones. */
const role = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  rowheader: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const

/** A wide table is scrolled with the keyboard, so it must be reachable. */
const reachable = { tabIndex: 0 } as const

/** A table with a caption, heads that sort by links, and row headers. */
export function DataTable<Row>({
  id,
  caption,
  captionUnseen,
  columns,
  rows,
  empty,
  phone = 'stack',
  marked,
}: DataTableProps<Row>) {
  const { say } = useLanguage()
  if (rows.length === 0) return <>{empty ?? <p class="cw-soft">{say('web.table.empty')}</p>}</>
  return (
    <section class="cw-table-region" aria-labelledby={`${id}-caption`} data-phone={phone} {...reachable}>
      <table class="cw-table" {...role.table} id={id} data-phone={phone}>
        <caption id={`${id}-caption`} class={captionUnseen ? 'cw-unseen' : undefined}>
          {caption}
        </caption>
        <thead {...role.rowgroup}>
          <tr {...role.row}>
            {columns.map((column) => (
              <th
                key={column.name}
                {...role.columnheader}
                scope="col"
                data-numeric={column.numeric || undefined}
                data-sorts={column.sort ? '' : undefined}
                aria-sort={column.sort?.direction}
              >
                {column.sort ? (
                  <a href={column.sort.href}>
                    {column.head}
                    <Icon name={sortIcon(column.sort.direction)} />
                  </a>
                ) : (
                  column.head
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...role.rowgroup}>
          {rows.map((row, index) => (
            <tr key={index} {...role.row} data-marked={marked?.(row) || undefined}>
              {columns.map((column) => {
                const attributes = {
                  'data-head': column.head,
                  'data-numeric': column.numeric || undefined,
                  'data-width': column.width,
                }
                return column.names ? (
                  <th key={column.name} {...role.rowheader} scope="row" {...attributes}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.name} {...role.cell} {...attributes}>
                    {column.cell(row)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const sortIcon = (direction: 'ascending' | 'descending' | undefined) =>
  direction === 'ascending' ? 'arrow-up' : direction === 'descending' ? 'arrow-down' : 'sort'

type PagerProps = {
  newer?: string
  older?: string /** 'Showing 50 of 1,139' */
  summary?: string
  words?: { newer: string; older: string }
}

/** Links to the previous and next pages: lists are paged by keyset, so there are no page numbers. */
export function Pager({ newer, older, summary, words }: PagerProps) {
  const { say } = useLanguage()
  if (!newer && !older && !summary) return null
  return (
    <nav class="cw-pager" aria-label={say('web.pager.label')}>
      {summary && <p class="cw-soft cw-small">{summary}</p>}
      <div class="cw-cluster">
        {newer && (
          <a class="ds-button" data-variant="secondary" rel="prev" href={newer}>
            <Icon name="arrow-left" />
            {words?.newer ?? say('web.pager.newer')}
          </a>
        )}
        {older && (
          <a class="ds-button" data-variant="secondary" rel="next" href={older}>
            {words?.older ?? say('web.pager.older')}
            <Icon name="arrow-right" />
          </a>
        )}
      </div>
    </nav>
  )
}

type FilterBarProps = {
  /** Where the form goes: the address of the page without its query. */
  action: string
  /** Query parameters that are not filters, such as the order. */
  keep?: Readonly<Record<string, string>>
  /** Where to see everything again; shown only while a filter is active. */
  reset?: string
  label?: string
  children: ComponentChildren
}

/** Filters of a list: an ordinary GET form, so that every view of the list has an address. */
export function FilterBar({ action, keep, reset, label, children }: FilterBarProps) {
  const { say } = useLanguage()
  return (
    <search aria-label={label ?? say('web.filter.label')}>
      <form class="cw-filter" method="get" action={action}>
        {Object.entries(keep ?? {}).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {children}
        <div class="cw-cluster">
          <button class="ds-button" type="submit" data-variant="secondary">
            {say('web.filter.apply')}
          </button>
          {reset && (
            <a class="ds-link" href={reset}>
              {say('web.filter.reset')}
            </a>
          )}
        </div>
      </form>
    </search>
  )
}
