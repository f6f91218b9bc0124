/** Outcomes as shown to readers: name, one sentence, counts in words, the worst by name, how fresh the figures are. */
import type { IndicatorStatus, RollUp } from '#modules/indicators'
import { type NamedLink, presenterOf } from '#pages/presenter.ts'
import type { Context } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import type { OutcomeRow, OutcomeStatus } from './queries-status.ts'
import type { Result } from './rules-status.ts'

export type OutcomeCard = NamedLink & {
  readonly id: string
  readonly code: string
  readonly result: Result
  /** 'Reached', 'Not reached' …, for the badge next to the sentence. */
  readonly resultText: string
  /** Its status and why, in one sentence. */
  readonly sentence: string
  readonly met: number
  readonly missed: number
  readonly notDue: number
  readonly unknown: number
  readonly total: number
  /** '8 of 21 met · 3 missed', everything below it. */
  readonly counts: string
  readonly worst: NamedLink | null
  /** Which period the newest figure is for, and how many figures are overdue. */
  readonly fresh: string
  readonly overdue: number
  /** The chance on the past pattern in a few words, if one may be given and was asked for. */
  readonly chance?: string | null
}

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
