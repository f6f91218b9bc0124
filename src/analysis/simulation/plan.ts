/**
 * Simulation of a plan: uncertain durations, costs and risks go through the same schedule engine as the plan itself, draw by
 * draw, so calendars, link types, constraints and progress hold in each of them. Time and cost come from the same draws.
 */
import { forwardPass } from '../schedule/forward.ts'
import { compileNetwork, type Network } from '../schedule/network.ts'
import { kinds } from '../schedule/order.ts'
import { childrenOf } from '../schedule/outline.ts'
import { openPass } from '../schedule/pass.ts'
import type { Plan, PlanProblem } from '../schedule/plan.ts'
import { schedule } from '../schedule/schedule.ts'
import { type CorrelationProblem, type Correlations, compileCorrelations, type Mixing } from './correlation.ts'
import { batchSizes, type Variable } from './sample.ts'
import { maxDraws, type RiskView } from './simulation.ts'
import { type Distribution, type DistributionProblem, distributionProblem, momentsOf } from './variable.ts'

/** What an activity costs: an amount, and more for each minute it is worked on. */
export type ActivityCost = { readonly fixed?: Distribution; readonly perMinute?: number }

/** Something that may happen to the plan; its delay is added to the duration of each activity it affects. */
export type PlanRisk = {
  readonly name: string
  /** 0 to 1. */
  readonly chance: number
  /** Places of activities. */
  readonly hits?: readonly number[]
  /** Working minutes. */
  readonly delay?: Distribution
  readonly cost?: Distribution
  /** The planned response, what it costs, and what remains after it. */
  readonly mitigated?: {
    readonly chance?: number
    readonly delay?: Distribution
    readonly cost?: Distribution
    readonly price?: number
  }
}

export type PlanSimulationInput = {
  readonly plan: Plan
  /** A stable name for each activity: its draws depend on its name, so that scenarios stay comparable. */
  readonly names: readonly string[]
  /** Working minutes by activity; without one, the duration of the plan applies. */
  readonly durations: readonly (Distribution | null | undefined)[]
  readonly costs?: readonly (ActivityCost | null | undefined)[]
  /** Money for each day, of 24 hours, from the start of the plan to its finish: site, team, rent. */
  readonly costPerDay?: number
  readonly risks?: readonly PlanRisk[]
  readonly riskView?: RiskView
  /** Between durations (by `durationName`), costs (`costName`) and what risks do (`riskName`). */
  readonly correlations?: Correlations
  readonly draws: number
  readonly seed: number
}

export type PlanSimulationProblem =
  | PlanProblem
  | CorrelationProblem
  | { readonly problem: 'draws-out-of-range' | 'too-much-to-keep' }
  /** This many draws need more working time than the calendars have. */
  | { readonly problem: 'draws-never-end'; readonly draws: number }
  | {
      readonly problem:
        | DistributionProblem
        | 'name-twice'
        | 'duration-below-zero'
        | 'chance-out-of-range'
        | 'hits-nothing'
      readonly name: string
    }

/** Limit on numbers kept: one for each activity and draw. */
export const maxKept = 100_000_000

export const durationName = (activity: string): string => `duration\n${activity}`
export const costName = (activity: string): string => `cost\n${activity}`
export const riskName = (risk: string, what: 'happens' | 'delay' | 'cost'): string => `risk\n${risk}\n${what}`

/** Places of the variables that stand for a risk; −1 where it has no such effect. */
export type CompiledRisk = {
  readonly chance: number
  readonly happens: number
  readonly delay: number
  readonly cost: number
  readonly price: number
  readonly nodes: readonly number[]
}

export type CompiledPlan = {
  readonly input: PlanSimulationInput
  readonly plan: Plan
  readonly network: Network
  /** Sizes of the batches. */
  readonly sizes: readonly number[]
  readonly children: readonly (readonly number[])[]
  /** By node: on which side of a time without work its end lies, see `Limits`. */
  readonly sides: Uint8Array
  /** As scheduled without uncertainty. */
  readonly planned: { readonly start: number; readonly finish: number }
  readonly variables: readonly Variable[]
  readonly mixings: readonly Mixing[]
  /** Variable and node of each uncertain duration. */
  readonly uncertain: readonly { readonly variable: number; readonly node: number; readonly activity: number }[]
  readonly costs: readonly { readonly variable: number; readonly node: number; readonly perMinute: number }[]
  readonly risks: readonly CompiledRisk[]
}

/** Checks everything and prepares it for drawing. */
export function compilePlanSimulation(input: PlanSimulationInput): CompiledPlan | PlanSimulationProblem {
  const scheduled = schedule(input.plan)
  if ('problem' in scheduled) return scheduled
  // A plan scheduled backwards from its finish is simulated from the resulting start.
  const plan: Plan =
    input.plan.finish === undefined ? input.plan : { ...input.plan, start: scheduled.start, finish: undefined }
  const network = compileNetwork(plan)
  if ('problem' in network) return network
  const problem = inputProblem(input)
  if (problem) return problem
  const variables: Variable[] = []
  const add = (name: string, distribution: Distribution) => variables.push({ name, distribution }) - 1
  const uncertain: CompiledPlan['uncertain'][number][] = []
  for (const [activity, distribution] of input.durations.entries()) {
    const node = network.nodeOf[activity] ?? -1
    if (!distribution || node < 0) continue
    if (network.kind[node] !== kinds.open && network.kind[node] !== kinds.started) continue
    uncertain.push({ variable: add(durationName(input.names[activity]!), distribution), node, activity })
  }
  const costs: CompiledPlan['costs'][number][] = []
  for (const [activity, cost] of (input.costs ?? []).entries()) {
    if (!cost) continue
    const variable = cost.fixed ? add(costName(input.names[activity]!), cost.fixed) : -1
    costs.push({ variable, node: network.nodeOf[activity] ?? -1, perMinute: cost.perMinute ?? 0 })
  }
  const risks = (input.risks ?? []).map((risk): CompiledRisk => {
    const after = input.riskView === 'after-mitigation' ? risk.mitigated : undefined
    const delay = after?.delay ?? risk.delay
    const cost = after?.cost ?? risk.cost
    return {
      chance: after?.chance ?? risk.chance,
      happens: add(riskName(risk.name, 'happens'), { kind: 'uniform', min: 0, max: 1 }),
      delay: delay ? add(riskName(risk.name, 'delay'), delay) : -1,
      cost: cost ? add(riskName(risk.name, 'cost'), cost) : -1,
      price: after?.price ?? 0,
      nodes: (risk.hits ?? []).map((activity) => network.nodeOf[activity]!),
    }
  })
  const mixings = compileCorrelations(
    variables.map(({ name }) => name),
    input.correlations ?? {},
  )
  if ('problem' in mixings) return mixings
  const planned = { start: scheduled.start, finish: scheduled.finish }
  const pass = openPass(network)
  forwardPass(network, network.durations, pass)
  const sizes = batchSizes(input.draws, plan.activities.length)
  const read = { sizes, children: childrenOf(plan.activities), sides: pass.finishSide }
  return { input, plan, network, ...read, planned, variables, mixings, uncertain, costs, risks }
}

function inputProblem(input: PlanSimulationInput): PlanSimulationProblem | null {
  const { draws, names, plan, durations, costs = [], risks = [] } = input
  if (!Number.isInteger(draws) || draws < 1 || draws > maxDraws) return { problem: 'draws-out-of-range' }
  if (draws * plan.activities.length > maxKept) return { problem: 'too-much-to-keep' }
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) return { problem: 'name-twice', name }
    seen.add(name)
  }
  for (const [index, name] of names.entries()) {
    const duration = durations[index]
    if (duration) {
      const problem = distributionProblem(duration) ?? (minimumOf(duration) < 0 ? 'duration-below-zero' : null)
      if (problem) return { problem, name }
    }
    const cost = costs[index]
    if (cost?.fixed) {
      const problem = distributionProblem(cost.fixed)
      if (problem) return { problem, name }
    }
    if (!Number.isFinite(cost?.perMinute ?? 0)) return { problem: 'not-a-number', name }
  }
  const summaries = new Set(plan.activities.map(({ parent }) => parent))
  const riskNames = new Set<string>()
  for (const risk of risks) {
    if (riskNames.has(risk.name)) return { problem: 'name-twice', name: risk.name }
    riskNames.add(risk.name)
    const problem = riskProblem(risk, (hit) => plan.activities[hit] !== undefined && !summaries.has(hit))
    if (problem) return { problem, name: risk.name }
  }
  return null
}

function riskProblem(risk: PlanRisk, isActivity: (index: number) => boolean) {
  for (const chance of [risk.chance, risk.mitigated?.chance ?? risk.chance])
    if (!(chance >= 0 && chance <= 1)) return 'chance-out-of-range' as const
  for (const delay of [risk.delay, risk.mitigated?.delay]) {
    if (!delay) continue
    const problem = distributionProblem(delay) ?? (minimumOf(delay) < 0 ? ('duration-below-zero' as const) : null)
    if (problem) return problem
    if ((risk.hits ?? []).length === 0) return 'hits-nothing' as const
  }
  for (const cost of [risk.cost, risk.mitigated?.cost]) {
    const problem = cost ? distributionProblem(cost) : null
    if (problem) return problem
  }
  return (risk.hits ?? []).every(isActivity) ? null : ('hits-nothing' as const)
}

/**
 * The least intended value. A normal distribution always extends below zero: if its mean does, it is refused; the
 * draws below zero of others count as zero, and their number is reported.
 */
function minimumOf(of: Distribution): number {
  if (of.kind === 'triangular' || of.kind === 'pert' || of.kind === 'uniform') return of.min
  if (of.kind === 'empirical')
    return of.values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  if (of.kind === 'discrete')
    return of.values.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY)
  return momentsOf(of).mean
}
