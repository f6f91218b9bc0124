import type { View } from '#kernel/view.ts'
import { Chart } from '#web/chart.tsx'
import { ActionMenu, LinkButton } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { KeyFigure } from '#web/parts/figure.tsx'
import { Section } from '#web/parts/head.tsx'
import { Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Badge, FreshnessBadge, PerformanceBadge, ReadingBadge } from '#web/parts/status.tsx'
import { type Column, DataTable } from '#web/parts/table.tsx'
import type { IndicatorPanel } from '../pages-indicator.ts'
import { OutlookSection } from './outlook.tsx'

const base = '/indicators/indicators'

/** What is happening with one indicator: figure, sentences, chart, targets, parts, corrections. */
export function indicatorView(panel: IndicatorPanel, view: View) {
  const { say } = view
  const { figure, sentences } = panel
  const marks = (
    <>
      <PerformanceBadge value={panel.result} note={sentences.labels.resultNote ?? undefined} />
      {panel.reading === 'not-stated' ? (
        <Badge icon="dots" tone="open">
          {sentences.labels.reading}
        </Badge>
      ) : (
        <ReadingBadge value={panel.reading} side={panel.side ?? undefined} />
      )}
      {panel.freshness && <FreshnessBadge value={panel.freshness} />}
    </>
  )
  return (
    <div class="cw-stack" data-gap="loose">
      <Section id="happening" title={say('indicators.panel.happening')} beside={<Actions panel={panel} view={view} />}>
        <KeyFigure
          label={say('indicators.panel.newest')}
          value={figure.value ?? undefined}
          unit=""
          period={figure.period}
          age={figure.age}
          source={figure.source}
          sourceHref={figure.sourceHref ?? undefined}
          caution={figure.caution ?? undefined}
          target={figure.target ?? undefined}
          marks={marks}
        >
          <p class="cw-lead">{sentences.happening}</p>
          <p>{sentences.against}</p>
          <p>{sentences.freshness}</p>
          {sentences.capability && <p>{sentences.capability}</p>}
          {panel.compared.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </KeyFigure>
        {sentences.cautions.length > 0 && (
          <Notice>
            {sentences.cautions.map((caution) => (
              <p key={caution}>{caution}</p>
            ))}
          </Notice>
        )}
      </Section>
      {panel.chart && (
        <Chart
          id="course"
          title={say(
            panel.chart.points.some(({ fan }) => fan) ? 'indicators.panel.course-ahead' : 'indicators.panel.course',
          )}
          description={[panel.chart.description, panel.outlook?.range].filter(Boolean).join(' ')}
          unit={panel.unit}
          points={panel.chart.points}
          bounds={panel.chart.bounds}
          source={panel.chart.source || undefined}
        />
      )}
      {panel.outlook && <OutlookSection outlook={panel.outlook} view={view} />}
      <Targets panel={panel} view={view} />
      <Parts panel={panel} view={view} />
      <Corrections panel={panel} view={view} />
    </div>
  )
}

type Part = { panel: IndicatorPanel; view: View }

function Actions({ panel, view: { say } }: Part) {
  const here = `${base}/${panel.code}`
  const further = [
    ...(panel.may.target
      ? [{ label: say('indicators.panel.set-target'), href: `${here}/targets`, icon: 'target' as const }]
      : []),
    ...(panel.may.break
      ? [{ label: say('indicators.panel.note-break'), href: `${here}/breaks`, icon: 'flag' as const }]
      : []),
    { label: say('indicators.panel.csv'), href: `${here}/measurements.csv`, icon: 'download' as const },
    { label: say('indicators.panel.json'), href: `${here}/measurements.json`, icon: 'download' as const },
  ]
  return (
    <div class="cw-cluster">
      {panel.may.measure && (
        <LinkButton href={`${here}/measurements`} icon="plus" variant="secondary">
          {say('indicators.panel.enter')}
        </LinkButton>
      )}
      <ActionMenu label={say('indicators.panel.further')} actions={further} />
    </div>
  )
}

/** One column of a table: its head, what stands in it. */
const column = <Row,>(
  name: string,
  head: string,
  cell: Column<Row>['cell'],
  more: Partial<Column<Row>> = {},
): Column<Row> => ({ name, head, cell, ...more })
type RowIn<Name extends keyof IndicatorPanel> = IndicatorPanel[Name] extends ReadonlyArray<infer Row> ? Row : never
const names = { names: true } as const
const numeric = { numeric: true } as const
const short = { width: 'short' } as const

function Targets({ panel, view: { say } }: Part) {
  const row = (name: string) => say(`indicators.indicator.rows.${name}`)
  const targets: Column<RowIn<'targets'>>[] = [
    column(
      'target',
      say('indicators.panel.asks'),
      ({ words, cell }) => [words, cell].filter(Boolean).join(' · '),
      names,
    ),
    column('mark', say('indicators.panel.mark'), ({ mark }) => say(`indicators.panel.mark.${mark}`)),
    column('from', row('target.from'), ({ from }) => from, short),
    column('setOn', row('target.setOn'), ({ setOn }) => setOn, short),
    column('who', say('indicators.panel.who'), ({ author }) => author ?? say('indicators.panel.not-stated')),
    column('why', row('target.why'), ({ why }) => (why ? <Words text={why} /> : say('indicators.panel.not-stated'))),
  ]
  const breaks: Column<RowIn<'breaks'>>[] = [
    column('on', row('break.on'), ({ on }) => on, names),
    column('what', row('break.breakKind'), ({ what }) => what),
    column('reason', row('break.reason'), ({ reason }) => <Words text={reason} />),
  ]
  return (
    <Section id="targets" title={row('target')}>
      <DataTable
        id="targets-table"
        caption={say('indicators.panel.targets-caption')}
        captionUnseen
        rows={panel.targets}
        marked={({ mark }) => mark === 'in-force'}
        empty={<p class="cw-soft">{say('indicators.against.no-target')}</p>}
        columns={targets}
      />
      {panel.breaks.length > 0 && (
        <DataTable id="breaks-table" caption={row('break')} rows={panel.breaks} columns={breaks} />
      )}
    </Section>
  )
}

function Parts({ panel, view: { say } }: Part) {
  return panel.cells.map(({ dimension, period, withheld, expected, rows }, index) => {
    const title = say('indicators.parts.title', { dimension, period })
    const columns: Column<(typeof rows)[number]>[] = [
      column('part', dimension, ({ cell }) => cell, names),
      column(
        'value',
        say('web.chart.value'),
        (row) => <bdi class={row.withheld ? 'cw-soft' : undefined}>{row.value}</bdi>,
        numeric,
      ),
      ...(expected
        ? [column<(typeof rows)[number]>('place', say('indicators.parts.place'), ({ place }) => place)]
        : []),
      column('status', say('web.chart.status'), ({ status }) => status),
    ]
    return (
      <Section key={dimension} id={`parts-${index}`} title={title} lead={say('indicators.parts.lead')}>
        {withheld > 0 && <Notice>{say('indicators.parts.withheld', { count: withheld })}</Notice>}
        {expected && <p class="cw-soft">{say('indicators.parts.expected', { count: expected })}</p>}
        <DataTable id={`parts-table-${index}`} caption={title} captionUnseen rows={rows} columns={columns} />
      </Section>
    )
  })
}

function Corrections({ panel: { corrections, aside }, view: { say } }: Part) {
  if (corrections.length === 0 && aside.length === 0) return null
  const unknown = say('indicators.panel.not-stated')
  const period = say('web.chart.period')
  const corrected: Column<RowIn<'corrections'>>[] = [
    column('period', period, (row) => [row.period, row.cell].filter(Boolean).join(' · '), names),
    column('before', say('indicators.corrections.before'), ({ before }) => <del>{before}</del>, numeric),
    column('after', say('indicators.corrections.after'), ({ after }) => <ins>{after}</ins>, numeric),
    column('when', say('indicators.corrections.when'), ({ when }) => when, short),
    column('who', say('indicators.panel.who'), ({ who }) => who ?? unknown),
    column('why', say('indicators.indicator.rows.target.why'), ({ why }) => why ?? unknown),
  ]
  const apart: Column<RowIn<'aside'>>[] = [
    column('period', period, (row) => row.period, names),
    column('value', say('web.chart.value'), ({ value }) => <bdi>{value}</bdi>, numeric),
    column('status', say('web.chart.status'), ({ status }) => status),
    column('note', say('indicators.indicator.rows.measurement.note'), ({ note }) => note),
  ]
  const caption = say('indicators.corrections.caption')
  const summary = say('indicators.panel.aside', { count: aside.length })
  return (
    <Section id="corrections" title={say('indicators.corrections.title')}>
      {corrections.length > 0 && (
        <DataTable id="corrections-table" caption={caption} captionUnseen rows={corrections} columns={corrected} />
      )}
      {aside.length > 0 && (
        <Disclosure summary={summary}>
          <DataTable id="aside-table" caption={summary} captionUnseen rows={aside} columns={apart} />
        </Disclosure>
      )}
    </Section>
  )
}
