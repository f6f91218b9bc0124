/** Parts that the pages of this room share. */
import type { View } from '#kernel/view.ts'
import type { OutcomeCard } from '#modules/strategy'
import { Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text } from '#web/parts/name.tsx'
import { Badge } from '#web/parts/status.tsx'
import { StatusCard } from '#web/parts/status-card.tsx'

export type StepView = {
  readonly key: string
  readonly sentence: string
  readonly step: string
  readonly href: string
  readonly count: number
}
export type SilentReporterView = {
  readonly post: Text | null
  readonly organisation: Text | null
  readonly what: string
  readonly since: string
  readonly href: string
}
export type ChangeView = {
  readonly id: string
  readonly at: string
  readonly when: string
  readonly what: string
  readonly why: string
  readonly href: string
}
export type CommitmentView = NamedLink & {
  readonly code: string
  readonly due: string
  readonly overdue: boolean
  readonly who: string
}

export type DueView = NamedLink & {
  readonly code: string
  readonly period: string
  readonly due: string
  readonly overdue: boolean
}

/** An outcome for a leader: name, status and why, counts in words, the worst, how fresh. */
export function HeadlineCard({ card, view: { say } }: { card: OutcomeCard; view: View }) {
  return <StatusCard card={card} words={{ below: say('overview.card.below'), worst: say('overview.card.worst') }} />
}

/** Who went silent: post and organisation, never a person. */
function SilenceList({ rows, view }: { rows: readonly SilentReporterView[]; view: View }) {
  const { say } = view
  if (rows.length === 0) return <p class="cw-soft">{say('overview.silence.none')}</p>
  return (
    <ul class="cw-stack">
      {rows.map((row) => (
        <li key={row.href}>
          <a href={row.href} lang={(row.post ?? row.organisation)?.lang}>
            {(row.post ?? row.organisation)?.text ?? say('overview.silence.nobody')}
          </a>
          {row.post && row.organisation && (
            <span class="cw-soft" lang={row.organisation.lang}>
              {' '}
              · {row.organisation.text}
            </span>
          )}
          {!row.post && row.organisation && <span class="cw-soft"> · {say('overview.silence.no-post')}</span>}
          <br />
          <span class="cw-small">
            {row.what} {row.since}
          </span>
        </li>
      ))}
    </ul>
  )
}

function ChangeList({ rows, view }: { rows: readonly ChangeView[]; view: View }) {
  if (rows.length === 0) return <p class="cw-soft">{view.say('overview.change.none')}</p>
  return (
    <ul class="cw-stack">
      {rows.map((row) => (
        <li key={row.id}>
          <a href={row.href}>{row.what}</a>
          <br />
          <span class="cw-soft cw-small">
            <time dateTime={row.at}>{row.when}</time>
            {row.why && ` · ${row.why}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

type Dated = NamedLink & { readonly code: string; readonly overdue: boolean }

/** Items with a date: name, what there is to know, and whether the date has passed. */
function DatedList<Row extends Dated>({
  rows,
  note,
  icon,
  view,
}: {
  rows: readonly Row[]
  note: (row: Row) => string
  icon: 'alert' | 'clock'
  view: View
}) {
  return (
    <ul class="cw-stack">
      {rows.map((row) => (
        <li key={row.code}>
          <NameLink name={row} />
          <br />
          <span class="cw-small cw-soft">{note(row)}</span>{' '}
          {row.overdue && (
            <Badge icon={icon} tone="concern">
              {view.say('overview.commitment.overdue')}
            </Badge>
          )}
        </li>
      ))}
    </ul>
  )
}

export function CommitmentList({ rows, view }: { rows: readonly CommitmentView[]; view: View }) {
  const note = (row: CommitmentView) =>
    `${view.say('overview.commitment.due', { day: row.due })}${row.who && ` · ${row.who}`}`
  return <DatedList rows={rows} note={note} icon="alert" view={view} />
}

/** Figures to be entered, each with its period and day. */
export function DueList({ rows, view }: { rows: readonly DueView[]; view: View }) {
  const note = (row: DueView) => view.say('overview.due.for', { period: row.period, day: row.due })
  return <DatedList rows={rows} note={note} icon="clock" view={view} />
}

/** Who went silent and what changed, the last two parts of home and brief. */
export function RecentActivity({
  silent,
  changes,
  view,
}: {
  silent: readonly SilentReporterView[]
  changes: readonly ChangeView[]
  view: View
}) {
  const { say } = view
  return (
    <>
      <Section id="silent" title={say('overview.silence.title')}>
        <SilenceList rows={silent} view={view} />
      </Section>
      <Section id="changed" title={say('overview.change.title')}>
        <ChangeList rows={changes} view={view} />
      </Section>
    </>
  )
}
