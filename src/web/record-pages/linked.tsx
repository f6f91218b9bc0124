import type { View } from '#kernel/view.ts'
import { PageHead } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { StateBadge, type StateView } from '#web/parts/status.tsx'
import { DataTable, Pager } from '#web/parts/table.tsx'

export type LinkedName = NamedLink & {
  readonly code: string
  readonly kind: string
  readonly state: StateView
  readonly weight?: string
}
export type LinkGroup = {
  readonly label: string
  readonly total: number
  readonly items: readonly LinkedName[]
  readonly more?: { readonly count: number; readonly href: string }
}
export type LinkedList = {
  readonly kind: string
  readonly record: NamedLink & { readonly code: string }
  readonly label: string
  readonly total: number
  readonly items: readonly LinkedName[]
  readonly first?: string
  readonly next?: string
}

/** One relation on the page of a record, cut short. */
export function LinkGroupPart({ group, view }: { group: LinkGroup; view: View }) {
  return (
    <div class="cw-stack" data-gap="tight">
      <h3>
        {group.label} <bdi class="cw-count">{view.say('record.page.number', { count: group.total })}</bdi>
      </h3>
      <ul>
        {group.items.map((item) => (
          <li key={item.href}>
            <NameLink name={item} /> <span class="cw-soft cw-small">{note(item, view)}</span>
          </li>
        ))}
      </ul>
      {group.more && (
        <p>
          <a href={group.more.href}>
            {view.say('record.show.more', { count: group.more.count })}
            <span class="cw-unseen"> {group.label}</span>
          </a>
        </p>
      )}
    </div>
  )
}

const note = (item: LinkedName, view: View) =>
  [item.kind, item.code, item.state.label, item.weight ? view.say('record.show.weight', { weight: item.weight }) : '']
    .filter(Boolean)
    .join(' · ')

/** All of one relation. */
export function LinkedRecords(data: LinkedList, view: View) {
  const { say } = view
  return (
    <>
      <PageHead
        over={
          <>
            {say(data.kind)} {data.record.code}
          </>
        }
        title={data.label}
        lead={<NameLink name={data.record} />}
      />
      <DataTable
        id="linked"
        caption={say('record.show.linked', { count: data.total })}
        rows={data.items}
        columns={[
          { name: 'title', head: say('record.field.title'), names: true, cell: (item) => <NameLink name={item} /> },
          { name: 'kind', head: say('record.field.kind'), cell: (item) => item.kind },
          { name: 'code', head: say('record.field.code'), width: 'short', cell: (item) => <bdi>{item.code}</bdi> },
          {
            name: 'state',
            head: say('record.field.state'),
            cell: (item) => <StateBadge stage={item.state.stage}>{item.state.label}</StateBadge>,
          },
        ]}
      />
      <Pager
        {...(data.first ? { newer: data.first } : {})}
        {...(data.next ? { older: data.next } : {})}
        words={{ newer: say('record.list.first'), older: say('web.pager.older') }}
      />
    </>
  )
}
