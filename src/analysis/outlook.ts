/**
 * What a stored forecast says on a given day: the chance or why there is none, and how far ranges are worth showing.
 * Pure.
 */

import type { Day } from '#values/period.ts'
import { chanceAt, maxHorizon } from './forecast.ts'
import {
  type ForecastReason,
  type ForecastStep,
  type SeriesForecast,
  stepWithinYear,
  type TargetSteps,
} from './series-forecast.ts'

/** A period of a forecast, by name. */
export type StepPeriod = Pick<ForecastStep, 'from' | 'to' | 'label'>

/**
 * The chance to meet the target on the past pattern, in tenths (1 to 9); or why there is none. For a target to keep: in
 * the next period, and in all periods through `through` (null if not given, and why).
 */
export type Chance =
  | { readonly given: 'reach'; readonly tenths: number; readonly through: StepPeriod }
  | {
      readonly given: 'keep'
      readonly tenths: number
      readonly next: StepPeriod
      readonly all: { readonly tenths: number; readonly periods: number; readonly through: StepPeriod } | null
      readonly allWithheld: readonly ForecastReason[]
    }
  | { readonly given: null; readonly reasons: readonly ForecastReason[] }

/** A stored forecast as it may be shown today; `Target` is how its owner keeps targets. */
export type Outlook<Target> = {
  readonly form: string | null
  readonly seasonal: boolean
  /** Values of the newest definition it is based on. */
  readonly counted: number
  readonly last: StepPeriod | null
  /** Ranges by period; none if the values are too old to say anything about today. */
  readonly steps: readonly ForecastStep[]
  /** How many of the steps are worth showing: through the day of the target, or a year from today. */
  readonly shown: number
  readonly backtest: { readonly tried: number; readonly held: number; readonly origins: number } | null
  readonly target: Target | null
  /** The steps that the target looks at; null without one. */
  readonly look: TargetSteps | null
  readonly chance: Chance
}

/** A stored forecast, with the reasons on the day it is read. */
export type StoredForecast<Target> = Pick<
  SeriesForecast<Target>,
  'seasonal' | 'counted' | 'last' | 'steps' | 'backtest' | 'look' | 'misses' | 'withheld'
> & {
  readonly form: string | null
  readonly target: Target | null
}

/** Nothing at all is shown for what is too old or has ended. */
const silencing = (reason: ForecastReason): boolean => reason === 'too-old' || reason === 'ended'

/** The last step of a target, today. */
const throughOf = (look: TargetSteps, steps: readonly ForecastStep[], today: Day): number =>
  look.kind === 'reach' ? look.at : Math.max(look.at, look.through ?? stepWithinYear(steps, today))

function withheldReasons({ withheld, look, counted }: StoredForecast<unknown>): readonly ForecastReason[] {
  // A day too far ahead is reported along with the rest.
  const far = look?.kind === 'reach' && look.at > maxHorizon(counted) && !withheld.some(silencing)
  return [...new Set<ForecastReason>([...withheld, ...(far ? ['horizon-beyond-half-the-history' as const] : [])])]
}

function chanceOf(stored: StoredForecast<unknown>, today: Day): Chance {
  const { look, misses, counted, steps } = stored
  if (stored.withheld.length > 0 || !look || !misses) return { given: null, reasons: withheldReasons(stored) }
  const found = { misses, withheld: [], counted }
  const through = throughOf(look, steps, today)
  const reported = chanceAt(found, look.kind === 'reach' ? through : look.at)
  if ('withheld' in reported) return { given: null, reasons: reported.withheld }
  if (look.kind === 'reach') return { given: 'reach', tenths: reported.tenths, through: steps[through - 1]! }
  const last = through > look.at ? steps[through - 1] : undefined
  const all = chanceAt(found, through)
  return {
    given: 'keep',
    tenths: reported.tenths,
    next: steps[look.at - 1]!,
    all: last && 'tenths' in all ? { tenths: all.tenths, periods: through - look.at + 1, through: last } : null,
    allWithheld: last && 'withheld' in all ? all.withheld : [],
  }
}

/** Everything that may be shown on a given day. */
export function outlookFrom<Target>(stored: StoredForecast<Target>, today: Day): Outlook<Target> {
  const { look, steps } = stored
  const silent = stored.withheld.some(silencing)
  const year = stepWithinYear(steps, today)
  const wanted = look?.kind === 'reach' ? Math.max(year, look.at) : look ? throughOf(look, steps, today) : year
  return {
    form: stored.form,
    seasonal: stored.seasonal,
    counted: stored.counted,
    last: stored.last,
    steps: silent ? [] : steps,
    shown: silent ? 0 : Math.min(steps.length, wanted),
    backtest: stored.backtest,
    target: stored.target,
    look,
    chance: chanceOf(stored, today),
  }
}

/** A target's scenarios and the step that counts on a given day; or why there are none. */
export function scenariosIn(
  stored: StoredForecast<unknown>,
  today: Day,
): { readonly misses: Uint8Array; readonly through: number } | { readonly reasons: readonly ForecastReason[] } {
  const { look, misses, counted } = stored
  if (stored.withheld.length > 0 || !look || !misses) return { reasons: withheldReasons(stored) }
  const through = throughOf(look, stored.steps, today)
  const reported = chanceAt({ misses, withheld: [], counted }, through)
  return 'withheld' in reported ? { reasons: reported.withheld } : { misses, through }
}
