/**
 * Totals of money. Never added together: cash and non-cash, income and savings, avoided cost and savings, forecast and
 * realized, gains and losses, currencies, prices of different years. So a total is a line of a small table, never one
 * sum.
 */
import { addDecimals, compareDecimals, type Decimal } from '#values/decimal.ts'
import { moneyTypes } from './records.ts'

export type MoneyType = (typeof moneyTypes)[number]

/** What benefits add to a line: one, or several that are alike in all but their amounts. */
export type MoneyFacts = {
  readonly count: number
  readonly effect: 'gain' | 'loss'
  readonly benefitType: MoneyType
  readonly recurrence: 'one-off' | 'recurring' | null
  readonly currency: string | null
  readonly priceBaseYear: number | null
  readonly state: string
  readonly promised: Decimal
  readonly promisedSoFar: Decimal
  readonly realized: Decimal | null
  readonly runningCost: Decimal | null
  readonly forecast: Decimal | null
  readonly cashed: Decimal | null
  /** Those whose claim overlaps with another, unsettled: a line may count the same money twice. */
  readonly overlapping: number
}

/**
 * A line: what owners report is null if nobody has reported anything, and what is cashed if that is impossible (no cash).
 */
export type MoneyLine = Omit<MoneyFacts, 'recurrence' | 'state'> & {
  /** Of what is realized: benefits validated by somebody other than the owner. */
  readonly validated: Decimal | null
  /** It includes both one-off and yearly amounts: noted next to the line. */
  readonly mixed: boolean
}

export type Totals = {
  readonly lines: readonly MoneyLine[]
  /** Disputed benefits are kept apart: they are in no line until the dispute is settled. */
  readonly disputed: readonly MoneyLine[]
}

const counting = ['agreed', 'handed-over', 'realizing', 'partly-realized', 'realized', 'sustained', 'not-realized']
const validatedStates = ['realized', 'sustained']

const order = (line: MoneyLine) =>
  `${line.effect}|${moneyTypes.indexOf(line.benefitType)}|${line.currency ?? ''}|${line.priceBaseYear ?? ''}`

/** Lines over agreed benefits, gains first, each type on its own. Proposed and dropped ones promise nothing. */
export function totalsOf(facts: readonly MoneyFacts[]): Totals {
  return {
    lines: linesOf(facts.filter((each) => counting.includes(each.state))),
    disputed: linesOf(facts.filter((each) => each.state === 'disputed')),
  }
}

function linesOf(facts: readonly MoneyFacts[]): MoneyLine[] {
  const groups = Map.groupBy(facts, (each) =>
    [each.effect, each.benefitType, each.currency ?? '', each.priceBaseYear ?? ''].join('|'),
  )
  return [...groups.values()].map(lineOf).sort((one, other) => (order(one) < order(other) ? -1 : 1))
}

function lineOf(group: readonly MoneyFacts[]): MoneyLine {
  const { effect, benefitType, currency, priceBaseYear } = group[0]!
  const cash = benefitType === 'cash-releasing' || benefitType === 'income'
  return {
    effect,
    benefitType,
    currency,
    priceBaseYear,
    count: group.reduce((count, each) => count + each.count, 0),
    promised: sumOf(group.map((each) => each.promised)) ?? '0',
    promisedSoFar: sumOf(group.map((each) => each.promisedSoFar)) ?? '0',
    realized: sumOf(group.map((each) => each.realized)),
    validated: sumOf(group.map((each) => (validatedStates.includes(each.state) ? each.realized : null))),
    runningCost: sumOf(group.map((each) => each.runningCost)),
    forecast: sumOf(group.map((each) => each.forecast)),
    cashed: cash ? (sumOf(group.map((each) => each.cashed)) ?? '0') : null,
    overlapping: group.reduce((count, each) => count + each.overlapping, 0),
    mixed: new Set(group.map((each) => each.recurrence)).size > 1,
  }
}

/** Null if nothing is known at all: unknown is not zero. */
const sumOf = (values: ReadonlyArray<Decimal | null>): Decimal | null => {
  const known = values.filter((value) => value !== null)
  return known.length > 0 ? known.reduce(addDecimals, '0') : null
}

/** What finance confirmed of a benefit: the lines it found in a budget. Null if finance has not looked. */
export function confirmedAmount(
  confirmations: ReadonlyArray<{ readonly verdict: string; readonly amount: Decimal }>,
): Decimal | null {
  return sumOf(confirmations.map(({ verdict, amount }) => (verdict === 'confirmed' ? amount : '0')))
}

/** Promised budget lines that finance has not checked, or in which it found less. */
export function budgetLinesToCheck(
  budget: ReadonlyArray<{ readonly budgetCode: string; readonly year: number; readonly amount: Decimal }>,
  confirmations: ReadonlyArray<{
    readonly budgetCode: string
    readonly year: number
    readonly verdict: string
    readonly amount: Decimal
  }>,
): Array<{ budgetCode: string; year: number; state: 'unseen' | 'less' | 'refused' | 'confirmed' }> {
  return budget.map(({ budgetCode, year, amount }) => {
    const found = confirmations.find((each) => each.budgetCode === budgetCode && each.year === year)
    const state = !found
      ? 'unseen'
      : found.verdict === 'refused'
        ? 'refused'
        : compareDecimals(found.amount, amount) < 0
          ? 'less'
          : 'confirmed'
    return { budgetCode, year, state }
  })
}
