import type { View } from '#kernel/view.ts'
import { Chart } from '#web/chart.tsx'
import { ActionMenu, LinkButton } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { KeyFigure } from '#web/parts/figure.tsx'
import { Section } from '#web/parts/head.tsx'
import { Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Badge, FreshnessBadge, PerformanceBadge, ReadingBadge } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'
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

function Targets({ panel, view: { say } }: Part) {
  return (
    <Section id="targets" title={say('indicators.indicator.rows.target')}>
      <DataTable
        id="targets-table"
        caption={say('indicators.panel.targets-caption')}
        captionUnseen
        rows={panel.targets}
        marked={(row) => row.mark === 'in-force'}
        empty={<p class="cw-soft">{say('indicators.against.no-target')}</p>}
        columns={[
          {
            name: 'target',
            head: say('indicators.panel.asks'),
            names: true,
            cell: (row) => (
              <>
                {row.words}
                {row.cell && <span class="cw-soft"> · {row.cell}</span>}
              </>
            ),
          },
          { name: 'mark', head: say('indicators.panel.mark'), cell: (row) => say(`indicators.panel.mark.${row.mark}`) },
          { name: 'from', head: say('indicators.indicator.rows.target.from'), cell: (row) => row.from, width: 'short' },
          {
            name: 'setOn',
            head: say('indicators.indicator.rows.target.setOn'),
            cell: (row) => row.setOn,
            width: 'short',
          },
          {
            name: 'who',
            head: say('indicators.panel.who'),
            cell: (row) => row.author ?? say('indicators.panel.not-stated'),
          },
          {
            name: 'why',
            head: say('indicators.indicator.rows.target.why'),
            cell: (row) => (row.why ? <Words text={row.why} /> : say('indicators.panel.not-stated')),
          },
        ]}
      />
      {panel.breaks.length > 0 && (
        <DataTable
          id="breaks-table"
          caption={say('indicators.indicator.rows.break')}
          rows={panel.breaks}
          columns={[
            { name: 'on', head: say('indicators.indicator.rows.break.on'), names: true, cell: (row) => row.on },
            { name: 'what', head: say('indicators.indicator.rows.break.breakKind'), cell: (row) => row.what },
            {
              name: 'reason',
              head: say('indicators.indicator.rows.break.reason'),
              cell: (row) => <Words text={row.reason} />,
            },
          ]}
        />
      )}
    </Section>
  )
}

function Parts({ panel, view: { say } }: Part) {
  return (
    <>
      {panel.cells.map((table, index) => (
        <Section
          key={table.dimension}
          id={`parts-${index}`}
          title={say('indicators.parts.title', { dimension: table.dimension, period: table.period })}
          lead={say('indicators.parts.lead')}
        >
          {table.withheld > 0 && <Notice>{say('indicators.parts.withheld', { count: table.withheld })}</Notice>}
          {table.expected && <p class="cw-soft">{say('indicators.parts.expected', { count: table.expected })}</p>}
          <DataTable
            id={`parts-table-${index}`}
            caption={say('indicators.parts.title', { dimension: table.dimension, period: table.period })}
            captionUnseen
            rows={table.rows}
            columns={[
              { name: 'part', head: table.dimension, names: true, cell: (row) => row.cell },
              {
                name: 'value',
                head: say('web.chart.value'),
                numeric: true,
                cell: (row) => (row.withheld ? <span class="cw-soft">{row.value}</span> : <bdi>{row.value}</bdi>),
              },
              ...(table.expected
                ? [{ name: 'place', head: say('indicators.parts.place'), cell: (row: { place: string }) => row.place }]
                : []),
              { name: 'status', head: say('web.chart.status'), cell: (row) => row.status },
            ]}
          />
        </Section>
      ))}
    </>
  )
}

function Corrections({ panel, view: { say } }: Part) {
  if (panel.corrections.length === 0 && panel.aside.length === 0) return null
  return (
    <Section id="corrections" title={say('indicators.corrections.title')}>
      {panel.corrections.length > 0 && (
        <DataTable
          id="corrections-table"
          caption={say('indicators.corrections.caption')}
          captionUnseen
          rows={panel.corrections}
          columns={[
            {
              name: 'period',
              head: say('web.chart.period'),
              names: true,
              cell: (row) => (row.cell ? `${row.period} · ${row.cell}` : row.period),
            },
            {
              name: 'before',
              head: say('indicators.corrections.before'),
              numeric: true,
              cell: (row) => <del>{row.before}</del>,
            },
            {
              name: 'after',
              head: say('indicators.corrections.after'),
              numeric: true,
              cell: (row) => <ins>{row.after}</ins>,
            },
            { name: 'when', head: say('indicators.corrections.when'), cell: (row) => row.when, width: 'short' },
            {
              name: 'who',
              head: say('indicators.panel.who'),
              cell: (row) => row.who ?? say('indicators.panel.not-stated'),
            },
            {
              name: 'why',
              head: say('indicators.indicator.rows.target.why'),
              cell: (row) => row.why ?? say('indicators.panel.not-stated'),
            },
          ]}
        />
      )}
      {panel.aside.length > 0 && (
        <Disclosure summary={say('indicators.panel.aside', { count: panel.aside.length })}>
          <DataTable
            id="aside-table"
            caption={say('indicators.panel.aside', { count: panel.aside.length })}
            captionUnseen
            rows={panel.aside}
            columns={[
              { name: 'period', head: say('web.chart.period'), names: true, cell: (row) => row.period },
              { name: 'value', head: say('web.chart.value'), numeric: true, cell: (row) => <bdi>{row.value}</bdi> },
              { name: 'status', head: say('web.chart.status'), cell: (row) => row.status },
              { name: 'note', head: say('indicators.indicator.rows.measurement.note'), cell: (row) => row.note },
            ]}
          />
        </Disclosure>
      )}
    </Section>
  )
}
