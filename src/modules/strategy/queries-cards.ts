/** Outcomes as a reader meets them: name, one sentence, counts in words, the worst by name, how fresh the figures are. */

import { addressOf } from '#kernel/projections/endpoints.ts'
import { type Localized, localize } from '#kernel/words.ts'
import type { RollUp, Standing } from '#modules/indicators'
import type { Context } from '#platform/context.ts'
import type { AppContext } from '#platform/page.ts'
import { formatPeriod, type Grain } from '#values/period.ts'
import type { OutcomeRow, OutcomeStanding } from './queries-standing.ts'
import type { Result } from './rules-standing.ts'

/** Text a person wrote; `lang` where it is not the reader's language. */
export type Text = { readonly text: string; readonly lang?: string }
export type NamedLink = Text & { readonly href: string }

export type OutcomeCard = NamedLink & {
  readonly id: string
  readonly code: string
  readonly result: Result
  /** 'Reached', 'Not reached' …, for the mark beside the sentence. */
  readonly resultText: string
  /** Where it stands and why, in one sentence. */
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
  /** The chance on the past pattern in a few words, where one may be given and was asked for. */
  readonly chance?: string | null
}

/** Writes text in the reader's language, marked where it is in another. */
export function textIn(ctx: Context, text: Localized): Text {
  const found = localize(text, ctx.language, ctx.registry.language)
  return found.lang === ctx.language || found.lang === 'und' ? { text: found.text } : found
}

/** Address of a record of any kind. */
export const hrefOf = (ctx: Context, kind: string, code: string): string =>
  `${addressOf(ctx.registry.kind(kind).declaration)}/${code}`

/** '6 of 9 met · 1 missed · 2 unknown', or that nothing is measured. */
export function countsText(ctx: Context, counts: RollUp | undefined): string {
  const say = ctx.registry.words.say(ctx.language)
  if (!counts || counts.total === 0) return say('strategy.tree.nothing')
  const { met, total, missed, unknown, notDue } = counts
  return say('strategy.tree.counts', { met, total, missed, unknown, notDue })
}

/** The period of the newest figure in the reader's language. */
export const periodText = (ctx: Context, { latestFrom, latestTo, latestLabel, grain }: Standing): string =>
  latestFrom && latestTo && grain
    ? formatPeriod({ from: latestFrom, to: latestTo, grain: grain as Grain, label: latestLabel ?? '' }, ctx.language)
    : (latestLabel ?? '')

export function cardOf(ctx: AppContext, outcome: OutcomeRow, standing: OutcomeStanding): OutcomeCard {
  const say = ctx.registry.words.say(ctx.language)
  const { verdict, counts, newest, overdue } = standing
  const { because, met, missed, notDue, unknown, all, needed } = verdict
  const headline = standing.parts[0] ? textIn(ctx, standing.parts[0].title).text : ''
  return {
    id: outcome.id,
    code: outcome.code,
    ...textIn(ctx, outcome.title),
    href: hrefOf(ctx, 'strategy.outcome', outcome.code),
    result: verdict.result,
    resultText: say(`strategy.result.${verdict.result}`),
    sentence: say(`strategy.stands.${because}`, { met, missed, notDue, unknown, all, needed, headline }),
    met: counts.met,
    missed: counts.missed,
    notDue: counts.notDue,
    unknown: counts.unknown,
    total: counts.total,
    counts: countsText(ctx, counts),
    worst: counts.worst
      ? { ...textIn(ctx, counts.worst.title), href: hrefOf(ctx, 'indicators.indicator', counts.worst.code) }
      : null,
    fresh: newest?.latestLabel
      ? say('strategy.card.fresh', { label: periodText(ctx, newest), overdue })
      : counts.total > 0
        ? say(standing.parts.length > 0 ? 'strategy.card.no-figure' : 'strategy.card.through-objectives')
        : say('strategy.card.nothing'),
    overdue,
  }
}
