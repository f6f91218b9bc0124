import type { View } from '#kernel/view.ts'
import { LayeredMap, type MapBox, type MapDrawing, MapList } from '#web/map.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { EmptyState, type Tab, Tabs } from '#web/parts/card.tsx'
import { type FilterChoice, ListFilters } from '#web/parts/filters.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { NameLink } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'

export type DrawnBox = MapBox
export type DrawnMap = {
  readonly drawing: MapDrawing
  /** What the list follows, if not everything that is drawn. */
  readonly list?: Pick<MapDrawing, 'boxes' | 'arrows'>
}

export type MapStep = {
  readonly text: string
  readonly lang?: string
  readonly code: string
  readonly href: string
  readonly percent: number
}

export type MapData = DrawnMap & {
  readonly counts: string
  /** Nothing at all yet, or nothing left after filtering. */
  readonly empty: 'all' | 'cut' | null
  readonly style: 'enablers' | 'outcomes' | 'bodies' | 'list'
  readonly styles: readonly Tab[]
  readonly reading: string
  readonly narrowed: string | null
  readonly wholeHref: string
  /** What the reader's posts have a part in, if anything. */
  readonly mineHref: string | null
  readonly groups: { readonly sentence: string; readonly href: string | null } | null
  /** Where the list is, if it is too long to show here. */
  readonly listHref: string | null
  readonly findings: { readonly sentence: string; readonly href: string } | null
  readonly weights: {
    readonly title: string
    readonly sentence: string
    readonly lists: ReadonlyArray<{ readonly title: string; readonly steps: readonly MapStep[] }>
  } | null
  readonly filters: Readonly<Record<string, string>>
  readonly choices: readonly FilterChoice[]
  readonly keep: Readonly<Record<string, string>>
}

/** The map of the city or part of it: a picture, what to know about it, and the same as a list. */
export function mapView(data: MapData, view: View) {
  const { say } = view
  const { drawing, style, weights } = data
  return (
    <>
      <PageHead
        title={say('benefits.map.title')}
        lead={say('benefits.map.lead')}
        actions={
          data.mineHref && (
            <LinkButton variant="secondary" href={data.mineHref}>
              {say('benefits.map.mine')}
            </LinkButton>
          )
        }
      />
      {data.empty === 'all' ? (
        <EmptyState
          title={say('benefits.map.empty')}
          icon="thread"
          actions={
            view.signedIn ? (
              <LinkButton href="/benefits/benefits/new">{say('benefits.map.empty.step')}</LinkButton>
            ) : undefined
          }
        >
          <p>{say('benefits.map.empty.lead')}</p>
        </EmptyState>
      ) : (
        <>
          <Tabs tabs={data.styles} label={say('benefits.map.styles')} />
          <ListFilters
            action="/benefits/map"
            given={data.filters}
            choices={data.choices}
            any={say('benefits.filter.any')}
            keep={data.keep}
            reset={data.narrowed ? data.wholeHref : undefined}
          />
          {data.narrowed && <Notice>{data.narrowed}</Notice>}
          {data.groups && (
            <Notice actions={data.groups.href && <a href={data.groups.href}>{say('benefits.map.grouped.all')}</a>}>
              {data.groups.sentence}
            </Notice>
          )}
          {data.findings && (
            <Notice tone="warning" actions={<a href={data.findings.href}>{say('benefits.map.findings.step')}</a>}>
              {data.findings.sentence}
            </Notice>
          )}
          {data.empty === 'cut' ? (
            <EmptyState title={say('benefits.map.cut')} icon="search">
              <p>{say('benefits.map.cut.lead')}</p>
            </EmptyState>
          ) : (
            <>
              {style !== 'list' && (
                <LayeredMap
                  id="map"
                  title={data.reading}
                  description={data.counts}
                  drawing={drawing}
                  listHref={data.listHref ?? undefined}
                />
              )}
              {weights && (
                <Section id="weights" title={weights.title} lead={weights.sentence}>
                  <div class="cw-grid" data-columns="wide">
                    {weights.lists.map((list) => (
                      <div key={list.title} class="cw-stack" data-gap="tight">
                        <h3>{list.title}</h3>
                        <ol class="cw-map-weights">
                          {list.steps.map((step) => (
                            <li key={step.code}>
                              <NameLink name={step} />
                              <bdi>{say('benefits.map.percent', { percent: step.percent })}</bdi>
                            </li>
                          ))}
                        </ol>
                      </div>
                    ))}
                  </div>
                </Section>
              )}
              {data.listHref ? (
                <p>
                  <a class="ds-link" href={data.listHref}>
                    {say('benefits.map.same-list')}
                  </a>
                </p>
              ) : (
                <MapList
                  id="map"
                  title={say(style === 'list' ? 'benefits.map.list' : 'benefits.map.same-list')}
                  drawing={data.list ?? drawing}
                  open={style === 'list' && drawing.boxes.length <= 120}
                />
              )}
            </>
          )}
        </>
      )}
    </>
  )
}
