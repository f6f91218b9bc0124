import { check } from '#kernel/check.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import { indicator } from './records.ts'

/** A range has two ends in order; a percent or rate says what is divided by what. */
export const checkIndicator = check(indicator, (_before, after) => {
  const problems: FieldProblem[] = []
  if (after.direction === 'range' && after.state === 'agreed' && (after.rangeLow === null || after.rangeHigh === null))
    problems.push({ at: '/rangeLow', code: 'indicators.range-needs-both-ends' })
  if (after.rangeLow !== null && after.rangeHigh !== null && Number(after.rangeLow) > Number(after.rangeHigh))
    problems.push({ at: '/rangeHigh', code: 'indicators.range-turned-round' })
  if (after.breakdownOf && after.breakdownOf === after.id) problems.push({ at: '/breakdownOf', code: 'reference.loop' })
  if ((after.fiscalStartMonth === null) !== (after.fiscalNamedBy === null))
    problems.push({ at: '/fiscalNamedBy', code: 'indicators.fiscal-year-needs-both' })
  return problems
})
