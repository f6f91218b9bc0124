/**
 * Appraisal of public spending after HM Treasury's Green Book (2022, chapters 5 and A6): real amounts, discounted in bands of
 * years. Amounts are plain numbers in one unit of money at one price base; years are counted from the base year 0 and may
 * be parts of years.
 */

/** Real discount rate (0.035 is 3.5 % a year) up to and including the year `until`. */
export type RateBand = { readonly until: number; readonly rate: number }

/** Social time preference rates of the Green Book, table 7 of annex A6. It gives no rate after year 125, so neither do we. */
export const greenBookRates: readonly RateBand[] = [
  { until: 30, rate: 0.035 },
  { until: 75, rate: 0.03 },
  { until: 125, rate: 0.025 },
]

/** One rate for all years. */
export const flatRate = (rate: number): readonly RateBand[] => [{ until: Number.POSITIVE_INFINITY, rate }]

/** What is paid or gained in a year. */
export type Flow = { readonly year: number; readonly amount: number }

/** Amounts of years 0, 1, 2 … as flows. */
export const yearly = (amounts: readonly number[], firstYear = 0): Flow[] =>
  amounts.map((amount, index) => ({ year: firstYear + index, amount }))

/**
 * What one unit in `year` is worth in year 0. Each band applies to the years within it: year 31 is 30 years at
 * 3.5 % and one at 3.0 %. Throws a RangeError for a year that is negative or beyond the last band.
 */
export function discountFactor(year: number, bands: readonly RateBand[] = greenBookRates): number {
  if (!(year >= 0)) throw new RangeError(`Year ${year} lies before the base year 0: move the base year.`)
  let from = 0
  let logarithm = 0
  for (const { until, rate } of bands) {
    if (!(rate > -1)) throw new RangeError(`A discount rate of ${rate} takes everything away: it must be above -1.`)
    const to = Math.min(year, until)
    if (to > from) logarithm += (to - from) * Math.log1p(rate)
    from = Math.max(from, until)
    if (year <= until) return Math.exp(-logarithm)
  }
  throw new RangeError(`Year ${year} lies beyond the last band of rates, which ends with year ${from}.`)
}

/** Sum of the flows, each discounted to year 0. */
export function presentValue(flows: readonly Flow[], bands: readonly RateBand[] = greenBookRates): number {
  let sum = 0
  for (const { year, amount } of flows) sum += amount * discountFactor(year, bands)
  return sum
}

/** Costs and benefits, both as positive amounts. */
export type Case = { readonly costs: readonly Flow[]; readonly benefits: readonly Flow[] }

export type Appraisal = {
  readonly presentCosts: number
  readonly presentBenefits: number
  /** Net present value: benefits less costs. */
  readonly netPresentValue: number
  /** Benefits for each unit of cost; null if nothing is spent, because the ratio is then meaningless. */
  readonly benefitCostRatio: number | null
}

/** Present values of a case, their difference and their ratio. */
export function appraise(appraised: Case, bands: readonly RateBand[] = greenBookRates): Appraisal {
  const presentCosts = presentValue(appraised.costs, bands)
  const presentBenefits = presentValue(appraised.benefits, bands)
  return {
    presentCosts,
    presentBenefits,
    netPresentValue: presentBenefits - presentCosts,
    benefitCostRatio: presentCosts > 0 ? presentBenefits / presentCosts : null,
  }
}

export type Delay = {
  /** Years by which every benefit comes later; parts of years are allowed. */
  readonly years: number
  /** Cost of keeping things as they are, for each year of the delay (a lease that continues, a team that waits). */
  readonly standingCostPerYear?: number
  /**
   * Last year that counts. Benefits that the delay pushes beyond it are lost, as with a leased or worn-out asset;
   * without it they only come later.
   */
  readonly lastYear?: number
}

export type PriceOfDelay = {
  /** Net present value lost; negative where waiting pays. */
  readonly total: number
  readonly perMonth: number
  readonly laterBenefits: number
  readonly standingCosts: number
}

/**
 * What a delay costs in present value: benefits that come later or not at all, and the cost of standing still. Costs of
 * the case itself stay where they are, because they are usually committed by the time a delay is noticed.
 */
export function priceOfDelay(
  appraised: Case,
  delay: Delay,
  bands: readonly RateBand[] = greenBookRates,
): PriceOfDelay | null {
  if (!(delay.years > 0)) return null
  const last = delay.lastYear ?? Number.POSITIVE_INFINITY
  const later = appraised.benefits
    .map(({ year, amount }) => ({ year: year + delay.years, amount }))
    .filter(({ year }) => year <= last)
  const laterBenefits =
    presentValue(
      appraised.benefits.filter(({ year }) => year <= last),
      bands,
    ) - presentValue(later, bands)
  const first = appraised.benefits.reduce((least, { year }) => Math.min(least, year), Number.POSITIVE_INFINITY)
  const standing: Flow[] = []
  if (Number.isFinite(first))
    for (let passed = 0; passed < delay.years; passed += 1)
      standing.push({
        year: first + passed,
        amount: (delay.standingCostPerYear ?? 0) * Math.min(1, delay.years - passed),
      })
  const standingCosts = presentValue(standing, bands)
  const total = laterBenefits + standingCosts
  return { total, perMonth: total / (delay.years * 12), laterBenefits, standingCosts }
}
