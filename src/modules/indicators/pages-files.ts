/** The figures of one indicator as files, withholding what its page withholds. */
import { Readable } from 'node:stream'
import { presenterOf } from '#pages/presenter.ts'
import { type AppContext, type PageRequest, unseenPage } from '#platform/page.ts'
import { get } from '#platform/records/index.ts'
import { writeTable } from '#platform/tabular/index.ts'
import { type Indicator, seriesOf } from './queries-series.ts'
import { indicator } from './records.ts'

const base = '/indicators/indicators/:key'

const indicatorFor = async (ctx: AppContext, request: PageRequest) =>
  (await get(ctx, indicator, request.params.key ?? '')) as Indicator

const fileColumns = [
  'cell',
  'from',
  'to',
  'label',
  'value',
  'numerator',
  'denominator',
  'status',
  'revision',
  'withheld',
  'note',
] as const

const csvPage = unseenPage({
  path: `${base}/measurements.csv`,
  policy: 'anyone',
  load: async (ctx, request) => {
    const record = await indicatorFor(ctx, request)
    const { measurements } = await seriesOf(ctx, record)
    const note = (text: Readonly<Record<string, string>> | null) => text && presenterOf(ctx).plain(text)
    const rows = measurements.map((row) => fileColumns.map((name) => (name === 'note' ? note(row.note) : row[name])))
    return {
      download: `${record.code}.csv`,
      type: 'text/csv; charset=utf-8',
      body: Readable.from(writeTable([[...fileColumns], ...rows])),
    }
  },
})

const jsonPage = unseenPage({
  path: `${base}/measurements.json`,
  policy: 'anyone',
  load: async (ctx, request) => {
    const record = await indicatorFor(ctx, request)
    const { measurements, targets, breaks, corrections } = await seriesOf(ctx, record)
    const { code, title, unit, unitLabel, direction, grain, valueKind, sourceText, sourceAddress } = record
    const body = {
      indicator: { code, title, valueKind, unit, unitLabel, direction, grain, sourceText, sourceAddress },
      measurements: measurements.map(({ id: _, ...row }) => row),
      targets,
      breaks,
      corrections,
    }
    return {
      download: `${code}.json`,
      type: 'application/json; charset=utf-8',
      body: `${JSON.stringify(body, null, 2)}\n`,
    }
  },
})

export const filePages = [csvPage, jsonPage]
