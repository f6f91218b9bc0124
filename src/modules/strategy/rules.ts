import { check } from '#kernel/check.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import { commitment, outcome, plan, sentence } from './records.ts'

/** A plan ends after it begins, and names two to six levels once it is adopted. */
export const checkPlan = check(plan, (_before, after) => {
  const problems: FieldProblem[] = []
  if (after.from && after.to && (after.to as string) <= (after.from as string))
    problems.push({ at: '/to', code: 'strategy.ends-before-it-begins' })
  return problems
})

/** An outcome whose rule is "some" says how many, one with a headline names its indicator. */
export const checkOutcome = check(outcome, (_before, after) => {
  const problems: FieldProblem[] = []
  if (after.rule === 'some' && !after.ruleCount) problems.push({ at: '/ruleCount', code: 'strategy.how-many' })
  if (after.rule === 'headline' && after.state === 'agreed' && !after.headlineIndicator)
    problems.push({ at: '/headlineIndicator', code: 'strategy.which-headline' })
  return problems
})

/** A sentence cannot replace itself. */
export const checkSentence = check(sentence, (_before, after) =>
  after.replaces === after.id ? [{ at: '/replaces', code: 'reference.loop' }] : [],
)

/** A kept commitment states on which day. */
export const checkCommitment = check(commitment, (_before, after) =>
  after.state === 'kept' && !after.keptOn
    ? [{ at: '/keptOn', code: 'field.required-in-state', values: { state: 'kept' } }]
    : [],
)
