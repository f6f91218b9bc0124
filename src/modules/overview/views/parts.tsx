/** Parts that the pages of this room share. */
import type { View } from '#kernel/view.ts'
import type { Headline } from '#platform/offer.ts'
import { Section } from '#web/parts/head.tsx'
import type { Text } from '#web/parts/name.tsx'
import { StatusCard } from '#web/parts/status-card.tsx'

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
/** An outcome for a leader: name, status and why, counts in words, the worst, how fresh. */
export function HeadlineCard({ card, view: { say } }: { card: Headline; view: View }) {
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
