import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appraise, discountFactor, type Flow, flatRate, presentValue, priceOfDelay, yearly } from './appraisal.ts'
import { internalRates } from './internal-rates.ts'
import { optimismUplift } from './optimism-bias.ts'

describe('discounting in bands', () => {
  test.each([
    [0, 1],
    [1, 0.9662],
    [5, 0.842],
    [10, 0.7089],
    [30, 0.3563],
    [31, 0.3459],
    [75, 0.0942],
    [76, 0.0919],
    [125, 0.0274],
  ])('year %i counts %f, as the Green Book prints it', (year, factor) => {
    expect(discountFactor(year).toFixed(4)).toBe(factor.toFixed(4))
  })

  test('refuses years for which the Green Book gives no rate', () => {
    expect(() => discountFactor(126)).toThrow('Year 126 lies beyond the last band of rates, which ends with year 125.')
    expect(() => discountFactor(-1)).toThrow('before the base year')
  })

  test('one rate discounts as schoolbooks do', () => {
    expect(presentValue(yearly([50, 150], 1), flatRate(0.1))).toBeCloseTo(169.4, 1)
  })

  test('later is never worth more', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 124, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (year, more) => {
          expect(discountFactor(year + more)).toBeLessThanOrEqual(discountFactor(year))
        },
      ),
    )
  })
})

describe('value and ratio of a case', () => {
  test.each([
    [10, 2.5, -0.82, 0.918],
    [5, 1.5, 0.51, 1.102],
  ])('%f at once for %f in each of four years', (cost, benefit, value, ratio) => {
    const found = appraise({ costs: yearly([cost]), benefits: yearly([benefit, benefit, benefit, benefit], 1) })
    expect(found.netPresentValue).toBeCloseTo(value, 2)
    expect(found.benefitCostRatio).toBeCloseTo(ratio, 3)
  })

  test('has no ratio where nothing is spent', () => {
    expect(appraise({ costs: [], benefits: yearly([1]) }).benefitCostRatio).toBeNull()
  })
})

describe('internal rates of return', () => {
  test('one rate for money out, then in', () => {
    const { rates, why } = internalRates(yearly([-100, 60, 60]))
    expect(rates[0]).toBeCloseTo(0.130662386, 8)
    expect(why).toBeNull()
  })

  test('two rates where money goes out again at the end', () => {
    // -1,600 + 10,000 v - 10,000 v²: the oil pump of Lorie and Savage (1955), 25 % and 400 %.
    const { rates, why } = internalRates(yearly([-1600, 10000, -10000]))
    expect(rates[0]).toBeCloseTo(0.25, 10)
    expect(rates[1]).toBeCloseTo(4, 10)
    expect(why).toBe('several')
  })

  test('says why there is none', () => {
    expect(internalRates(yearly([100, 50]))).toEqual({ rates: [], why: 'one-sign' })
    expect(internalRates([])).toEqual({ rates: [], why: 'nothing-flows' })
    expect(internalRates(yearly([100, -200, 150]))).toEqual({ rates: [], why: 'never-zero' })
  })

  test('lists a rate that is only touched', () => {
    // (1.1 v - 1)²
    expect(internalRates(yearly([1, -2.2, 1.21])).rates.map((rate) => rate.toFixed(6))).toEqual(['0.100000'])
  })

  test('finds every rate of flows that were made from their rates', () => {
    const rate = fc.integer({ min: -50, max: 300 }).map((percent) => percent / 100)
    fc.assert(
      fc.property(
        fc.uniqueArray(rate, { minLength: 1, maxLength: 4, comparator: (a, b) => Math.abs(a - b) < 0.1 }),
        (wanted) => {
          let amounts = [1]
          for (const each of wanted)
            amounts = [...amounts, 0].map((amount, power) => amount - (1 + each) * (amounts[power - 1] ?? 0))
          const { rates } = internalRates(yearly(amounts))
          expect(rates).toHaveLength(wanted.length)
          for (const [index, each] of [...wanted].sort((a, b) => a - b).entries())
            expect(rates[index]).toBeCloseTo(each, 6)
        },
      ),
    )
  })

  test('is worth nothing at each rate it gives, whatever the flows', () => {
    const flow: fc.Arbitrary<Flow> = fc.record({
      year: fc.integer({ min: 0, max: 60 }),
      amount: fc.integer({ min: -1000, max: 1000 }),
    })
    fc.assert(
      fc.property(fc.array(flow, { maxLength: 30 }), (flows) => {
        for (const rate of internalRates(flows).rates) {
          const size = flows.reduce((sum, { year, amount }) => sum + Math.abs(amount) * (1 + rate) ** -year, 0)
          expect(Math.abs(presentValue(flows, flatRate(rate))) / size).toBeLessThan(1e-9)
        }
      }),
    )
  })
})

describe('the price of delay', () => {
  const built = { costs: yearly([100]), benefits: yearly([20, 20, 20, 20, 20, 20, 20, 20], 1) }

  test('is the value of later benefits and of standing still', () => {
    const price = priceOfDelay(built, { years: 1, standingCostPerYear: 3 })!
    const benefits = presentValue(built.benefits)
    expect(price.laterBenefits).toBeCloseTo(benefits - benefits / 1.035, 9)
    expect(price.standingCosts).toBeCloseTo(3 / 1.035, 9)
    expect(price.total).toBeCloseTo(price.laterBenefits + price.standingCosts, 9)
    expect(price.perMonth).toBeCloseTo(price.total / 12, 9)
  })

  test('is higher where the end does not move', () => {
    const ends = priceOfDelay(built, { years: 1, lastYear: 8 })!
    // Eight payments become seven, from year 2 on: the first of them is lost.
    expect(ends.laterBenefits).toBeCloseTo(20 / 1.035, 9)
    expect(ends.total).toBeGreaterThan(priceOfDelay(built, { years: 1 })!.total)
  })

  test('there is none without a delay', () => {
    expect(priceOfDelay(built, { years: 0 })).toBeNull()
  })
})

describe('optimism bias', () => {
  test('mixes kinds of work by their shares', () => {
    const parts = [
      { kind: 'non-standard-building', share: 30 },
      { kind: 'standard-building', share: 70 },
    ] as const
    expect(optimismUplift(parts, 'capital')?.percent).toBeCloseTo(32.1, 9)
    expect(optimismUplift(parts, 'duration')?.percent).toBeCloseTo(14.5, 9)
  })

  test('names its source, falls with evidence, and stays above the lower bound', () => {
    const development = [{ kind: 'equipment-or-it-development', share: 1 }] as const
    expect(optimismUplift(development, 'capital')).toMatchObject({
      percent: 200,
      source: expect.stringContaining('2002'),
    })
    expect(optimismUplift(development, 'capital', 0.5)?.percent).toBe(100)
    expect(optimismUplift(development, 'capital', 1)?.percent).toBe(10)
  })

  test('invents nothing that the study does not give', () => {
    expect(optimismUplift([{ kind: 'outsourcing', share: 1 }], 'duration')).toBeNull()
    expect(optimismUplift([], 'capital')).toBeNull()
  })
})
