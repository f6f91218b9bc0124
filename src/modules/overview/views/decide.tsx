import type { View } from '#kernel/view.ts'
import type { Headline } from '#platform/offer.ts'
import { type FindingStep, FindingSteps } from '#web/finding-pages/item.tsx'
import { Disclosure, EmptyState } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { NameLink } from '#web/parts/name.tsx'
import { HeadlineCard } from './parts.tsx'

export type DecideData = {
  readonly missed: readonly Headline[]
  /** Not missed but unlikely to be achieved, if a chance may be given. */
  readonly unlikely: ReadonlyArray<{ readonly card: Headline; readonly chance: string }>
  readonly steps: readonly FindingStep[]
  readonly waiting: ReadonlyArray<{
    readonly day: string
    readonly count: number
    readonly overtaken: number
    readonly href: string
  }>
}

/** Nobody decides from a list of more than five things; the rest is one step away. */
const maxSteps = 5

/** What needs a decision: outcomes not achieved, commitments, pending publications, gaps; one step each. */
export function decideView(data: DecideData, view: View) {
  const { say } = view
  const { missed, unlikely, steps, waiting } = data
  if (missed.length + unlikely.length + steps.length + waiting.length === 0)
    return (
      <>
        <PageHead title={say('overview.decide.title')} />
        <EmptyState title={say('overview.decide.nothing')} icon="check-circle">
          <p>{say('overview.decide.nothing.text')}</p>
        </EmptyState>
      </>
    )
  return (
    <>
      <PageHead
        title={say('overview.decide.title')}
        lead={say('overview.decide.lead', {
          missed: missed.length,
          waiting: steps.length,
        })}
      />
      {missed.length > 0 && (
        <Section id="missed" title={say('overview.decide.missed')} lead={say('overview.decide.missed.lead')}>
          <div class="cw-grid">
            {missed.map((card) => (
              <HeadlineCard key={card.id} card={card} view={view} />
            ))}
          </div>
        </Section>
      )}
      {unlikely.length > 0 && (
        <Section id="unlikely" title={say('overview.decide.unlikely')} lead={say('overview.decide.unlikely.lead')}>
          <ul class="cw-stack">
            {unlikely.map(({ card, chance }) => (
              <li key={card.id}>
                <NameLink name={card} />
                <p class="cw-soft">{chance}</p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {waiting.length > 0 && (
        <Section id="publications" title={say('overview.decide.publications')}>
          <ul>
            {waiting.map((each) => (
              <li key={each.day}>
                <a href={each.href}>
                  {say('overview.decide.publication', { day: each.day, count: each.count, overtaken: each.overtaken })}
                </a>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {steps.length > 0 && (
        <Section id="gaps" title={say('overview.decide.gaps')}>
          <FindingSteps steps={steps.slice(0, maxSteps)} />
          {steps.length > maxSteps && (
            <Disclosure summary={say('overview.home.more', { count: steps.length - maxSteps })}>
              <FindingSteps steps={steps.slice(maxSteps)} />
            </Disclosure>
          )}
        </Section>
      )}
    </>
  )
}
