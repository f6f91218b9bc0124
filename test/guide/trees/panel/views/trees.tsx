import type { View } from '#kernel/view.ts'
import { Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'

export type TreesBelow = { readonly count: number; readonly shown: readonly NamedLink[] }

export function treesView({ count, shown }: TreesBelow, { say }: View) {
  return (
    <Section id="trees" title={say('trees.panel.title')}>
      <p>{say('trees.panel.count', { count })}</p>
      <ul>
        {shown.map((each) => (
          <li key={each.href}>
            <NameLink name={each} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
