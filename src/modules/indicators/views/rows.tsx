import type { View } from '#kernel/view.ts'
import { Sparkline } from '#web/chart.tsx'
import { NameLink } from '#web/parts/name.tsx'
import { Badge, FreshnessBadge, PerformanceBadge, ReadingBadge } from '#web/parts/status.tsx'
import { type Column, DataTable } from '#web/parts/table.tsx'
import type { IndicatorSummary } from '../pages-summary.ts'

const tones = { improving: 'good', concerning: 'concern' } as const

type Props = {
  id: string
  caption: string
  rows: readonly IndicatorSummary[]
  view: View
}

/** Indicators with their status: name, newest value, sparkline, result, reading, freshness. */
export function IndicatorTable({ id, caption, rows, view: { say } }: Props) {
  const columns: Column<IndicatorSummary>[] = [
    {
      name: 'name',
      head: say('indicators.indicator'),
      names: true,
      width: 'wide',
      cell: (row) => (
        <>
          <NameLink name={row} /> <bdi class="cw-soft cw-small">{row.code}</bdi>
          {row.critical && <Badge icon="flag">{say('indicators.indicator.field.critical')}</Badge>}
        </>
      ),
    },
    {
      name: 'value',
      head: say('indicators.panel.newest'),
      numeric: true,
      cell: (row) =>
        row.value === null ? (
          say('web.figure.unknown')
        ) : (
          <>
            <bdi>{row.value}</bdi>
            <br />
            <span class="cw-soft cw-small">
              {row.period} · {row.age}
            </span>
            <br />
            <Sparkline
              values={row.recent}
              target={row.level}
              tone={tones[row.reading as keyof typeof tones] ?? 'quiet'}
            />
          </>
        ),
    },
    {
      name: 'result',
      head: say('indicators.list.result'),
      cell: (row) => (
        <>
          <PerformanceBadge value={row.result} note={row.resultNote ?? undefined} />
          {row.target && <div class="cw-soft cw-small">{say('indicators.panel.target', { target: row.target })}</div>}
        </>
      ),
    },
    {
      name: 'reading',
      head: say('indicators.list.reading'),
      cell: (row) =>
        row.reading === 'not-stated' ? (
          <Badge icon="dots" tone="open">
            {row.readingLabel}
          </Badge>
        ) : (
          <ReadingBadge value={row.reading} side={row.side ?? undefined} />
        ),
    },
    {
      name: 'freshness',
      head: say('indicators.list.freshness'),
      cell: (row) => (
        <>
          {row.freshness && <FreshnessBadge value={row.freshness} />}
          {row.next && <div class="cw-soft cw-small">{row.next}</div>}
        </>
      ),
    },
  ]
  return <DataTable id={id} caption={caption} captionUnseen columns={columns} rows={rows} />
}
