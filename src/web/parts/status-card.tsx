import { NameLink } from '#web/parts/name.tsx'
import { Card } from './card.tsx'
import { Tally } from './figure.tsx'
import { Badge } from './status.tsx'

const looks = {
  met: { icon: 'check-circle', tone: 'good' },
  missed: { icon: 'cross-circle', tone: 'concern' },
  unknown: { icon: 'question', tone: 'open' },
  'not-due': { icon: 'clock', tone: 'quiet' },
} as const

/** A result by a special rule, in that rule's words. */
export type ResultView = { readonly result: keyof typeof looks; readonly resultText: string }

export function ResultBadge({ card }: { card: ResultView }) {
  return <Badge {...looks[card.result]}>{card.resultText}</Badge>
}

/** Something with a status: a sentence why, how many below it are met, and the one furthest from its target. */
export type StatusView = ResultView & {
  readonly text: string
  readonly href: string
  readonly lang?: string | undefined
  readonly sentence: string
  readonly fresh: string
  /** What to expect, in a few words. */
  readonly chance?: string | null | undefined
  readonly met: number
  readonly missed: number
  readonly unknown: number
  readonly notDue: number
  readonly worst?:
    | { readonly text: string; readonly href: string; readonly lang?: string | undefined }
    | null
    | undefined
}

type StatusCardProps = {
  card: StatusView
  /** What is counted, and the name of the worst. */
  words: { readonly below: string; readonly worst: string }
  level?: 2 | 3
}

/** One of several with a status, in a few lines. */
export function StatusCard({ card, words, level = 3 }: StatusCardProps) {
  return (
    <Card title={card.text} href={card.href} lang={card.lang} level={level} foot={card.fresh}>
      <div class="cw-cluster">
        <ResultBadge card={card} />
      </div>
      <p>{card.sentence}</p>
      {card.chance && <p class="cw-small">{card.chance}</p>}
      <Tally met={card.met} missed={card.missed} unknown={card.unknown} notDue={card.notDue} label={words.below} />
      {card.worst && (
        <p class="cw-small">
          {words.worst} <NameLink name={card.worst} />
        </p>
      )}
    </Card>
  )
}
