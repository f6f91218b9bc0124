/**
 * The forecast in plain sentences (`measures` §6): the range first, then the chance in tenths "if the past pattern
 * continues" or why there is none, then how well the same method did on the series' past.
 */
import type { Chance, StepPeriod } from '#analysis/outlook.ts'
import type { ForecastReason, ForecastStep } from '#analysis/series-forecast.ts'
import type { Direction } from '#analysis/variation.ts'
import type { Outlook } from './rules-series.ts'
import { targetWords, type Writer } from './rules-words.ts'

export type OutlookWords = {
  /** What range to expect by when; null if nothing can be said. */
  readonly range: string | null
  /** The chance, or that there is none. */
  readonly chance: string
  readonly given: boolean
  /** Why no chance is given, or not for all periods. */
  readonly reasons: readonly string[]
  /** How well ranges made the same way did on the series' past; null if it could not be tested. */
  readonly backtest: string | null
  /** How it was computed, for those who want to know. */
  readonly method: string | null
}

/** Decimals that make sense for a range: two significant digits of its width, or the indicator's. */
export function digitsFor(step: Pick<ForecastStep, 'lower' | 'upper'>, decimals: number | null): number {
  if (decimals !== null) return decimals
  const width = step.upper - step.lower
  return width > 0 ? Math.min(9, Math.max(0, 1 - Math.floor(Math.log10(width)))) : 3
}

/** Formatted figures of a step; the lower end of a range omits the unit that its upper end has. */
export function stepWriter(step: ForecastStep, decimals: number | null, writer: Writer) {
  const digits = digitsFor(step, decimals)
  const plain = (value: number) => value.toFixed(digits)
  return {
    number: (value: number) => writer.number(plain(value)),
    quantity: (value: number) => writer.quantity(plain(value)),
    lower: (value: number) => writer.lower(plain(value)),
  }
}

type Facts = { readonly direction: Direction; readonly decimals: number | null }

/** All sentences of the forecast; null if there is nothing to expect because the indicator has ended. */
export function outlookWords(outlook: Outlook, facts: Facts, writer: Writer): OutlookWords | null {
  const { say } = writer
  const { chance, target } = outlook
  if (chance.given === null && chance.reasons.includes('ended')) return null
  const words = target ? targetWords(target, facts.direction, writer) : ''
  return {
    range: rangeSentence(outlook, facts, writer),
    chance: chanceSentence(chance, words, writer),
    given: chance.given !== null,
    reasons: reasonsOf(chance).map((reason) => reasonSentence(reason, outlook, writer)),
    backtest:
      outlook.backtest && !roughness(outlook) ? say('indicators.outlook.backtest', { ...outlook.backtest }) : null,
    method: outlook.form
      ? say(`indicators.outlook.form.${outlook.form}`, {
          counted: outlook.counted,
          last: outlook.last ? writer.period(outlook.last) : '',
          seasonal: outlook.seasonal ? 'yes' : 'no',
        })
      : null,
  }
}

/** The step a reader cares for: that of the target's day or the last of those shown. */
function toldStep({ steps, shown, chance }: Outlook): ForecastStep | undefined {
  const through: StepPeriod | undefined =
    chance.given === 'reach' ? chance.through : chance.given === 'keep' ? chance.all?.through : undefined
  return steps.find((step) => step.from === through?.from) ?? steps[shown - 1]
}

/** Ranges not tested on the series' past, or that failed there: they are not claimed to hold 8 in 10. */
export function roughness({ chance }: Outlook): 'untried' | 'failed' | null {
  const reasons = reasonsOf(chance)
  if (reasons.includes('ranges-held-too-little')) return 'failed'
  const untried: readonly ForecastReason[] = ['under-12-points', 'too-many-gaps', 'season-not-known', 'rare-events']
  return reasons.some((reason) => untried.includes(reason)) ? 'untried' : null
}

function rangeSentence(outlook: Outlook, facts: Facts, writer: Writer): string | null {
  const step = toldStep(outlook)
  if (!step) return null
  const { quantity, lower } = stepWriter(step, facts.decimals, writer)
  const ends = { period: writer.period(step), lower: lower(step.lower), upper: quantity(step.upper) }
  const rough = roughness(outlook)
  if (rough) return writer.say(`indicators.outlook.range.${rough}`, ends)
  return writer.say('indicators.outlook.range', {
    ...ends,
    innerLower: lower(step.innerLower),
    innerUpper: quantity(step.innerUpper),
  })
}

function chanceSentence(chance: Chance, target: string, { say, period }: Writer): string {
  if (chance.given === 'reach') return say('indicators.outlook.chance.reach', { target, tenths: chance.tenths })
  if (chance.given === 'keep') {
    const next = { target, tenths: chance.tenths, next: period(chance.next) }
    if (!chance.all) return say('indicators.outlook.chance.next', next)
    const { periods, tenths, through } = chance.all
    return say('indicators.outlook.chance.keep', { ...next, periods, all: tenths, through: period(through) })
  }
  return say(target === '' ? 'indicators.outlook.chance.none' : 'indicators.outlook.chance.withheld', { target })
}

const reasonsOf = (chance: Chance): readonly ForecastReason[] =>
  chance.given === null ? chance.reasons : chance.given === 'keep' ? chance.allWithheld : []

function reasonSentence(reason: ForecastReason, { counted, backtest }: Outlook, { say }: Writer): string {
  return say(`indicators.outlook.reason.${reason}`, {
    counted,
    longest: Math.floor(counted / 2),
    held: backtest?.held ?? 0,
    tried: backtest?.tried ?? 0,
  })
}
