import { drawSeries, type Size } from './chart/drawing.ts'
import { type ChartPoint, isHollow, isSignal, type SeriesDrawing } from './chart/series.ts'
import { useLanguage } from './language.tsx'
import { Disclosure } from './parts/card.tsx'
import { type Column, DataTable } from './parts/table.tsx'

export type { ChartPoint, ValueStatus } from './chart/series.ts'
export { Sparkline } from './chart/sparkline.tsx'

export type ChartProps = {
  /** Unique on the page. */
  id: string
  title: string
  level?: 2 | 3
  /** What the picture shows, in a sentence or two; shown below it and read out instead of it. */
  description: string
  unit: string
  /** Oldest first, without gaps: a period without a value is a point whose value is null. */
  points: readonly ChartPoint[]
  /** What the stepped line is, if not an indicator's target. */
  targetName?: string
  /** Formats an axis number; by default as usual in the page's language. */
  format?: (value: number) => string
  bounds?: SeriesDrawing['bounds']
  source?: string
}

const narrow: Size = { width: 360, height: 280, text: 13 }
const wide: Size = { width: 760, height: 340, text: 13 }

/**
 * One indicator over time: a picture for narrow and wide screens, what it shows in words, and everything as a table.
 */
export function Chart(props: ChartProps) {
  const { say, language } = useLanguage()
  const { id, title, description, unit, points } = props
  const format = props.format ?? new Intl.NumberFormat(language, { maximumFractionDigits: 4 }).format
  const drawing: SeriesDrawing = {
    id,
    points,
    format,
    bounds: props.bounds,
    words: { target: props.targetName ?? say('web.chart.target'), break: say('web.chart.break') },
  }
  const Level = `h${props.level ?? 2}` as const
  return (
    <figure class="cw-chart" aria-labelledby={`${id}-title`}>
      <div class="cw-chart-head">
        <Level id={`${id}-title`}>{title}</Level>
        {unit && <p class="cw-soft cw-small">{unit}</p>}
      </div>
      <div class="cw-chart-body">
        <div class="cw-chart-picture" role="img" aria-label={`${title}. ${description}`}>
          <div class="cw-chart-narrow" dangerouslySetInnerHTML={{ __html: drawSeries(drawing, narrow, 'narrow') }} />
          <div class="cw-chart-wide" dangerouslySetInnerHTML={{ __html: drawSeries(drawing, wide, 'wide') }} />
        </div>
        <div class="cw-chart-words">
          <figcaption>
            <p>{description}</p>
            {props.source && (
              <p class="cw-soft cw-small">
                {say('web.figure.source')}
                {props.source}
              </p>
            )}
          </figcaption>
          <Legend points={points} targetName={props.targetName} />
        </div>
      </div>
      <Disclosure summary={say('web.chart.table')}>
        <ChartTable
          id={`${id}-table`}
          title={title}
          unit={unit}
          points={points}
          targetName={props.targetName}
          format={format}
        />
      </Disclosure>
    </figure>
  )
}

const signs = {
  value: { line: 'M1 8H31', mark: <circle cx="16" cy="8" r="3.5" fill="var(--cw-chart-line)" />, color: 'line' },
  hollow: {
    line: 'M1 8H31',
    mark: <circle cx="16" cy="8" r="3.5" fill="var(--cw-surface)" stroke="var(--cw-chart-line)" stroke-width="2" />,
    color: 'line',
  },
  target: { line: 'M1 8H31', dash: '8 4', color: 'target' },
  mean: { line: 'M1 8H31', color: 'mean' },
  limits: { line: 'M1 3H31 M1 13H31', dash: '4 4', color: 'limit' },
  improving: { mark: <path d="M16 2 22 13H10Z" fill="var(--cw-good)" /> },
  concerning: { mark: <path d="M16 2 22 13H10Z" fill="var(--cw-concern)" /> },
  unusual: { mark: <path d="M16 2 22 13H10Z" fill="var(--cw-ink)" /> },
  break: { line: 'M16 1V15', dash: '2 3', color: 'break' },
  fan: { mark: <rect x="1" y="2" width="30" height="12" fill="var(--cw-chart-line)" fill-opacity="0.16" /> },
  'fan-rough': { mark: <rect x="1" y="2" width="30" height="12" fill="var(--cw-chart-line)" fill-opacity="0.16" /> },
  'fan-inner': { mark: <rect x="1" y="2" width="30" height="12" fill="var(--cw-chart-line)" fill-opacity="0.4" /> },
} as const

type Sign = keyof typeof signs

/** Only what occurs in the picture, each sign next to its word. */
function Legend({ points, targetName }: Pick<ChartProps, 'points' | 'targetName'>) {
  const { say } = useLanguage()
  const has = (test: (point: ChartPoint) => boolean) => points.some(test)
  const used: Sign[] = ['value']
  if (has((point) => point.value !== null && isHollow(point))) used.push('hollow')
  if (has(({ target }) => typeof target === 'number')) used.push('target')
  if (has(({ mean }) => typeof mean === 'number')) used.push('mean')
  if (has(({ lower, upper }) => typeof lower === 'number' || typeof upper === 'number')) used.push('limits')
  if (has((point) => isSignal(point) && point.reading === 'improving')) used.push('improving')
  if (has((point) => isSignal(point) && point.reading === 'concerning')) used.push('concerning')
  if (has((point) => isSignal(point) && /usual$/.test(point.reading ?? ''))) used.push('unusual')
  if (has(({ breakText }) => Boolean(breakText))) used.push('break')
  if (has(({ fan }) => fan?.rough === true)) used.push('fan-rough')
  else if (has(({ fan }) => Boolean(fan))) used.push('fan', 'fan-inner')
  return (
    <ul class="cw-legend">
      {used.map((name) => {
        const sign: { line?: string; dash?: string; color?: string; mark?: unknown } = signs[name]
        return (
          <li key={name}>
            <svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true" focusable="false">
              {sign.line && (
                <path
                  d={sign.line}
                  fill="none"
                  stroke={`var(--cw-chart-${sign.color})`}
                  stroke-width="2"
                  stroke-dasharray={sign.dash}
                />
              )}
              {sign.mark as never}
            </svg>
            {name === 'target' && targetName ? targetName : say(`web.chart.sign.${name}`)}
          </li>
        )
      })}
    </ul>
  )
}

type ChartTableProps = Pick<ChartProps, 'id' | 'title' | 'unit' | 'points' | 'targetName'> & {
  format: (value: number) => string
}

/** Everything the picture shows, newest first. */
function ChartTable({ id, title, unit, points, targetName, format }: ChartTableProps) {
  const { say } = useLanguage()
  const newest = points.toReversed()
  const columns: Array<Column<ChartPoint>> = [
    { name: 'period', head: say('web.chart.period'), names: true, cell: (point) => point.period },
    {
      name: 'value',
      head: unit ? say('web.chart.value-in', { unit }) : say('web.chart.value'),
      numeric: true,
      cell: (point) =>
        point.value === null ? say(point.fan ? 'web.chart.to-come' : 'web.chart.gap') : <bdi>{point.text}</bdi>,
    },
  ]
  if (points.some(({ target }) => typeof target === 'number')) {
    columns.push({
      name: 'target',
      head: targetName ?? say('web.chart.target'),
      numeric: true,
      cell: ({ target, targetText }) =>
        typeof target === 'number' ? <bdi>{targetText ?? format(target)}</bdi> : say('web.chart.no-target'),
    })
  }
  if (points.some(({ lower, upper }) => typeof lower === 'number' || typeof upper === 'number')) {
    columns.push({
      name: 'range',
      head: say('web.chart.range'),
      numeric: true,
      cell: ({ lower, upper, fan }) =>
        fan ? (
          ''
        ) : (
          <bdi>{[lower, upper].map((each) => (typeof each === 'number' ? format(each) : '…')).join(' – ')}</bdi>
        ),
    })
  }
  const rough = points.some(({ fan }) => fan?.rough)
  if (points.some(({ fan }) => fan))
    columns.push({
      name: 'fan',
      head: say(rough ? 'web.chart.fan-rough' : 'web.chart.fan'),
      numeric: true,
      cell: ({ fan }) => fan && <bdi>{fan.text}</bdi>,
    })
  if (!rough && points.some(({ fan }) => fan))
    columns.push({
      name: 'fan-inner',
      head: say('web.chart.fan-inner'),
      numeric: true,
      cell: ({ fan }) => fan && <bdi>{fan.innerText}</bdi>,
    })
  columns.push({
    name: 'status',
    head: say('web.chart.status'),
    cell: (point) => (point.value === null ? '' : say(`web.status.${point.status}`)),
  })
  if (points.some((point) => isSignal(point) || point.note || point.breakText)) {
    columns.push({
      name: 'remark',
      head: say('web.chart.remark'),
      cell: (point) =>
        [
          isSignal(point) ? say(`web.reading.${point.reading}`) : '',
          point.breakText ? say('web.chart.break-because', { reason: point.breakText }) : '',
          point.note ?? '',
        ]
          .filter(Boolean)
          .join(' · '),
    })
  }
  return <DataTable id={id} caption={say('web.chart.table-of', { title })} columns={columns} rows={newest} />
}
