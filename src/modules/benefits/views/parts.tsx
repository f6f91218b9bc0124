import type { View } from '#kernel/view.ts'
import { NameLink, Words } from '#web/parts/name.tsx'
import { Badge, StateBadge, type Tone } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'
import type { BenefitSummary } from '../pages-summary.ts'

/** How each state of a path looks. */
export const pathBadges = {
  'on-path': { icon: 'check-circle', tone: 'good' },
  missed: { icon: 'cross-circle', tone: 'concern' },
  uncertain: { icon: 'question', tone: 'open' },
  late: { icon: 'clock', tone: 'concern' },
  'not-begun': { icon: 'calendar', tone: 'quiet' },
  none: { icon: 'dots', tone: 'open' },
  smaller: { icon: 'arrow-down', tone: 'quiet' },
  expected: { icon: 'check', tone: 'quiet' },
  larger: { icon: 'alert', tone: 'concern' },
} as const satisfies Record<string, { icon: string; tone: Tone }>

/** Whether it is on its path: an icon and a word. */
export function PathBadge({ path, view }: { path: BenefitSummary['path']; view: View }) {
  return <Badge {...pathBadges[path]}>{view.say(`benefits.path.${path}`)}</Badge>
}

const stages: Record<string, 'draft' | 'under-way' | 'reached' | 'ended'> = {
  proposed: 'draft',
  realized: 'reached',
  sustained: 'reached',
  'not-realized': 'ended',
  dropped: 'ended',
}

export function BenefitState({ state, text }: { state: string; text: string }) {
  return <StateBadge stage={stages[state] ?? 'under-way'}>{text}</StateBadge>
}

/** Benefits in rows: what, status, who is responsible. Never a person's name. */
export function BenefitTable({
  id,
  caption,
  rows,
  view,
  unseen,
}: {
  id: string
  caption: string
  rows: readonly BenefitSummary[]
  view: View
  unseen?: boolean
}) {
  const { say } = view
  return (
    <DataTable
      id={id}
      caption={caption}
      captionUnseen={unseen}
      rows={rows}
      columns={[
        {
          name: 'benefit',
          head: say('benefits.benefit'),
          names: true,
          cell: (row) => (
            <>
              <NameLink name={row} />
              {row.loss && (
                <>
                  {' '}
                  <Badge icon="alert" tone="concern">
                    {say('benefits.loss')}
                  </Badge>
                </>
              )}
              <br />
              <span class="cw-soft cw-small">
                {row.loss && row.losingGroup ? (
                  <span lang={row.losingGroup.lang}>{say('benefits.loses', { who: row.losingGroup.text })}</span>
                ) : (
                  row.type
                )}
              </span>
            </>
          ),
        },
        {
          name: 'state',
          head: say('benefits.column.state'),
          cell: (row) => <BenefitState state={row.state} text={row.stateText} />,
        },
        {
          name: 'path',
          head: say('benefits.column.path'),
          cell: (row) => (
            <div class="cw-stack" data-gap="tight">
              {row.state !== 'dropped' && (
                <div>
                  <PathBadge path={row.path} view={view} />
                </div>
              )}
              <span class="cw-small">{row.pathText}</span>
            </div>
          ),
        },
        {
          name: 'who',
          head: say('benefits.column.who'),
          cell: (row) =>
            row.post || row.organisation ? (
              <>
                <Words text={row.post} />
                {row.post && row.organisation && <br />}
                {row.organisation && (
                  <span class={row.post ? 'cw-soft cw-small' : undefined} lang={row.organisation.lang}>
                    {row.organisation.text}
                  </span>
                )}
              </>
            ) : (
              <span class="cw-soft">{say('benefits.nobody')}</span>
            ),
        },
      ]}
    />
  )
}
