import type { View } from '#kernel/view.ts'
import { Sparkline } from '#web/chart/sparkline.tsx'
import { Disclosure, EmptyState } from '#web/parts/card.tsx'
import { KeyFigure } from '#web/parts/figure.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { DataTable } from '#web/parts/table.tsx'

/** One figure in finished words. */
export type FigureShown = {
  readonly id: string
  readonly href: string
  readonly name: string
  readonly meaning: string
  /** Absent if it is not known, or if there is nothing to show. */
  readonly value?: string
  /** '25 of 31, 2 not known', 'nothing to show', 'could not be measured'. */
  readonly counts: string
  readonly unit: string
  readonly period: string
  /** The period, if it says what happened in one. */
  readonly span?: string
  readonly age: string
  /** Days, oldest first. */
  readonly recent: ReadonlyArray<number | null>
  readonly query?: string
  readonly lacking?: { readonly href: string; readonly label: string }
}
export type FigureGroup = {
  readonly room: string
  readonly label: string
  /** How its figures stand, in one line. */
  readonly state: string
  readonly figures: readonly FigureShown[]
}
export type FiguresData = { readonly groups: readonly FigureGroup[] }

function Links({ figure, view }: { figure: FigureShown; view: View }) {
  return (
    <>
      {figure.query && <a href={figure.query}>{view.say('figures.list')}</a>}
      {figure.lacking && <a href={figure.lacking.href}>{figure.lacking.label}</a>}
    </>
  )
}

/** Every figure of the house, folded by room: on a phone, all of them unfolded are seven screens. */
export function FiguresPage({ groups }: FiguresData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead title={say('figures.title')} lead={say('figures.lead')} />
      {groups.length === 0 && <EmptyState title={say('figures.none')}>{say('figures.none-lead')}</EmptyState>}
      {groups.map((group) => (
        <Section key={group.room} id={group.room} title={group.label}>
          <Disclosure summary={group.state} open={groups.length === 1}>
            <DataTable
              id={`figures-${group.room}`}
              caption={say('figures.of', { room: group.label })}
              captionUnseen
              rows={group.figures}
              columns={[
                {
                  name: 'name',
                  head: say('figures.column.name'),
                  names: true,
                  width: 'wide',
                  cell: (row) => (
                    <>
                      <a href={row.href}>{row.name}</a>
                      <p class="cw-small cw-soft">{row.meaning}</p>
                    </>
                  ),
                },
                {
                  name: 'value',
                  head: say('figures.column.value'),
                  width: 'short',
                  cell: (row) => (
                    <>
                      {row.value !== undefined && (
                        <strong>
                          <bdi>{row.value}</bdi> {row.unit}
                        </strong>
                      )}
                      <p class="cw-small">{row.counts}</p>
                    </>
                  ),
                },
                {
                  name: 'course',
                  head: say('figures.column.course'),
                  cell: (row) =>
                    row.recent.length > 1 ? (
                      <Sparkline values={row.recent} />
                    ) : (
                      <span class="cw-soft">{say('figures.no-course')}</span>
                    ),
                },
                {
                  name: 'age',
                  head: say('figures.column.age'),
                  cell: (row) => (
                    <>
                      <p class="cw-small">{row.age}</p>
                      {row.span && <p class="cw-small cw-soft">{row.span}</p>}
                    </>
                  ),
                },
                {
                  name: 'records',
                  head: say('figures.column.records'),
                  cell: (row) => (
                    <span class="cw-cluster">
                      <Links figure={row} view={view} />
                    </span>
                  ),
                },
              ]}
            />
          </Disclosure>
        </Section>
      ))}
    </>
  )
}

export type FigureData = {
  readonly figure: FigureShown
  readonly room: string
  readonly method: string
  readonly evidence: ReadonlyArray<{ readonly id: string; readonly title: string }>
  readonly history: ReadonlyArray<{
    readonly day: string
    readonly value: string
    readonly counts: string
    readonly method: string
  }>
}

/** One figure: what it says now, what it means, how it was on earlier days. */
export function FigurePage({ figure, room, method, evidence, history }: FigureData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead over={room} title={figure.name} lead={figure.meaning} />
      <Section id="now" title={say('figures.now')}>
        <KeyFigure
          label={figure.name}
          {...(figure.value === undefined ? {} : { value: figure.value })}
          unit={figure.unit}
          period={figure.period}
          age={figure.age}
          source={say('figures.source')}
          {...(figure.query ? { sourceHref: figure.query } : {})}
        >
          <p>{figure.counts}</p>
          <p class="cw-cluster">
            <Links figure={figure} view={view} />
          </p>
        </KeyFigure>
        <p class="cw-small cw-soft">{say('figures.readable')}</p>
        <p class="cw-small cw-soft">{method}</p>
      </Section>
      {evidence.length > 0 && (
        <Section id="evidence" title={say('figures.evidence')} lead={say('figures.evidence-lead')}>
          <ul>
            {evidence.map(({ id, title }) => (
              <li key={id}>
                <bdi>{id}</bdi> {title}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section id="history" title={say('figures.history')}>
        <DataTable
          id="figure-history"
          caption={say('figures.history')}
          captionUnseen
          rows={history}
          empty={<p class="cw-soft">{say('figures.not-yet')}</p>}
          columns={[
            { name: 'day', head: say('figures.column.day'), names: true, cell: (row) => row.day },
            { name: 'value', head: say('figures.column.value'), numeric: true, cell: (row) => row.value },
            { name: 'counts', head: say('figures.column.counts'), cell: (row) => row.counts },
            { name: 'method', head: say('figures.column.method'), numeric: true, cell: (row) => row.method },
          ]}
        />
      </Section>
    </>
  )
}
