/**
 * Monte Carlo simulation of any quantity that follows from uncertain ones (Van Slyke 1963 for schedules): a benefit, a
 * cost, the longer of two ways. Schedules with calendars have their own file; sampling, correlation, risks and precision
 * are the same.
 */
import { type CorrelationProblem, type Correlations, compileCorrelations, type Mixing } from './correlation.ts'
import { batchSizes, sampleOf, type Variable } from './sample.ts'
import { isPrecise, type Summary, summaryOf } from './summary.ts'
import { type Distribution, type DistributionProblem, distributionProblem } from './variable.ts'

/** Something that may happen: with probability `chance` (0 to 1) it adds its impact, otherwise nothing. */
export type RiskEvent = {
  readonly name: string
  readonly chance: number
  readonly impact: Distribution
  /** What chance and impact become once something is done about it; whatever is omitted stays as it is. */
  readonly mitigated?: { readonly chance?: number; readonly impact?: Distribution }
}

/** Risks as they are, or after the planned response. */
export type RiskView = 'before-mitigation' | 'after-mitigation'

/** Chance and impact of a risk in a view. */
export function riskIn(
  { chance, impact, mitigated }: RiskEvent,
  view: RiskView,
): { chance: number; impact: Distribution } {
  if (view === 'before-mitigation') return { chance, impact }
  return { chance: mitigated?.chance ?? chance, impact: mitigated?.impact ?? impact }
}

/** The two variables that stand for a risk: whether it happens, as a uniform number, and its impact. */
export function riskVariables(risk: RiskEvent, view: RiskView): readonly [happens: Variable, impact: Variable] {
  return [
    { name: `risk\n${risk.name}\nhappens`, distribution: { kind: 'uniform', min: 0, max: 1 } },
    { name: `risk\n${risk.name}\nimpact`, distribution: riskIn(risk, view).impact },
  ]
}

export type SimulationInput = {
  readonly variables: readonly Variable[]
  readonly correlations?: Correlations
  readonly risks?: readonly RiskEvent[]
  readonly riskView?: RiskView
  /** Draws, 1 to 1,000,000. */
  readonly draws: number
  /** Same seed, same draws: give scenarios the same one, so that only what differs between them differs. */
  readonly seed: number
  /** Stops early once the 80th percentile is this precise (see `isPrecise`). */
  readonly precision?: number
}

export type SimulationProblem =
  | { readonly problem: 'draws-out-of-range' }
  | { readonly problem: 'name-twice'; readonly name: string }
  | { readonly problem: DistributionProblem | 'chance-out-of-range'; readonly name: string }
  | CorrelationProblem

export type Simulation = {
  readonly summary: Summary
  /** Every draw in order, for comparisons and charts. */
  readonly values: Float64Array
  /** Whether the asked precision was reached; null where none was asked for. */
  readonly precise: boolean | null
}

/** Most draws of a simulation. */
export const maxDraws = 1_000_000

/** Runs `evaluate` on every draw: it is given the values of the variables and the impacts of the risks, both by index. */
export function simulate(
  input: SimulationInput,
  evaluate: (values: Float64Array, risks: Float64Array) => number,
): Simulation | SimulationProblem {
  const { variables, risks = [], riskView = 'before-mitigation', draws, seed } = input
  const problem = inputProblem(input)
  if (problem) return problem
  const all = [...variables, ...risks.flatMap((risk) => riskVariables(risk, riskView))]
  const mixings = compileCorrelations(
    all.map(({ name }) => name),
    input.correlations ?? {},
  )
  if ('problem' in mixings) return mixings
  const chances = risks.map((risk) => riskIn(risk, riskView).chance)
  const batch = batchRunner(all, mixings, seed, (values, row, size, draw) => {
    const own = Float64Array.from({ length: variables.length }, (_, index) => values[index * size + draw]!)
    const impacts = Float64Array.from({ length: risks.length }, (_, index) => {
      const at = row(variables.length + 2 * index) + draw
      return values[at]! < chances[index]! ? values[at + size]! : 0
    })
    return evaluate(own, impacts)
  })
  const sizes = batchSizes(draws)
  const found = new Float64Array(draws)
  for (let done = 0, index = 0; index < sizes.length; index += 1) {
    batch(index, sizes[index]!, found.subarray(done, done + sizes[index]!))
    done += sizes[index]!
    const asked = input.precision
    if (asked === undefined || !isCheckpoint(index + 1) || index + 1 === sizes.length) continue
    const values = found.slice(0, done)
    const summary = summaryOf(values, sizes.slice(0, index + 1))
    if (isPrecise(summary, asked)) return { summary, values, precise: true }
  }
  const summary = summaryOf(found, sizes)
  return { summary, values: found, precise: input.precision === undefined ? null : isPrecise(summary, input.precision) }
}

/** After 10, 20, 40, 80 … batches precision is checked: at the same points whatever the number of workers. */
export const isCheckpoint = (batches: number): boolean => batches >= 10 && Number.isInteger(Math.log2(batches / 10))

function batchRunner(
  variables: readonly Variable[],
  mixings: readonly Mixing[],
  seed: number,
  one: (values: Float64Array, row: (variable: number) => number, size: number, draw: number) => number,
): (batch: number, size: number, into: Float64Array) => void {
  const sample = sampleOf(variables, mixings, seed)
  return (batch, size, into) => {
    const values = new Float64Array(variables.length * size)
    sample.draw(batch, size, values, new Uint16Array(variables.length * size))
    for (let draw = 0; draw < size; draw += 1) into[draw] = one(values, (variable) => variable * size, size, draw)
  }
}

function inputProblem({ variables, risks = [], draws }: SimulationInput): SimulationProblem | null {
  if (!Number.isInteger(draws) || draws < 1 || draws > maxDraws) return { problem: 'draws-out-of-range' }
  const names = new Set<string>()
  for (const { name, distribution } of variables) {
    if (names.has(name)) return { problem: 'name-twice', name }
    names.add(name)
    const problem = distributionProblem(distribution)
    if (problem) return { problem, name }
  }
  const riskNames = new Set<string>()
  for (const risk of risks) {
    const { name } = risk
    if (riskNames.has(name)) return { problem: 'name-twice', name }
    riskNames.add(name)
    for (const view of ['before-mitigation', 'after-mitigation'] as const) {
      const { chance, impact } = riskIn(risk, view)
      if (!(chance >= 0 && chance <= 1)) return { problem: 'chance-out-of-range', name }
      const problem = distributionProblem(impact)
      if (problem) return { problem, name }
    }
  }
  return null
}

/** Draw by draw, how much later, dearer or more one scenario is than another; both need the same draws and seed. */
export function differenceOf(scenario: Float64Array, other: Float64Array, sizes: readonly number[]): Summary | null {
  if (scenario.length !== other.length || scenario.length === 0) return null
  return summaryOf(
    scenario.map((value, index) => value - other[index]!),
    sizes,
  )
}
