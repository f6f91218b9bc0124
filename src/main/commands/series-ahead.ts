/** `series FILE.csv --to PERIOD`: what to expect of the series in a file, in the words of the pages. */
import { outlookFrom } from '#analysis/outlook.ts'
import { forecastSeries } from '#analysis/series-forecast.ts'
import type { Language, Say } from '#kernel/words.ts'
import {
  judge,
  type MeasurementRow,
  outlookWords,
  type SeriesFacts,
  type TargetRow,
  writerFor,
} from '#modules/indicators'
import type { Decimal } from '#values/decimal.ts'
import { addDays, axisOf, nextPeriod, type Period } from '#values/period.ts'

/** Nobody is helped by looking further ahead. */
const maxPeriods = 250

/** Why a period cannot be forecast from the last row of a file; null if it can. */
export function forecastObstacle(last: MeasurementRow & { readonly period?: Period }, to: Period): string | null {
  const period = last.period ?? to
  if (period.grain !== to.grain || axisOf(period) !== axisOf(to))
    return `--to ${to.label} is no period of this file: its periods are written like ${period.label}.`
  if (to.from <= last.from) return `--to ${to.label} is not after the newest period of the file, ${last.label}.`
  let step = period
  for (let count = 0; count < maxPeriods; count += 1) {
    step = nextPeriod(step)
    if (step.from >= to.from) return null
  }
  return `--to ${to.label} is more than ${maxPeriods} periods ahead of ${last.label}; name an earlier one.`
}

export type AheadForecast = ReturnType<typeof forecastAhead>

/** Forecast, ranges, backtest and chance; the target applies to the period named. */
export function forecastAhead(
  rows: readonly MeasurementRow[],
  asked: {
    readonly to: Period
    readonly target: Decimal | null
    readonly facts: SeriesFacts
    readonly language: Language
  },
  say: Say,
) {
  const { to, facts, language } = asked
  const from = rows[0]!.from
  const target: TargetRow[] =
    asked.target === null
      ? []
      : [
          {
            cell: '',
            targetKind: 'reach',
            from,
            // A period of one day is reached on the day after it.
            dueOn: to.grain === 'day' ? to.to : addDays(to.to, -1),
            value: asked.target,
            low: null,
            high: null,
            base: null,
            comparator: null,
            setOn: from,
            why: null,
          },
        ]
  const judged = judge(facts, { measurements: rows, targets: target, breaks: [] })
  const reported = forecastSeries(facts, judged, 1, addDays(to.to, -1))
  const steps = reported.steps.filter((step) => step.from <= to.from)
  const outlook = { ...outlookFrom(reported, reported.last?.to ?? to.from), shown: steps.length }
  const writer = writerFor({ ...facts, grain: judged.grain, unitLabel: null }, say, language)
  const words = outlookWords(outlook, facts, writer)
  const { chance } = outlook
  return {
    to: to.label,
    method: reported.form,
    seasonal: reported.seasonal,
    counted: reported.counted,
    steps: steps.map(({ label, middle, lower, upper, innerLower, innerUpper }) => ({
      period: label,
      middle,
      range80: [lower, upper],
      range50: [innerLower, innerUpper],
    })),
    backtest: reported.backtest,
    chance: chance.given === null ? null : { tenths: chance.tenths },
    withheld: chance.given === null ? chance.reasons : [],
    words: words && {
      range: words.range,
      ...(asked.target === null ? {} : { chance: words.chance, reasons: words.reasons }),
      backtest: words.backtest,
      method: words.method,
    },
  }
}

/** The sentences, in the order in which a reader needs them. */
export const forecastSentences = ({ words }: AheadForecast): string[] =>
  words
    ? [words.range, words.chance ?? null, ...(words.reasons ?? []), words.backtest, words.method].filter(
        (sentence) => sentence !== null,
      )
    : []
