/** Why a plan cannot be simulated or levelled, as a problem of its file. */
import type { LevelProblem } from '#analysis/levelling/level.ts'
import type { NamedPlan } from '#analysis/schedule/named-plan.ts'
import type { PlanSimulationProblem } from '#analysis/simulation/plan.ts'
import type { PlanFileProblem } from '../plan-files.ts'
import { problemOfPlan } from '../plan-words.ts'

export function problemOfSimulation(problem: PlanSimulationProblem, read: NamedPlan): PlanFileProblem {
  if ('activities' in problem) return problemOfPlan(problem, read)
  const stop = { severity: 'stop', line: null, activity: null } as const
  if ('names' in problem) {
    // The name of an uncertain quantity: what it is, and of what.
    const named = problem.names.slice(0, 20).map((name) => name.split('\n')[1] ?? name)
    return { ...stop, code: `correlation.${problem.problem}`, values: { chain: named.join(', ') } }
  }
  if ('draws' in problem) return { ...stop, code: problem.problem, values: { count: problem.draws } }
  if (!('name' in problem)) return { ...stop, code: problem.problem }
  if (problem.problem === 'hits-nothing' || problem.problem === 'chance-out-of-range') {
    const code = problem.problem === 'hits-nothing' ? 'risk.hits-nothing' : 'risk.chance'
    return { ...stop, code, values: { text: problem.name } }
  }
  const place = read.named.findIndex(({ uid }) => String(uid) === problem.name)
  if (problem.problem === 'name-twice' && place < 0)
    return { ...stop, code: 'risk.id-twice', values: { text: problem.name } }
  return {
    ...stop,
    code: `quantity.${problem.problem}`,
    line: read.named[place]?.line ?? null,
    activity: problem.name,
    values: { text: problem.name, key: '' },
  }
}

export function problemOfLevelling(problem: LevelProblem, read: NamedPlan): PlanFileProblem {
  if (problem.problem !== 'need-over-capacity') return problemOfPlan(problem, read)
  const { uid, name, line } = read.named[problem.activities[0]!]!
  const { name: resource, capacity } = read.resources[problem.resource]!
  const activity = name === '' || name === String(uid) ? String(uid) : `${uid} ${name}`
  const values = { units: Math.round(problem.units * 1000) / 1000, resource, capacity }
  return { code: problem.problem, severity: 'stop', line, activity, values }
}
