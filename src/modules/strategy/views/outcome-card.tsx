import type { View } from '#kernel/view.ts'
import { Card } from '#web/parts/card.tsx'
import { Tally } from '#web/parts/figure.tsx'
import { Badge } from '#web/parts/status.tsx'
import type { OutcomeCard } from '../queries-cards.ts'

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

/** An outcome in a few lines: what it is, where it stands and why, what is worst. */
export function OutcomeCardView({ card, view, level = 3 }: { card: OutcomeCard; view: View; level?: 2 | 3 }) {
  const { say } = view
  return (
    <Card title={card.text} href={card.href} lang={card.lang} level={level} foot={card.fresh}>
      <div class="cw-cluster">
        <ResultBadge card={card} />
      </div>
      <p>{card.sentence}</p>
      <Tally
        met={card.met}
        missed={card.missed}
        unknown={card.unknown}
        notDue={card.notDue}
        label={say('strategy.card.below')}
      />
      {card.worst && (
        <p class="cw-small">
          {say('strategy.card.worst')}{' '}
          <a href={card.worst.href} lang={card.worst.lang}>
            {card.worst.text}
          </a>
        </p>
      )}
    </Card>
  )
}
