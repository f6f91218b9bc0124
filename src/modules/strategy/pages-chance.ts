/**
 * The chance that an outcome meets its rule if the past pattern continues (`measures` §6): joint, in tenths; or "not
 * calculated" and why. Stored scenarios are counted; nothing is simulated on a request.
 */
import { countedBelow, goalsWithHiddenParts, type JointChance, jointChances, performanceOf } from '#modules/indicators'
import { type NamedLink, presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import type { OutcomeRow, OutcomeStatus } from './queries-status.ts'
import { ruleOf } from './rules-status.ts'

export type OutcomeChance = {
  /** The chance, or that none is calculated and why; one sentence. */
  readonly sentence: string
  readonly given: boolean
  /** The basis of the sentence: how many indicators, and how many of them are decided. */
  readonly basis: string | null
  readonly weakest: (NamedLink & { readonly chance: string }) | null
  /** Indicators for which no chance may be given, with the first reason of each; at most five. */
  readonly without: ReadonlyArray<NamedLink & { readonly reason: string }>
  readonly moreWithout: number
}

const shownWithout = 5

/**
 * The indicators that the rule looks at: the outcome's own, or those below it if it is measured only through
 * objectives.
 */
async function partsOf(ctx: AppContext, outcome: OutcomeRow, status: OutcomeStatus): Promise<string[]> {
  if (status.parts.length > 0) return status.parts.map((each) => each.id)
  return outcome.rule === 'headline' || outcome.measuredBy.length > 0 ? [] : countedBelow(ctx, outcome.id)
}

/** The result of each outcome's rule; one query for those that indicators measure directly. */
export async function jointOf(
  ctx: AppContext,
  outcomes: ReadonlyArray<readonly [OutcomeRow, OutcomeStatus]>,
): Promise<JointChance[]> {
  const unseen = await goalsWithHiddenParts(
    ctx,
    outcomes.map(([outcome]) => outcome.id),
  )
  const asked = []
  for (const [outcome, status] of outcomes) {
    const through = outcome.measuredBy.length === 0
    const hidden = unseen.get(outcome.id)
    asked.push({
      ids: await partsOf(ctx, outcome, status),
      rule: ruleOf(outcome),
      unseen: hidden === 'directly' || (through && hidden === 'below'),
    })
  }
  return jointChances(ctx, asked)
}

/** What may be said about one outcome. */
export async function outcomeChance(
  ctx: AppContext,
  outcome: OutcomeRow,
  status: OutcomeStatus,
): Promise<OutcomeChance> {
  const { say, named } = presenterOf(ctx)
  const [joint] = await jointOf(ctx, [[outcome, status]])
  const { tenths, reason, parts, decided, without, weakest } = joint!
  const reported = without.slice(0, shownWithout)
  const statuses = await performanceOf(ctx, [...reported.map(({ id }) => id), ...(weakest ? [weakest.id] : [])])
  const link = (id: string): NamedLink | null => {
    const row = statuses.get(id)
    return row ? named({ kind: 'indicators.indicator', ...row }) : null
  }
  const least = weakest && parts > 1 ? link(weakest.id) : null
  return {
    sentence:
      tenths === null
        ? say(`strategy.chance.not.${reason}`, { parts, without: without.length })
        : say('strategy.chance.given', { tenths }),
    given: tenths !== null,
    basis: tenths === null ? null : say('strategy.chance.basis', { parts, decided }),
    weakest: least && { ...least, chance: say('strategy.chance.tenths', { tenths: weakest!.tenths }) },
    without: reported.flatMap(({ id, reasons }) => {
      const indicator = link(id)
      return indicator
        ? [{ ...indicator, reason: say(`indicators.outlook.short.${reasons[0] ?? 'not-made-yet'}`) }]
        : []
    }),
    moreWithout: Math.max(0, without.length - reported.length),
  }
}
