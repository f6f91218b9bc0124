import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDecimals, compareDecimals, subtractDecimals } from '#values/decimal.ts'
import { checkBenefit, checkBudget, checkConfirmation, checkPeriods, checkReview } from './rules.ts'
import { budgetLinesToCheck, confirmedAmount, type MoneyFacts, totalsOf } from './rules-money.ts'
import { flowStatus, levelStatus, lossStatus, type PathRow, plannedPath, type ResultRow } from './rules-path.ts'

const codes = (problems: readonly { at: string; code: string }[]) => problems.map(({ at, code }) => `${at} ${code}`)
const benefit = (facts: Record<string, unknown>) =>
  ({
    state: 'agreed',
    effect: 'gain',
    benefitType: 'quantified',
    worth: null,
    fullValue: null,
    recurrence: null,
    losingGroup: null,
    handedOverOn: null,
    receivingPost: null,
    ...facts,
  }) as never

describe('a benefit', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['counted', {}, []],
    ['of money without the money', { benefitType: 'income' }, ['/worth', '/recurrence']],
    [
      'of money whose prices nobody knows',
      { benefitType: 'income', recurrence: 'one-off', worth: { currency: 'EUR' } },
      ['/worth/priceYear'],
    ],
    [
      'of money beside a bare number',
      { benefitType: 'income', recurrence: 'one-off', worth: { currency: 'EUR', priceYear: 2026 }, fullValue: '3' },
      ['/fullValue'],
    ],
    ['of money, proposed', { benefitType: 'income', state: 'proposed' }, []],
    ['a loss that names nobody', { effect: 'loss' }, ['/losingGroup']],
    ['a loss that names somebody', { effect: 'loss', losingGroup: { en: 'Taxi drivers' } }, []],
    ['caused by it, without a design', { attribution: 'attributable' }, ['/attributionDesign']],
    ['due before it starts', { startOn: '2026-01-01', dueOn: '2025-12-31' }, ['/dueOn']],
    ['tracked only until before closure', { closedOn: '2026-01-01', trackUntil: '2025-01-01' }, ['/trackUntil']],
  ])('%s', (_, facts, expected) => {
    expect(checkBenefit.rule(undefined, benefit(facts)).map(({ at }) => at)).toEqual(expected)
  })
})

describe('the hand-over', () => {
  const signed = (before: Record<string, unknown> | undefined, after: Record<string, unknown>) =>
    codes(checkBenefit.rule(before && benefit(before), benefit(after)))
  const done = { handedOverOn: '2026-01-01', receivingPost: 'service' }

  test('is written by its signature alone', () => {
    expect(signed({ receivingPost: 'service' }, { ...done, state: 'handed-over' })).toEqual([])
    expect(signed({ receivingPost: 'service' }, done)).toEqual(['/handedOverOn benefits.signed-by-receiver'])
    expect(
      signed({ ...done, state: 'handed-over' }, { ...done, state: 'handed-over', handedOverOn: '2025-01-01' }),
    ).toEqual(['/handedOverOn benefits.signed-by-receiver'])
    expect(signed(undefined, { ...done, state: 'realizing' })).toEqual(['/handedOverOn benefits.signed-by-receiver'])
    expect(signed(undefined, { ...done, state: 'realized' })).toEqual([])
  })

  test('is signed again when another post receives it', () => {
    expect(signed({ ...done, state: 'realizing' }, { ...done, state: 'realizing', receivingPost: 'other' })).toEqual([
      '/receivingPost benefits.sign-again',
    ])
    expect(signed({ ...done, state: 'realizing' }, { state: 'realizing', receivingPost: 'other' })).toEqual([])
    expect(signed({ ...done, state: 'realizing' }, { ...done, state: 'handed-over', receivingPost: 'other' })).toEqual(
      [],
    )
  })
})

describe('rows', () => {
  const cash = benefit({
    benefitType: 'cash-releasing',
    owner: 'owner',
    deliveredBy: 'project',
    receivingPost: 'service',
  })
  const found = { verdict: 'confirmed', amount: '10', post: 'treasurer', note: null }

  test('only cash that was agreed is confirmed, and by a post that has no part in it', () => {
    expect(checkConfirmation.rule(cash, found)).toEqual([])
    for (const post of ['owner', 'project', 'service'])
      expect(codes(checkConfirmation.rule(cash, { ...found, post }))).toEqual(['/post benefits.confirms-own'])
    expect(codes(checkConfirmation.rule(benefit({ benefitType: 'cost-avoided' }), found))).toEqual([
      '/ benefits.not-cash',
    ])
    expect(codes(checkConfirmation.rule(benefit({ benefitType: 'income', state: 'proposed' }), found))).toEqual([
      '/ benefits.not-agreed-yet',
    ])
    expect(codes(checkConfirmation.rule(cash, { ...found, verdict: 'refused' }))).toEqual([
      '/note benefits.reason-needed',
    ])
  })

  test('what is not cash reduces no budget', () => {
    expect(codes(checkBudget.rule(benefit({ benefitType: 'non-cash-releasing' }), { amount: '5' }))).toEqual([
      '/ benefits.not-cash',
    ])
    expect(codes(checkBudget.rule(cash, { amount: '0' }))).toEqual(['/amount benefits.amount-above-nothing'])
  })

  test('a period runs forward and its value lies in its range', () => {
    const row = { from: '2025-01-01', to: '2026-01-01', value: '5', low: '4', high: '6' }
    expect(checkPeriods[0]!.rule(cash, row)).toEqual([])
    expect(codes(checkPeriods[0]!.rule(cash, { ...row, to: '2025-01-01' }))).toEqual([
      '/to benefits.period-turned-round',
    ])
    expect(codes(checkPeriods[0]!.rule(cash, { ...row, low: '5.5' }))).toEqual(['/low benefits.outside-its-range'])
    expect(codes(checkPeriods[0]!.rule(cash, { ...row, high: '4.9' }))).toEqual(['/high benefits.outside-its-range'])
  })

  test('a review that orders a correction says which and until when', () => {
    expect(codes(checkReview.rule(undefined, { decision: 'correct' } as never))).toEqual([
      '/action benefits.correction-needs-action',
      '/actionDueOn benefits.correction-needs-action',
    ])
    expect(checkReview.rule(undefined, { decision: 'continue' } as never)).toEqual([])
  })
})

const course = {
  startOn: '2025-07-01',
  lagMonths: 3,
  rampMonths: 6,
  fullValue: '120000',
  until: '2029-01-01',
  shape: 'flow',
} as const

describe('the planned path', () => {
  test('begins after its lag, rises, and brings the full value in every full year', () => {
    // October to December 2025: a quarter, that is 1.5 of 6 months of ramp at a quarter of the rate on average.
    expect(plannedPath(course).map((row) => [row.label, row.from, row.value])).toEqual(
      [
        [null, '2025-07-01', '7500.00'],
        ['2026', '2026-01-01', '112500.00'],
        ['2027', '2027-01-01', '120000.00'],
        ['2028', '2028-01-01', '120000.00'],
      ].map(([label, from, value]) => [label, from, value!.replace('.00', '')]),
    )
  })

  test('a one-off comes once, in the year that holds its day', () => {
    expect(plannedPath({ ...course, shape: 'once' }).map((row) => row.value)).toEqual(['120000', '0', '0', '0'])
  })

  test('a level goes from its base to its full value and stays there, also downwards', () => {
    const rows = plannedPath({ ...course, shape: 'level', base: '40', fullValue: '28' })
    expect(rows.map((row) => row.value)).toEqual(['34', '28', '28', '28'])
  })

  test('periods join without gap, and nothing is lost between them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 24 }), (lagMonths, rampMonths) => {
        const rows = plannedPath({ ...course, startOn: '2025-01-01', lagMonths, rampMonths, until: '2031-01-01' })
        for (const [index, row] of rows.slice(1).entries()) expect(row.from).toBe(rows[index]!.to)
        const all = rows.reduce((sum, row) => addDecimals(sum, row.value), '0')
        expect(Number(all)).toBeCloseTo(10000 * (72 - lagMonths - rampMonths / 2), 0)
      }),
    )
  })
})

const planned = (year: number, value: string): PathRow => ({
  from: `${year}-01-01`,
  to: `${year + 1}-01-01`,
  label: String(year),
  value,
  low: null,
  high: null,
  runningCost: null,
})
const came = (year: number, value: string, more: Partial<ResultRow> = {}): ResultRow => ({
  ...planned(year, value),
  status: 'actual',
  ...more,
})
const path = [planned(2023, '100'), planned(2024, '100'), planned(2025, '100'), planned(2026, '100')]

describe('where a benefit stands', () => {
  const stand = (results: ResultRow[], today = '2026-05-01') => flowStatus(path, results, today, 90)

  test.each<[string, ResultRow[], string, Record<string, unknown>]>([
    [
      'nothing reported although it is due',
      [],
      '2026-05-01',
      { state: 'late', realized: null, percent: null, withoutResult: 3 },
    ],
    ['nothing due yet', [], '2023-06-01', { state: 'not-begun', withoutResult: 0 }],
    ['a period just over, its result not yet due', [], '2024-01-31', { state: 'not-begun', withoutResult: 0 }],
    [
      'as planned',
      [came(2023, '95'), came(2024, '95'), came(2025, '95')],
      '2026-05-01',
      { state: 'on-path', percent: 95, realized: '285' },
    ],
    [
      'a year without report counts as late, not as nothing',
      [came(2023, '100')],
      '2026-05-01',
      { state: 'on-path', percent: 100, withoutResult: 2, promisedSoFar: '300', promisedWhereKnown: '100' },
    ],
    [
      'too little, since the second year',
      [came(2023, '100'), came(2024, '40'), came(2025, '60')],
      '2026-05-01',
      { state: 'missed', missedSince: '2025-01-01', comparedTo: '2026-01-01' },
    ],
    ['caught up', [came(2023, '50'), came(2024, '150')], '2025-02-01', { state: 'on-path', missedSince: null }],
    [
      'below, but its range reaches up',
      [came(2023, '80', { low: '70', high: '95' })],
      '2024-02-01',
      { state: 'uncertain', percentLow: 70, percentHigh: 95 },
    ],
    ['an estimate is said to be one', [came(2023, '95', { status: 'estimated' })], '2024-02-01', { unsettled: '95' }],
  ])('%s', (_, results, today, expected) => {
    expect(stand(results, today)).toMatchObject(expected)
  })

  test('a loss that stays below what was expected is no fault, one above it is', () => {
    const suffered = (value: string) => lossStatus(stand([came(2023, value)], '2024-02-01'), 90).state
    expect(['60', '95', '109', '130'].map(suffered)).toEqual(['smaller', 'expected', 'expected', 'larger'])
    expect(lossStatus(stand([]), 90).state).toBe('late')
  })

  test('without a path nothing is said, whatever came', () => {
    expect(flowStatus([], [came(2024, '5')], '2026-01-01', 90)).toMatchObject({
      state: 'none',
      realized: '5',
      percent: null,
    })
  })

  test('a level is compared with the way from its base, also where it should fall', () => {
    const way = [planned(2024, '34'), planned(2025, '28')]
    const at = (value: string) => [{ from: '2024-10-01', to: '2025-01-01', value, settled: true }]
    const stands = (value: string) => levelStatus(way, at(value), '40', '2025-06-01', false, 90)
    expect(stands('34')).toMatchObject({ state: 'on-path', percent: 100, realized: '34' })
    expect(stands('37')).toMatchObject({ state: 'missed', percent: 50, missedSince: '2025-01-01' })
    expect(stands('43')).toMatchObject({ state: 'missed', percent: -50 })
    expect(stands('30').percent!).toBeGreaterThan(100)
    expect(levelStatus(way, [], '40', '2025-06-01', true, 90)).toMatchObject({ state: 'late', withoutResult: 1 })
  })
})

const money = (facts: Partial<MoneyFacts> = {}): MoneyFacts => ({
  count: 1,
  effect: 'gain',
  benefitType: 'cash-releasing',
  recurrence: 'recurring',
  currency: 'EUR',
  priceBaseYear: 2025,
  state: 'realizing',
  promised: '100',
  promisedSoFar: '50',
  realized: '40',
  runningCost: null,
  forecast: '90',
  cashed: null,
  overlapping: 0,
  ...facts,
})

describe('totals', () => {
  test('cash, other money, income, avoided cost and losses each stand in a line of their own', () => {
    const types = ['cash-releasing', 'non-cash-releasing', 'income', 'cost-avoided'] as const
    const { lines } = totalsOf([
      ...types.map((benefitType) => money({ benefitType })),
      money({ effect: 'loss', benefitType: 'non-cash-releasing' }),
      money({ currency: 'CNY' }),
      money({ priceBaseYear: 2020 }),
    ])
    expect(lines.map((line) => `${line.effect} ${line.benefitType} ${line.currency} ${line.priceBaseYear}`)).toEqual([
      'gain cash-releasing CNY 2025',
      'gain cash-releasing EUR 2020',
      'gain cash-releasing EUR 2025',
      'gain non-cash-releasing EUR 2025',
      'gain income EUR 2025',
      'gain cost-avoided EUR 2025',
      'loss non-cash-releasing EUR 2025',
    ])
    expect(lines.map((line) => line.cashed)).toEqual(['0', '0', '0', null, '0', null, null])
  })

  test('what was proposed or dropped promises nothing; what is disputed is listed separately', () => {
    const { lines, disputed } = totalsOf([
      money({ state: 'proposed' }),
      money({ state: 'dropped' }),
      money({ state: 'disputed' }),
    ])
    expect(lines).toEqual([])
    expect(disputed.map((line) => line.promised)).toEqual(['100'])
  })

  test('unknown is not zero, and reported is not validated', () => {
    const [line] = totalsOf([
      money({ realized: null }),
      money(),
      money({ state: 'realized', realized: '7', cashed: '5' }),
    ]).lines
    expect(line).toMatchObject({ count: 3, realized: '47', validated: '7', cashed: '5', promised: '300' })
    expect(totalsOf([money({ realized: null })]).lines[0]).toMatchObject({ realized: null, validated: null })
  })

  test('no line ever holds two kinds of money, and every counted amount is in exactly one', () => {
    const anyMoney = fc.record({
      effect: fc.constantFrom('gain' as const, 'loss' as const),
      benefitType: fc.constantFrom('cash-releasing', 'non-cash-releasing', 'income', 'cost-avoided'),
      currency: fc.constantFrom('EUR', 'CNY'),
      priceBaseYear: fc.constantFrom(2020, 2025),
      state: fc.constantFrom('proposed', 'agreed', 'realized', 'disputed', 'dropped', 'not-realized'),
      promised: fc.integer({ min: 0, max: 1e9 }).map(String),
    })
    fc.assert(
      fc.property(fc.array(anyMoney, { maxLength: 40 }), (facts) => {
        const all = facts.map((each) => money(each as Partial<MoneyFacts>))
        const { lines, disputed } = totalsOf(all)
        const kinds = lines.map((line) => [line.effect, line.benefitType, line.currency, line.priceBaseYear].join())
        expect(new Set(kinds).size).toBe(lines.length)
        const counted = all.filter((each) => !['proposed', 'dropped'].includes(each.state))
        const sum = (values: readonly { promised: string }[]) =>
          values.reduce((all, each) => addDecimals(all, each.promised), '0')
        expect(compareDecimals(subtractDecimals(sum(counted), sum([...lines, ...disputed])), '0')).toBe(0)
      }),
    )
  })

  test('cashed is what finance confirmed; a refusal is a look that found nothing', () => {
    expect(confirmedAmount([])).toBeNull()
    expect(confirmedAmount([{ verdict: 'refused', amount: '9' }])).toBe('0')
    expect(
      confirmedAmount([
        { verdict: 'confirmed', amount: '4' },
        { verdict: 'confirmed', amount: '3' },
      ]),
    ).toBe('7')
    const line = { budgetCode: '41.2', year: 2025, amount: '10' }
    const state = (found: { verdict: string; amount: string }[]) =>
      budgetLinesToCheck(
        [line],
        found.map((each) => ({ ...line, ...each })),
      )[0]!.state
    expect([
      state([]),
      state([{ verdict: 'confirmed', amount: '9' }]),
      state([{ verdict: 'confirmed', amount: '10' }]),
      state([{ verdict: 'refused', amount: '0' }]),
    ]).toEqual(['unseen', 'less', 'confirmed', 'refused'])
  })
})
