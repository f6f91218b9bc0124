import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Button, LinkButton } from '#web/parts/button.tsx'
import { Disclosure, EmptyState, type Tab, Tabs } from '#web/parts/card.tsx'
import { BareTick, Tick } from '#web/parts/choose.tsx'
import { type DownloadLink, DownloadLinks } from '#web/parts/download.tsx'
import { PageHead } from '#web/parts/head.tsx'
import type { Text } from '#web/parts/name.tsx'
import { type Column, DataTable, Pager } from '#web/parts/table.tsx'
import { Board, type BoardView } from './board.tsx'
import { Calendar, type CalendarView } from './calendar.tsx'
import { CellInRow, type ListCell } from './cell.tsx'
import { FiltersOfList, type FilterView } from './filters.tsx'
import { GroupsTable, type GroupsView, Sums, type SumView } from './groups.tsx'
import { Places, type PlacesView } from './places.tsx'

export type TableColumn = {
  readonly name: string
  readonly label: string
  readonly numeric: boolean
  readonly names: boolean
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' }
}
/** Steps for several records at once. */
export type ListActs = {
  /** Where the form goes, with what narrows the list. */
  readonly action: string
  readonly acts: ReadonlyArray<{ readonly value: string; readonly label: string }>
  /** A box for each row; none where no step may be taken. */
  readonly picks: ReadonlyArray<(Text & { readonly id: string }) | null>
}
type TableView = {
  readonly as: 'table'
  readonly columns: readonly TableColumn[]
  readonly rows: ReadonlyArray<Readonly<Record<string, ListCell>>>
  /** Columns that can be left out. */
  readonly choosing: ReadonlyArray<{ readonly name: string; readonly label: string; readonly ticked: boolean }>
  readonly acts?: ListActs
  readonly groups: GroupsView | null
  readonly sums: readonly SumView[]
  readonly first?: string
  readonly next?: string
}

export type ListData = {
  readonly kind: string
  readonly over: string | null
  readonly title: string
  readonly lead: string
  readonly plural: string
  readonly path: string
  readonly count: { readonly count: number; readonly more: boolean }
  readonly words: string
  readonly filters: readonly FilterView[]
  /** Query parameters that no control holds. */
  readonly keep: Readonly<Record<string, string>>
  readonly narrowed: boolean
  /** The whole list, shaped the same. */
  readonly reset: string
  readonly shapes: readonly Tab[]
  readonly saved: readonly Tab[]
  readonly groups: readonly Tab[]
  readonly links: ReadonlyArray<{ readonly label: string; readonly href: string }>
  /** Where to create a new one; only for those who may. */
  readonly create?: string
  readonly signedIn: boolean
  readonly downloads: readonly DownloadLink[]
  /** What the room shows above its whole list. */
  readonly above?: { readonly data: unknown; readonly view: (data: unknown, view: View) => unknown }
  readonly shape:
    | TableView
    | { readonly as: 'board'; readonly board: BoardView }
    | { readonly as: 'calendar'; readonly calendar: CalendarView }
    | { readonly as: 'map'; readonly places: PlacesView }
}

/** Records of one kind: narrowed, sorted, grouped, as a table, a board, a calendar or a map. */
export function ListPage(data: ListData, view: View) {
  const { say } = view
  const nothing = data.count.count === 0
  const create = data.create && (
    <LinkButton href={data.create} icon="plus">
      {say('record.list.new', { kind: say(data.kind) })}
    </LinkButton>
  )
  const actions = (
    <>
      {nothing && !data.narrowed ? null : create}
      {data.links.map(({ label, href }) => (
        <LinkButton key={href} href={href} variant="secondary">
          {label}
        </LinkButton>
      ))}
    </>
  )
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead over={data.over} title={data.title} lead={data.lead} actions={actions} />
      {data.above && (
        <div class="cw-stack" data-gap="loose">
          {data.above.view(data.above.data, view) as never}
        </div>
      )}
      {data.saved.length > 0 && <Tabs tabs={data.saved} label={say('record.list.views')} />}
      {(!nothing || data.narrowed) && (
        <FiltersOfList
          path={data.path}
          words={data.words}
          filters={data.filters}
          keep={data.keep}
          reset={data.narrowed ? data.reset : undefined}
          view={view}
        />
      )}
      {nothing ? (
        <Nothing data={data} view={view} create={create} />
      ) : (
        <>
          {data.shapes.length > 0 && <Tabs tabs={data.shapes} label={say('record.list.shapes')} />}
          {data.shape.as === 'board' ? (
            <Board board={data.shape.board} view={view} />
          ) : data.shape.as === 'calendar' ? (
            <Calendar calendar={data.shape.calendar} view={view} />
          ) : data.shape.as === 'map' ? (
            <Places places={data.shape.places} view={view} />
          ) : (
            <Table data={data} table={data.shape} view={view} />
          )}
          {data.downloads.length > 0 && (
            <DownloadLinks
              title={say('exchange.download.list')}
              lead={say('exchange.download.lead')}
              links={data.downloads}
            />
          )}
        </>
      )}
    </div>
  )
}

function Table({ data, table, view }: { data: ListData; table: TableView; view: View }) {
  const { say } = view
  const counted = say(data.count.more ? 'record.list.many' : 'record.list.count', {
    count: data.count.count,
    plural: data.plural,
  })
  return (
    <>
      {data.groups.length > 0 && (
        <p class="cw-small">
          {say('record.list.count-by')}{' '}
          {data.groups.map(({ label, href, current }, index) => (
            <span key={href}>
              {index > 0 && ' · '}
              <a href={href} aria-current={current ? 'true' : undefined}>
                {label}
              </a>
            </span>
          ))}
        </p>
      )}
      {table.groups && <GroupsTable groups={table.groups} view={view} />}
      {table.sums.length > 0 && <Sums sums={table.sums} />}
      {table.acts ? (
        <form method="post" action={table.acts.action} class="cw-stack">
          <input type="hidden" name="csrf" value={view.csrf} />
          <Rows caption={counted} table={table} picks={table.acts.picks} view={view} />
          <ActsBar data={data} acts={table.acts} view={view} />
        </form>
      ) : (
        <Rows caption={counted} table={table} view={view} />
      )}
      <Pager
        {...(table.first ? { newer: table.first } : {})}
        {...(table.next ? { older: table.next } : {})}
        {...(table.next || table.first
          ? {
              summary: say('record.list.shown', {
                shown: table.rows.length,
                count: data.count.count,
                more: String(data.count.more),
              }),
            }
          : {})}
        words={{ newer: say('record.list.first'), older: say('web.pager.older') }}
      />
      {table.choosing.length > 2 && (
        <Disclosure summary={say('record.list.columns')}>
          <form method="get" action={data.path} class="cw-stack">
            {Object.entries({ ...view.query })
              .filter(([name]) => name !== 'columns' && name !== 'after')
              .map(([name, value]) => (
                <input key={name} type="hidden" name={name} value={value} />
              ))}
            <div class="cw-boxes">
              {table.choosing.map(({ name, label, ticked }) => (
                <Tick
                  key={name}
                  id={`show-${name}`}
                  name={`show.${name}`}
                  value="1"
                  checked={ticked}
                  label={{ text: label }}
                />
              ))}
            </div>
            <div>
              <Button variant="secondary">{say('record.list.columns-show')}</Button>
            </div>
          </form>
        </Disclosure>
      )}
    </>
  )
}

type Row = TableView['rows'][number]

function Rows({
  caption,
  table,
  picks,
  view,
}: {
  caption: string
  table: TableView
  picks?: ListActs['picks']
  view: View
}) {
  const pickOf = new Map(table.rows.map((row, index) => [row, picks?.[index]]))
  const box: Column<Row> = {
    name: 'pick',
    head: view.say('record.act.pick'),
    width: 'short',
    cell: (row) => {
      const pick = pickOf.get(row)
      return pick && <BareTick id={`pick-${pick.id}`} name="records" value={pick.id} label={pick} />
    },
  }
  return (
    <div class="cw-list">
      <DataTable
        id="records"
        caption={caption}
        rows={table.rows}
        columns={[
          ...(picks ? [box] : []),
          ...table.columns.map(({ name, label, numeric, names, sort }) => ({
            name,
            head: label,
            numeric,
            names,
            ...(sort ? { sort } : {}),
            ...(names ? { width: 'wide' as const } : name === 'code' ? { width: 'short' as const } : {}),
            cell: (row: Row) => <CellInRow cell={row[name]!} view={view} />,
          })),
        ]}
      />
    </div>
  )
}

/** What to do with the records that are ticked, or with all that are found. */
function ActsBar({ data, acts, view }: { data: ListData; acts: ListActs; view: View }) {
  const { say } = view
  return (
    <div class="cw-filter">
      <SelectControl id="act" name="act" label={say('record.act.for-ticked')} options={acts.acts} value="" required />
      <div class="cw-cluster">
        <Button variant="secondary">{say('record.act.go')}</Button>
        <a href={acts.action}>
          {say('record.act.for-all', { count: data.count.count, more: String(data.count.more) })}
        </a>
      </div>
    </div>
  )
}

function Nothing({ data, view, create }: { data: ListData; view: View; create: unknown }) {
  const { say } = view
  if (data.narrowed)
    return (
      <EmptyState
        icon="search"
        title={say('record.list.no-match')}
        actions={
          <LinkButton href={data.path} variant="secondary">
            {say('web.filter.reset')}
          </LinkButton>
        }
      >
        <p>{say('record.list.no-match-advice')}</p>
      </EmptyState>
    )
  const advice = data.create
    ? 'record.list.empty-create'
    : data.signedIn
      ? 'record.list.empty-read'
      : 'record.list.empty-public'
  return (
    <EmptyState title={say('record.list.empty', { plural: data.plural })} actions={create as never}>
      <p>{say(advice, { plural: data.plural, kind: say(data.kind) })}</p>
    </EmptyState>
  )
}
