/** What stands above the register: what to do first, and the money, promised and realized, kind by kind. */

import { stepsOf } from '#pages/findings/index.ts'
import { above } from '#pages/list/declare.ts'
import { presenterOf } from '#pages/presenter.ts'
import { recordsFound } from '#platform/findings/index.ts'
import type { AppContext } from '#platform/page.ts'
import { read } from '#platform/records/index.ts'
import type { Decimal } from '#values/decimal.ts'
import { findings } from './findings.ts'
import { moneyFacts } from './queries-standing.ts'
import { benefit } from './records.ts'
import { type MoneyLine, totalsOf } from './rules-money.ts'
import { type LineView, type MoneyAbove, moneyView } from './views/money.tsx'

function lineShown(ctx: AppContext, line: MoneyLine): LineView {
  const { say, choice, money } = presenterOf(ctx)
  const write = (amount: Decimal) => money(amount, line.currency)
  const known = (value: Decimal | null) => (value === null ? say('benefits.money.unknown') : write(value))
  const notes = [
    ...(line.mixed ? [say('benefits.money.mixed')] : []),
    ...(line.overlapping > 0 ? [say('benefits.money.overlapping', { count: line.overlapping })] : []),
    ...(line.runningCost !== null ? [say('benefits.money.running', { amount: write(line.runningCost) })] : []),
  ]
  return {
    name: choice(benefit.kind, 'benefitType', line.benefitType),
    prices: [
      say('benefits.money.count', { count: line.count }),
      ...(line.priceBaseYear === null ? [] : [say('benefits.money.year', { year: String(line.priceBaseYear) })]),
    ].join(' · '),
    promised: write(line.promised),
    promisedSoFar: write(line.promisedSoFar),
    realized: known(line.realized),
    validated: known(line.validated),
    cashed: line.cashed === null ? say('benefits.money.not-cash') : write(line.cashed),
    forecast: known(line.forecast),
    note: notes.length > 0 ? notes.join(' · ') : null,
  }
}

async function totalsAbove(ctx: AppContext): Promise<MoneyAbove | null> {
  const { signedIn } = presenterOf(ctx)
  const [some, facts, steps] = await Promise.all([
    read(ctx, benefit).pick('id').first(),
    recordsFound(ctx, 'benefits.double-claim').then((overlapping) => moneyFacts(ctx, overlapping)),
    signedIn ? stepsOf(ctx, findings, false) : [],
  ])
  if (!some) return null
  const totals = totalsOf(facts)
  const shown = (lines: readonly MoneyLine[]) => lines.map((line) => lineShown(ctx, line))
  return {
    steps: steps.slice(0, 5),
    gains: shown(totals.lines.filter((line) => line.effect === 'gain')),
    losses: shown(totals.lines.filter((line) => line.effect === 'loss')),
    disputed: shown(totals.disputed),
  }
}

export const moneyAbove = above<MoneyAbove>({ load: totalsAbove, view: moneyView })
