/** Parts that the pages of this room share. */
import type { View } from '#kernel/view.ts'
import type { NamedLink, OutcomeCard, Text } from '#modules/strategy'
import { Card } from '#web/parts/card.tsx'
import { Tally } from '#web/parts/figure.tsx'
import { Badge } from '#web/parts/status.tsx'

export type StepShown = {
  readonly key: string
  readonly sentence: string
  readonly step: string
  readonly href: string
  readonly count: number
}
export type SilenceShown = {
  readonly post: Text | null
  readonly organisation: Text | null
  readonly what: string
  readonly since: string
  readonly href: string
}
export type ChangeShown = {
  readonly id: string
  readonly at: string
  readonly when: string
  readonly what: string
  readonly why: string
  readonly href: string
}
export type CommitmentShown = NamedLink & {
  readonly code: string
  readonly due: string
  readonly overdue: boolean
  readonly who: string
}

const looks = {
  met: { icon: 'check-circle', tone: 'good' },
  missed: { icon: 'cross-circle', tone: 'concern' },
  unknown: { icon: 'question', tone: 'open' },
  'not-due': { icon: 'clock', tone: 'quiet' },
} as const

/** Whether an outcome is reached by its own rule. */
export function ResultBadge({ card }: { card: Pick<OutcomeCard, 'result' | 'resultText'> }) {
  return <Badge {...looks[card.result]}>{card.resultText}</Badge>
}

export type DueShown = NamedLink & {
  readonly code: string
  readonly period: string
  readonly due: string
  readonly overdue: boolean
}

/** An outcome as a leader reads it: name, where it stands and why, counts in words, the worst, how fresh. */
export function HeadlineCard({ card, view }: { card: OutcomeCard; view: View }) {
  const { say } = view
  return (
    <Card title={card.text} href={card.href} lang={card.lang} foot={card.fresh}>
      <div class="cw-cluster">
        <ResultBadge card={card} />
      </div>
      <p>{card.sentence}</p>
      <Tally
        met={card.met}
        missed={card.missed}
        unknown={card.unknown}
        notDue={card.notDue}
        label={say('overview.card.below')}
      />
      {card.worst && (
        <p class="cw-small">
          {say('overview.card.worst')}{' '}
          <a href={card.worst.href} lang={card.worst.lang}>
            {card.worst.text}
          </a>
        </p>
      )}
    </Card>
  )
}

/** Who went silent: post and organisation, never a person. */
export function SilenceList({ rows, view }: { rows: readonly SilenceShown[]; view: View }) {
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

export function ChangeList({ rows, view }: { rows: readonly ChangeShown[]; view: View }) {
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

export function CommitmentList({ rows, view }: { rows: readonly CommitmentShown[]; view: View }) {
  const { say } = view
  return (
    <ul class="cw-stack">
      {rows.map((row) => (
        <li key={row.code}>
          <a href={row.href} lang={row.lang}>
            {row.text}
          </a>
          <br />
          <span class="cw-small cw-soft">
            {say('overview.commitment.due', { day: row.due })}
            {row.who && ` · ${row.who}`}
          </span>{' '}
          {row.overdue && (
            <Badge icon="alert" tone="concern">
              {say('overview.commitment.overdue')}
            </Badge>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Figures to be entered, each with its period and day. */
export function DueList({ rows, view }: { rows: readonly DueShown[]; view: View }) {
  const { say } = view
  return (
    <ul class="cw-stack">
      {rows.map((row) => (
        <li key={row.code}>
          <a href={row.href} lang={row.lang}>
            {row.text}
          </a>
          <br />
          <span class="cw-small cw-soft">{say('overview.due.for', { period: row.period, day: row.due })}</span>{' '}
          {row.overdue && (
            <Badge icon="clock" tone="concern">
              {say('overview.commitment.overdue')}
            </Badge>
          )}
        </li>
      ))}
    </ul>
  )
}
