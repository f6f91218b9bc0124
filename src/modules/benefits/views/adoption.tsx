import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { Section } from '#web/parts/head.tsx'
import { Badge, type Tone } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'

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
