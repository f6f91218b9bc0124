/** Breakdowns of the newest period: by name, never as a league; unusual ones are judged against chance (funnel). */
import { membersOf } from '#analysis/breakdown.ts'
import { funnel } from '#analysis/proportion.ts'
import type { Indicator, VisibleMeasurement } from './queries-series.ts'
import { cellWords, type Writer } from './rules-words.ts'

/** The number of places from which a funnel says more than the bare figures. */
const enoughPlaces = 5
const maxRows = 300

/** One table for each dimension of the newest period that has parts. */
export function cellTables(record: Indicator, rows: readonly VisibleMeasurement[], writer: Writer) {
  const parts = rows.filter((row) => row.cell !== '' && row.status !== 'year-to-date')
  const dimensions = Map.groupBy(parts, (row) => Object.keys(membersOf(row.cell)).join(' × '))
  return [...dimensions].map(([dimension, all]) => {
    const newest = all.reduce((latest, row) => (row.to > latest.to ? row : latest), all[0]!)
    const now = all.filter((row) => row.from === newest.from && row.to === newest.to).slice(0, maxRows)
    const places = placesOf(record, now, writer)
    return {
      dimension: dimension.replaceAll(/[-_]+/g, ' '),
      period: writer.period(newest),
      // How many would lie beyond the 95 % limits by chance alone; null without a funnel.
      expected: places.expected,
      withheld: now.filter((row) => row.withheld !== null).length,
      rows: now
        .map((row) => ({
          cell: cellWords(row.cell, writer.say),
          value:
            row.withheld !== null
              ? writer.say('indicators.cell.withheld')
              : row.value === null
                ? writer.say('indicators.cell.empty')
                : writer.quantity(row.value),
          status: row.status === 'actual' ? '' : writer.say(`web.status.${row.status}`),
          // Compared with the others, if enough of them have denominators.
          place: places.of.get(row.id) ?? '',
          withheld: row.withheld !== null,
        }))
        .sort((left, right) => left.cell.localeCompare(right.cell, writer.language)),
    }
  })
}

function placesOf(record: Indicator, rows: readonly VisibleMeasurement[], writer: Writer) {
  const kind = record.valueKind === 'percent' ? 'proportion' : record.valueKind === 'rate' ? 'rate' : null
  const usable = rows.filter((row) => row.withheld === null && Number(row.denominator) > 0 && row.numerator !== null)
  const none = { of: new Map<string, string>(), expected: null }
  if (kind === null || usable.length < enoughPlaces) return none
  const shares = usable.map((row) => ({ count: Number(row.numerator), of: Number(row.denominator) }))
  if (kind === 'proportion' && shares.some(({ count, of }) => count > of)) return none
  const found = funnel(shares, kind)
  if (!found) return none
  const words = usable.map((row, index): [string, string] => {
    const { place, side } = found.points[index]!
    return [row.id, writer.say(`indicators.funnel.${place}`, { side: side ?? 'none' })]
  })
  return {
    of: new Map(words),
    expected: new Intl.NumberFormat(writer.language, { maximumFractionDigits: 1 }).format(found.expectedBeyond95),
  }
}
