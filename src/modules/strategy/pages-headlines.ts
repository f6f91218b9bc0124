/** The headline outcomes, those not achieved, and those unlikely on the past pattern, as cards. */
import { presenterOf } from '#pages/presenter.ts'
import type { AppContext } from '#platform/page.ts'
import { cardOf, type OutcomeCard } from './pages-cards.ts'
import { jointOf } from './pages-chance.ts'
import { headlineOutcomes, type OutcomeRow, type OutcomeStatus, outcomeStatuses } from './queries-status.ts'

async function outcomesOnTop(
  ctx: AppContext,
  most: number,
): Promise<ReadonlyArray<readonly [OutcomeRow, OutcomeStatus]>> {
  const outcomes = await headlineOutcomes(ctx, most)
  const statuses = await outcomeStatuses(ctx, outcomes)
  return outcomes.map((outcome) => [outcome, statuses.get(outcome.id)!])
}

/** The headline outcomes, as cards, with the chance of each if one may be given. */
export async function headlineCards(ctx: AppContext, most = 8): Promise<OutcomeCard[]> {
  const { say } = presenterOf(ctx)
  const outcomes = await outcomesOnTop(ctx, most)
  const joint = await jointOf(ctx, outcomes)
  return outcomes.map(([outcome, status], index) => {
    const { tenths } = joint[index]!
    return {
      ...cardOf(ctx, outcome, status),
      chance: tenths === null ? null : say('strategy.chance.short', { tenths }),
    }
  })
}

/** Every outcome whose rule says that it is not achieved, as cards; of at most 200 outcomes. */
export async function missedCards(ctx: AppContext): Promise<OutcomeCard[]> {
  return (await outcomesOnTop(ctx, 200))
    .map(([outcome, status]) => cardOf(ctx, outcome, status))
    .filter((card) => card.result === 'missed')
}

/** In tenths: at or below this an outcome counts as unlikely. */
const unlikelyTenths = 3

/** Outcomes not missed yet but, if a chance may be given, unlikely to be achieved; of the first 50. */
export async function unlikelyCards(
  ctx: AppContext,
): Promise<ReadonlyArray<{ readonly card: OutcomeCard; readonly chance: string }>> {
  const { say } = presenterOf(ctx)
  const open = (await outcomesOnTop(ctx, 50)).filter(([, status]) => status.verdict.result !== 'missed')
  return (await jointOf(ctx, open)).flatMap(({ tenths }, index) =>
    tenths !== null && tenths <= unlikelyTenths
      ? [{ card: cardOf(ctx, ...open[index]!), chance: say('strategy.chance.given', { tenths }) }]
      : [],
  )
}
