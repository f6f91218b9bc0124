import type { View } from '#kernel/view.ts'
import { LayeredMap, type MapDrawing } from '#web/map.tsx'
import { Section } from '#web/parts/head.tsx'

export type MapPanelData = {
  /** Null if the chain is too long for a section of a page. */
  readonly drawing: MapDrawing | null
  readonly sentence: string
  readonly href: string
  readonly listHref: string
}

export function mapPanelView({ drawing, sentence, href, listHref }: MapPanelData, { say }: View) {
  const link = (
    <a class="ds-link" href={href}>
      {say('benefits.map.link')}
    </a>
  )
  if (drawing)
    return (
      <div class="cw-stack" data-gap="tight">
        <LayeredMap
          id="chain"
          title={say('benefits.map.panel')}
          description={sentence}
          drawing={drawing}
          listHref={listHref}
        />
        <p>{link}</p>
      </div>
    )
  return (
    <Section id="chain-title" title={say('benefits.map.panel')} lead={sentence} beside={link}>
      {null}
    </Section>
  )
}
