import type { View } from '#kernel/view.ts'
import { Card } from '#web/parts/card.tsx'
import { Tally } from '#web/parts/figure.tsx'
import { PerformanceBadge } from '#web/parts/status.tsx'
import type { OutcomeCard } from '../queries-cards.ts'

/** An outcome in a few lines: what it is, where it stands and why, what is worst. */
export function OutcomeCardView({ card, view, level = 3 }: { card: OutcomeCard; view: View; level?: 2 | 3 }) {
  const { say } = view
  return (
    <Card
      title={card.text}
      href={card.href}
      lang={card.lang}
      level={level}
      marks={<PerformanceBadge value={card.result} />}
      foot={card.fresh}
    >
      <p>{card.sentence}</p>
      <Tally met={card.met} missed={card.missed} unknown={card.unknown} notDue={card.notDue} label={say('strategy.card.below')} />
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
