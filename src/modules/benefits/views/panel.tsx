import type { View } from '#kernel/view.ts'
import { Section } from '#web/parts/head.tsx'
import type { BenefitSummary } from '../pages-summary.ts'
import { BenefitTable } from './parts.tsx'

export type BenefitsPanel = {
  readonly title: string
  readonly lead: string
  readonly gains: readonly BenefitSummary[]
  readonly losses: readonly BenefitSummary[]
}

/** Benefits of a goal, organisation or indicator; losses come right below gains. */
export function benefitsPanelView({ title, lead, gains, losses }: BenefitsPanel, view: View) {
  return (
    <Section id="benefits" title={title} lead={lead}>
      {gains.length > 0 && <BenefitTable id="gains" caption={title} unseen rows={gains} view={view} />}
      {losses.length > 0 && (
        <BenefitTable id="losses" caption={view.say('benefits.losses.title')} rows={losses} view={view} />
      )}
    </Section>
  )
}
