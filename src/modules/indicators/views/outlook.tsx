import type { View } from '#kernel/view.ts'
import { Disclosure } from '#web/parts/card.tsx'
import { Section } from '#web/parts/head.tsx'
import { NameLink } from '#web/parts/name.tsx'
import type { MeasuringOutlook } from '../pages-measuring.ts'
import type { OutlookWords } from '../rules-outlook.ts'

/** The range and the chance on the past pattern, or why none is given; how well the method did before. */
export function OutlookSection({ outlook, view: { say } }: { outlook: OutlookWords; view: View }) {
  return (
    <Section id="outlook" title={say('indicators.outlook.title')}>
      <h3>{say('indicators.outlook.past')}</h3>
      {outlook.range && <p class="cw-lead">{outlook.range}</p>}
      <p>{outlook.chance}</p>
      {outlook.reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {outlook.backtest && <p>{outlook.backtest}</p>}
      {outlook.method && (
        <Disclosure summary={say('indicators.outlook.how')}>
          <p>{outlook.method}</p>
          <p>{say('indicators.outlook.caution')}</p>
        </Disclosure>
      )}
    </Section>
  )
}

/** What to expect of the indicators that measure something: a few lines each, the rest on their pages. */
export function measuringView(rows: readonly MeasuringOutlook[], { say }: View) {
  return (
    <Section id="outlook" title={say('indicators.outlook.measuring')} lead={say('indicators.outlook.measuring.lead')}>
      <h3>{say('indicators.outlook.past')}</h3>
      <ul class="cw-stack">
        {rows.map(({ code, words, ...name }) => (
          <li key={code}>
            <NameLink name={name} />
            <p>{[words.range, words.chance, ...words.reasons].filter(Boolean).join(' ')}</p>
          </li>
        ))}
      </ul>
    </Section>
  )
}
