/** An outcome's status by its own rule, from the results of the indicators the rule looks at. */
import { type OutcomeRule, outcomeResult, type RollupItem, rollUp } from '#analysis/rollup.ts'

export type Result = 'met' | 'missed' | 'not-due' | 'unknown'

export type RuleFields = {
  readonly rule: string | null
  readonly ruleCount: number | null
  readonly headlineIndicator: string | null
}

export type Verdict = {
  readonly result: Result
  /** Word key below `strategy.stands.` of the sentence with the result and the reason. */
  readonly because: string
  readonly met: number
  readonly missed: number
  readonly notDue: number
  readonly unknown: number
  readonly all: number
  /** How many must be met. */
  readonly needed: number
}

/** An outcome's rule as the analysis takes it; null if it has none, or not everything it needs. */
export const ruleOf = ({ rule, ruleCount, headlineIndicator }: RuleFields): OutcomeRule<string> | null => {
  if (rule === 'all') return { rule: 'all' }
  if (rule === 'some' && ruleCount) return { rule: 'n-of', n: ruleCount }
  if (rule === 'headline' && headlineIndicator) return { rule: 'headline', key: headlineIndicator }
  return null
}

/** How many indicators are met, missed, not due and unknown. */
export type Counts = {
  readonly met: number
  readonly missed: number
  readonly notDue: number
  readonly unknown: number
}

export const countsOf = (results: readonly Result[]): Counts => {
  const many = (result: Result) => results.filter((each) => each === result).length
  return { met: many('met'), missed: many('missed'), notDue: many('not-due'), unknown: many('unknown') }
}

const names = { met: 'met', missed: 'missed', notDue: 'not-due', unknown: 'unknown' } as const

/**
 * The result by the rule. `counts` are those of the indicators that measure the outcome itself or, for an outcome that
 * is measured only through its objectives, of all indicators below it; `headline` is the result of the headline
 * indicator, null if it is not visible.
 */
export function verdictOf(fields: RuleFields, counts: Counts, headline: Result | null): Verdict {
  const rule = ruleOf(fields)
  const items: RollupItem<string>[] =
    rule?.rule === 'headline'
      ? headline
        ? [{ key: rule.key, result: headline }]
        : []
      : Object.entries(names).flatMap(([name, result]) =>
          Array.from({ length: counts[name as keyof Counts] }, () => ({ key: '', result })),
        )
  const { result, reason } = outcomeResult(items, rule)
  const { met, missed, notDue, unknown, total } = rollUp(items)
  const needed = rule?.rule === 'n-of' ? rule.n : total
  return { result, because: sentenceFor(rule, result, reason, total), met, missed, notDue, unknown, all: total, needed }
}

function sentenceFor(
  rule: OutcomeRule<string> | null,
  result: Result,
  reason: ReturnType<typeof outcomeResult>['reason'],
  total: number,
): string {
  if (!rule) return 'no-rule'
  if (rule.rule === 'headline') return total === 0 ? 'headline-missing' : `headline-${result}`
  if (reason === 'no-parts') return 'no-parts'
  if (reason === 'n-out-of-reach') return 'out-of-reach'
  return `${rule.rule === 'all' ? 'all' : 'some'}-${result}`
}
