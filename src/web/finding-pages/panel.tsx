import type { View } from '#kernel/view.ts'
import { Section } from '../parts/head.tsx'
import { NameLink } from '../parts/name.tsx'
import { ActOrWait, type FindingItem, Others, WaitsFor } from './item.tsx'

export type FindingPanelView = { readonly record: string; readonly items: readonly FindingItem[] }

/** On the page of a record: what is to be settled about it. */
export function findingPanelView({ record, items }: FindingPanelView, view: View) {
  const { say } = view
  return (
    <Section id="findings" title={say('finding.panel')}>
      <ul class="cw-findings">
        {items.map((item) => (
          <li key={item.key}>
            <div>
              {item.code !== record && (
                <>
                  <NameLink name={item} />{' '}
                </>
              )}
              {item.sentence}
              <Others item={item} view={view} />
              <p class="cw-small cw-soft">
                {say('finding.waits.for')} <WaitsFor item={item} view={view} />
              </p>
            </div>
            <ActOrWait item={item} view={view} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
