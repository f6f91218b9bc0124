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

/** A breakdown cell in its canonical form: pairs sorted by name. '' is the whole. */
export const cellOf = (members: Readonly<Record<string, string>>): string =>
  Object.entries(members)
    .filter(([, member]) => member !== '')
    .map(([dimension, member]) => [clean(dimension), clean(member)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([dimension, member]) => `${dimension}=${member}`)
    .join(';')

const clean = (text: string) => text.replaceAll(/[=;]/g, ' ').trim()

/** The members a cell names. */
export const membersOf = (cell: string): Record<string, string> =>
  cell === ''
    ? {}
    : Object.fromEntries(
        cell.split(';').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      )
