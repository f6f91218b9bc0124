import { check, rowCheck } from '#kernel/check.ts'
import type { Money } from '#kernel/fields/money.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { benefit, cashTypes, framework, moneyTypes, review } from './records.ts'

export const isMoney = (benefitType: unknown): boolean => (moneyTypes as readonly unknown[]).includes(benefitType)
export const isCash = (benefitType: unknown): boolean => (cashTypes as readonly unknown[]).includes(benefitType)

/** States in which a benefit counts as agreed, and so do its promises. */
export const agreedStates = [
  'agreed',
  'handed-over',
  'realizing',
  'partly-realized',
  'realized',
  'sustained',
  'not-realized',
] as const
const isAgreed = (state: string) => (agreedStates as readonly string[]).includes(state)

/** A loss names who loses; money says which money; a claim of cause names the design that shows it. */
export const checkBenefit = check(benefit, (before, after) => {
  const problems: FieldProblem[] = []
  const need = (name: keyof typeof after & string, code: string) => {
    if (after[name] === null || after[name] === undefined) problems.push({ at: `/${name}`, code })
  }
  if (isAgreed(after.state)) {
    if (after.effect === 'loss') need('losingGroup', 'benefits.who-loses')
    if (isMoney(after.benefitType)) {
      need('worth', 'benefits.money-needs-currency')
      if (after.fullValue !== null) problems.push({ at: '/fullValue', code: 'benefits.money-in-worth' })
      if (after.worth && (after.worth as Money).priceYear === undefined)
        problems.push({ at: '/worth/priceYear', code: 'benefits.money-needs-prices' })
      need('recurrence', 'benefits.once-or-every-year')
    }
  }
  problems.push(...signature(before, after), ...unchanged(before, after))
  if (after.attribution === 'attributable') need('attributionDesign', 'benefits.which-design')
  if (after.startOn && after.dueOn && (after.dueOn as string) < (after.startOn as string))
    problems.push({ at: '/dueOn', code: 'benefits.due-before-start' })
  if (after.trackUntil && after.closedOn && (after.trackUntil as string) < (after.closedOn as string))
    problems.push({ at: '/trackUntil', code: 'benefits.tracking-ends-too-early' })
  return problems
})

/** Hand-over is a signature of the receiving post: no edit writes its day, and another post has to sign again. */
function signature(before: AnyRecord | undefined, after: AnyRecord): FieldProblem[] {
  const was = before?.handedOverOn ?? null
  if (after.handedOverOn === null) return []
  const signs = before ? before.state !== 'handed-over' && after.state === 'handed-over' : signedStates.has(after.state)
  if (after.handedOverOn !== was && !signs) return [{ at: '/handedOverOn', code: 'benefits.signed-by-receiver' }]
  if (was === null || signs) return []
  const less = (name: string, compare: (now: string, then: string) => boolean) =>
    compare(String(after[name] ?? ''), String(before![name] ?? ''))
  const changed = [
    ...(before!.receivingPost === after.receivingPost ? [] : ['receivingPost']),
    // A larger measuring budget, or a longer period, needs no new signature.
    ...(less('measurementBudget', (now, then) => Number(now) < Number(then)) ? ['measurementBudget'] : []),
    ...(less('trackUntil', (now, then) => now < then) ? ['trackUntil'] : []),
  ]
  return changed.map((name) => ({ at: `/${name}`, code: 'benefits.sign-again' }))
}

/** Validated values are frozen: a larger promise or another kind of money would not be what somebody checked. */
function unchanged(before: AnyRecord | undefined, after: AnyRecord): FieldProblem[] {
  if (!before || before.state !== after.state || !validatedStates.has(after.state)) return []
  return whatWasValidated
    .filter((name) => (before[name] ?? null) !== (after[name] ?? null))
    .map((name) => ({ at: `/${name}`, code: 'benefits.validated-so' }))
}
const validatedStates = new Set(['realized', 'sustained'])
const whatWasValidated = [
  'effect',
  'benefitType',
  'recurrence',
  'worth',
  'baseline',
  'fullValue',
  'deliveredBy',
] as const
const signedStates = new Set(['handed-over', 'realized', 'sustained'])

/** A review that orders a correction says which, and until when. */
export const checkReview = check(review, (_before, after) => {
  if (after.decision !== 'correct' && after.decision !== 'replan') return []
  return (['action', 'actionDueOn'] as const)
    .filter((name) => !after[name])
    .map((name) => ({ at: `/${name}`, code: 'benefits.correction-needs-action' }))
})

export const checkFramework = check(framework, (_before, after) =>
  after.adoptedOn && after.reviewOn && (after.reviewOn as string) <= (after.adoptedOn as string)
    ? [{ at: '/reviewOn', code: 'benefits.review-before-adoption' }]
    : [],
)

/** A period ends after it begins; the value lies in its range. */
export const checkPeriods = (['path', 'result', 'forecast'] as const).map((rows) =>
  rowCheck(benefit, rows, (_benefit, row) => {
    const problems: FieldProblem[] = []
    if (row.to! <= row.from!) problems.push({ at: '/to', code: 'benefits.period-turned-round' })
    const value = Number(row.value)
    if (row.low !== null && Number(row.low) > value) problems.push({ at: '/low', code: 'benefits.outside-its-range' })
    if (row.high !== null && Number(row.high) < value)
      problems.push({ at: '/high', code: 'benefits.outside-its-range' })
    return problems
  }),
)

/** Only something counted in cash can reduce a budget line, and by more than zero. */
export const checkBudget = rowCheck(benefit, 'budget', (benefit, row) => {
  const problems: FieldProblem[] = []
  if (!isCash(benefit.benefitType)) problems.push({ at: '/', code: 'benefits.not-cash' })
  if (Number(row.amount) <= 0) problems.push({ at: '/amount', code: 'benefits.amount-above-nothing' })
  return problems
})

/** Finance confirms cash that was agreed; a refusal says why. */
export const checkConfirmation = rowCheck(benefit, 'confirmation', (benefit, row) => {
  const problems: FieldProblem[] = []
  if (!isCash(benefit.benefitType)) problems.push({ at: '/', code: 'benefits.not-cash' })
  if (!isAgreed(benefit.state) && benefit.state !== 'disputed')
    problems.push({ at: '/', code: 'benefits.not-agreed-yet' })
  if (Number(row.amount) < 0) problems.push({ at: '/amount', code: 'benefits.amount-above-nothing' })
  if ([benefit.owner, benefit.deliveredBy, benefit.receivingPost].includes(row.post as string))
    problems.push({ at: '/post', code: 'benefits.confirms-own' })
  if (row.verdict === 'refused' && !row.note) problems.push({ at: '/note', code: 'benefits.reason-needed' })
  return problems
})
