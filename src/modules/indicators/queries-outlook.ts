/** The forecast of one indicator, as its page shows it: sentences, and a fan for each future period. */
import { acceptable } from '#analysis/target.ts'
import type { AppContext } from '#platform/page.ts'
import { outlooksOf } from './queries-forecast.ts'
import { digitsFor, outlookWords, roughness, stepWriter } from './rules-outlook.ts'
import { type Outlook, type SeriesFacts, targetOf } from './rules-series.ts'
import type { Writer } from './rules-words.ts'

export type FanStep = ReturnType<typeof fanSteps>[number]

/** Null without a forecast: not measured, ended, or not computed yet. */
export async function describeOutlook(ctx: AppContext, id: string, facts: SeriesFacts, writer: Writer) {
  const outlook = (await outlooksOf(ctx, [id])).get(id)
  if (!outlook || outlook.counted === 0) return null
  const words = outlookWords(outlook, facts, writer)
  return words && { words, steps: fanSteps(outlook, facts, writer) }
}

/** The future takes up no more of the chart than the past. */
function fanSteps(outlook: Outlook, facts: SeriesFacts, writer: Writer) {
  const shown = outlook.steps.slice(0, Math.min(outlook.shown, Math.max(outlook.counted, 1)))
  const asked = levelAsked(outlook, facts)
  const rough = roughness(outlook) !== null
  return shown.map((step, index) => {
    const { number } = stepWriter(step, facts.decimals, writer)
    const level = asked !== null && isLookedAt(outlook, index + 1) ? asked : null
    const range = (lower: number, upper: number) => `${number(lower)} – ${number(upper)}`
    const digits = digitsFor(step, facts.decimals)
    return {
      from: step.from,
      period: writer.period(step),
      shortPeriod: writer.shortPeriod(step),
      // The level required in this period, if there is one.
      target: level,
      targetText: level === null ? '' : writer.number(level),
      fan: {
        middle: Number(step.middle.toFixed(digits + 2)),
        lower: step.lower,
        upper: step.upper,
        innerLower: step.innerLower,
        innerUpper: step.innerUpper,
        text: range(step.lower, step.upper),
        innerText: range(step.innerLower, step.innerUpper),
        // Not tested on the past, or failed there: drawn as one area that claims no share.
        rough,
      },
    }
  })
}

function levelAsked({ target }: Outlook, facts: SeriesFacts): number | null {
  const asked = target && targetOf({ ...target, why: null }, facts)
  if (!asked || asked.kind === 'range') return null
  const level = acceptable(asked, facts.direction)
  return typeof level === 'string' ? null : (level.min ?? level.max ?? null)
}

const isLookedAt = ({ look, chance }: Outlook, step: number): boolean =>
  look !== null &&
  !(chance.given === null && chance.reasons.includes('target-day-passed')) &&
  (look.kind === 'reach' ? step <= look.at : step >= look.at && step <= (look.through ?? step))
