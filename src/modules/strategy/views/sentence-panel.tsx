import type { View } from '#kernel/view.ts'
import { Section } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import type { OutcomeCard } from '../pages-cards.ts'
import { OutcomeCardView } from './outcome-card.tsx'
import { SentenceChange, type SentenceData } from './vision.tsx'

export type SentencePanelData = Pick<SentenceData, 'replaces' | 'replacedBy'> & {
  readonly replaced: boolean
  readonly outcomes: readonly OutcomeCard[]
}

/** On the page of a sentence: the outcomes that answer it, and its place in the line of versions. */
export function sentencePanelView(data: SentencePanelData, view: View) {
  const { say } = view
  return (
    <>
      {data.replaced && !data.replacedBy && <Notice>{say('strategy.sentence.panel.gone')}</Notice>}
      {(data.replaces || data.replacedBy) && (
        <div class="cw-stack" data-gap="tight">
          <SentenceChange sentence={data} view={view} />
        </div>
      )}
      <Section
        id="answers"
        title={say('strategy.sentence.panel.title')}
        beside={
          <a class="ds-link" href="/strategy/vision">
            {say('strategy.sentence.panel.all')}
          </a>
        }
      >
        {data.outcomes.length > 0 ? (
          <div class="cw-grid" data-columns={data.outcomes.length < 3 ? 'wide' : undefined}>
            {data.outcomes.map((card) => (
              <OutcomeCardView key={card.id} card={card} view={view} />
            ))}
          </div>
        ) : (
          <p class="cw-soft">{say('strategy.vision.no-outcome')}</p>
        )}
      </Section>
    </>
  )
}
