import type { View } from '#kernel/view.ts'
import type { Option } from '#web/controls/choice.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { RecordHead, Section } from '#web/parts/head.tsx'
import type { NamedLink } from '#web/parts/name.tsx'
import { Badge, type Tone } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'
import { TableForm, type TableView } from './figures.tsx'

export type AdoptionPanel = {
  readonly standing: 'none' | 'open' | 'reached' | 'short'
  readonly sentence: string
  readonly rows: ReadonlyArray<{
    readonly day: string
    readonly value: string
    readonly status: string
    readonly note: string
  }>
  readonly enter: string | null
}

export type AdoptionForm = NamedLink & {
  readonly code: string
  readonly table: TableView
  readonly statuses: readonly Option[]
}

const looks = {
  none: { icon: 'dots', tone: 'open' },
  open: { icon: 'question', tone: 'open' },
  reached: { icon: 'check-circle', tone: 'good' },
  short: { icon: 'clock', tone: 'quiet' },
} as const satisfies Record<string, { icon: string; tone: Tone }>

/** On the page of a business change: how far it is adopted, by measurement and not by plan. */
export function adoptionPanelView(data: AdoptionPanel, view: View) {
  const { say } = view
  return (
    <Section id="adoption" title={say('benefits.change.rows.adoption')}>
      <div class="cw-cluster">
        <Badge {...looks[data.standing]}>{say(`benefits.adoption.${data.standing}.mark`)}</Badge>
      </div>
      <p class="cw-lead">{data.sentence}</p>
      {data.rows.length > 0 && (
        <DataTable
          id="adoption-list"
          caption={say('benefits.change.rows.adoption')}
          captionUnseen
          rows={data.rows}
          columns={[
            { name: 'on', head: say('benefits.change.rows.adoption.on'), names: true, cell: (row) => row.day },
            {
              name: 'value',
              head: say('benefits.change.rows.adoption.value'),
              numeric: true,
              cell: (row) => <bdi>{row.value}</bdi>,
            },
            { name: 'status', head: say('benefits.change.rows.adoption.status'), cell: (row) => row.status },
            { name: 'note', head: say('benefits.change.rows.adoption.note'), cell: (row) => row.note },
          ]}
        />
      )}
      {data.enter && (
        <div>
          <LinkButton href={data.enter} variant="secondary" icon="pencil">
            {say('benefits.adoption.enter')}
          </LinkButton>
        </div>
      )}
    </Section>
  )
}

export function adoptionFormView(data: AdoptionForm, view: View) {
  return (
    <>
      <RecordHead record={data} lead={view.say('benefits.adoption.lead')} />
      <TableForm table={data.table} options={{ status: data.statuses }} action={`${data.href}/adoption`} view={view} />
    </>
  )
}
