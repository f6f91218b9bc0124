/** Outcomes as shown to readers: name, one sentence, counts in words, the worst by name, how fresh the figures are. */
import type { IndicatorStatus, RollUp } from '#modules/indicators'
import { presenterOf } from '#pages/presenter.ts'
import type { Context } from '#platform/context.ts'
import type { Headline } from '#platform/offer.ts'
import type { AppContext } from '#platform/page.ts'
import type { OutcomeRow, OutcomeStatus } from './queries-status.ts'

/** An outcome in a few lines, as the front pages show it too. */
export type OutcomeCard = Headline

/** '6 of 9 met · 1 missed · 2 unknown', or that nothing is measured. */
export function countsText(ctx: Context, counts: RollUp | undefined): string {
  const { say } = presenterOf(ctx)
  if (!counts || counts.total === 0) return say('strategy.tree.nothing')
  const { met, total, missed, unknown, notDue } = counts
  return say('strategy.tree.counts', { met, total, missed, unknown, notDue })
}

/** The period of the newest figure. */
export const newestPeriod = (ctx: Context, { latestFrom, latestTo, latestLabel, grain }: IndicatorStatus): string =>
  latestFrom && latestTo
    ? presenterOf(ctx).period({ from: latestFrom, to: latestTo, label: latestLabel ?? '', grain })
    : (latestLabel ?? '')

export function cardOf(ctx: AppContext, outcome: OutcomeRow, status: OutcomeStatus): OutcomeCard {
  const presenter = presenterOf(ctx)
  const { say } = presenter
  const { verdict, counts, newest, overdue } = status
  const { because, met, missed, notDue, unknown, all, needed } = verdict
  const headline = status.parts[0] ? presenter.plain(status.parts[0].title) : ''
  return {
    id: outcome.id,
    code: outcome.code,
    ...presenter.named({ kind: 'strategy.outcome', ...outcome }),
    result: verdict.result,
    resultText: say(`strategy.result.${verdict.result}`),
    sentence: say(`strategy.stands.${because}`, { met, missed, notDue, unknown, all, needed, headline }),
    met: counts.met,
    missed: counts.missed,
    notDue: counts.notDue,
    unknown: counts.unknown,
    total: counts.total,
    counts: countsText(ctx, counts),
    worst: counts.worst ? presenter.named({ kind: 'indicators.indicator', ...counts.worst }) : null,
    fresh: newest?.latestLabel
      ? say('strategy.card.fresh', { label: newestPeriod(ctx, newest), overdue })
      : counts.total > 0
        ? say(status.parts.length > 0 ? 'strategy.card.no-figure' : 'strategy.card.through-objectives')
        : say('strategy.card.nothing'),
    overdue,
  }
}
