import type { View } from '#kernel/view.ts'
import { StatusCard } from '#web/parts/status-card.tsx'
import type { OutcomeCard } from '../pages-cards.ts'

/** An outcome in a few lines: what it is, its status and why, what is worst. */
export function OutcomeCardView({ card, view: { say }, level }: { card: OutcomeCard; view: View; level?: 2 | 3 }) {
  const words = { below: say('strategy.card.below'), worst: say('strategy.card.worst') }
  return <StatusCard card={card} words={words} level={level} />
}
