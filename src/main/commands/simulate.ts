import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { localTime } from '#analysis/calendar/local-time.ts'
import { type LevelProblem, level } from '#analysis/levelling/level.ts'
import { type LinkedPlan, linkResources } from '#analysis/levelling/resource-links.ts'
import type { NamedPlan } from '#analysis/schedule/named-plan.ts'
import { readUncertainty, spreadOver } from '#analysis/simulation/network-uncertainty.ts'
import type { PlanSimulationInput } from '#analysis/simulation/plan.ts'
import type { PlanSimulation } from '#analysis/simulation/plan-result.ts'
import type { Figure, Summary } from '#analysis/simulation/summary.ts'
import { type Language, languageOf, type Say } from '#kernel/words.ts'
import type { Command, Output } from '../command.ts'
import { composeRegistry } from '../modules.ts'
import { readPlanFile } from '../plan-files.ts'
import { progressOn, reportProblems } from '../plan-output.ts'
import { reportProblem } from '../plan-words.ts'
import { openSimulationPool } from '../simulation/pool.ts'
import { problemOfLevelling, problemOfSimulation } from '../simulation/words.ts'
import { table } from '../text-table.ts'

const usage =
  'simulate FILE [--draws N] [--seed S] [--spread MIN,MODE,MAX] [--levelled] [--mitigated] [--precision SHARE] [--threads N] [--language TAG] [--json]'

/** When a plan ends, what it costs and what drives that, given uncertain durations, costs and risks; no database. */
export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'say when a plan ends if its estimates are uncertain',
  usage,
  run: async (args, io) => {
    const asked = optionsOf(args, io)
    if (!asked) return 2
    const say = composeRegistry().registry.words.say(asked.language)
    const file = basename(asked.file)
    const reading = progressOn((percent) => say('plan.reading', { file, percent }), asked.json)
    const { read, json, problems: found } = await readPlanFile(asked.file, { progress: reading })
    const reported = (list: typeof found) => list.map((problem) => reportProblem(problem, file, say))
    const refuse = (list: typeof found) => {
      const problems = reported(list)
      if (asked.json) io.out(JSON.stringify({ problems }, null, 2))
      else reportProblems(problems, io, say)
      return 1
    }
    if (!read) return refuse(found)
    const { uncertainty, problems } = readUncertainty(json, read)
    if (!uncertainty) return refuse([...found, ...problems])
    const durations = asked.spread ? spreadOver(read, uncertainty.durations, asked.spread) : uncertainty.durations
    const linked = asked.levelled ? withResources(read) : null
    if (linked && 'problem' in linked) return refuse([...found, problemOfLevelling(linked, read)])
    const input: PlanSimulationInput = {
      ...uncertainty,
      durations,
      plan: linked?.plan ?? read.plan,
      riskView: asked.mitigated ? 'after-mitigation' : 'before-mitigation',
      draws: asked.draws,
      seed: asked.seed,
    }
    const pool = openSimulationPool(asked.threads ?? undefined)
    const onProgress = progressOn((percent) => say('simulate.drawing', { file, percent }), asked.json)
    const result = await pool.simulate(input, { precision: asked.precision ?? undefined, onProgress })
    await pool.close()
    if ('problem' in result) return refuse([...found, problemOfSimulation(result, read)])
    if (asked.json)
      io.out(JSON.stringify({ ...asJson(read, input, result, linked), problems: reported(found) }, null, 2))
    else {
      print(file, read, input, result, linked, say, io)
      reportProblems(reported(found), io, say)
    }
    return 0
  },
}

/**
 * A levelled plan whose activities pass on their resources, so that these suffice in every draw. Same tries, same plan.
 */
function withResources(read: NamedPlan): LinkedPlan | LevelProblem {
  const input = { ...read, capacities: read.resources.map(({ capacity }) => capacity) }
  const levelled = level(input, { restarts: 50 })
  return 'problem' in levelled ? levelled : linkResources(input, levelled)
}

type Asked = {
  file: string
  draws: number
  seed: number
  spread: readonly [number, number, number] | null
  levelled: boolean
  mitigated: boolean
  precision: number | null
  threads: number | null
  language: Language
  json: boolean
}

function optionsOf(args: string[], io: Output): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: joined(args),
      allowPositionals: true,
      options: {
        draws: { type: 'string', default: '10000' },
        seed: { type: 'string', default: '1' },
        spread: { type: 'string' },
        levelled: { type: 'boolean', default: false },
        mitigated: { type: 'boolean', default: false },
        precision: { type: 'string' },
        threads: { type: 'string' },
        language: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const language = languageOf(values.language ?? 'en')
    if (!language) throw new Error(`--language is en or zh-Hans, not "${values.language}".`)
    if (positionals.length !== 1) throw new Error('Name one file with a plan: MSPDI (XML) or a network in JSON.')
    return {
      file: positionals[0]!,
      draws: whole(values.draws, 'draws', 1, 1_000_000),
      seed: whole(values.seed, 'seed', -(2 ** 31), 2 ** 32 - 1),
      spread: values.spread === undefined ? null : spreadOf(values.spread),
      levelled: values.levelled,
      mitigated: values.mitigated,
      precision: values.precision === undefined ? null : share(values.precision),
      threads: values.threads === undefined ? null : whole(values.threads, 'threads', 1, 64),
      language,
      json: values.json,
    }
  } catch (error) {
    io.err(`${(error as Error).message}\nUsage: npm run -s cli -- ${usage}`)
    return null
  }
}

/** `--seed -5` as one argument: the parser would take a negative number for an option. */
const joined = (args: string[]): string[] =>
  args.flatMap((arg, index) => {
    if (/^-\d/.test(arg) && args[index - 1] === '--seed') return []
    return arg === '--seed' && /^-\d/.test(args[index + 1] ?? '') ? [`--seed=${args[index + 1]}`] : [arg]
  })

function whole(text: string, name: string, from: number, to: number): number {
  const number = Number(text)
  if (text.trim() !== '' && Number.isInteger(number) && number >= from && number <= to) return number
  throw new Error(`--${name} is a whole number from ${from} to ${to}, not "${text}".`)
}

function share(text: string): number {
  const number = Number(text)
  if (number > 0 && number < 1) return number
  throw new Error(`--precision is a share such as 0.01 of the width from 10 to 90 of 100, not "${text}".`)
}

function spreadOf(text: string): readonly [number, number, number] {
  const [min, mode, max, ...others] = text.split(',').map(Number) as [number, number, number]
  if (others.length === 0 && min >= 0 && min <= mode && mode <= max && max < 1000) return [min, mode, max]
  throw new Error(`--spread takes three rising shares of the planned duration such as 0.9,1,1.4, not "${text}".`)
}

const percentiles = ['p10', 'p50', 'p80', 'p90', 'mean'] as const
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

function dates(of: Readonly<Record<(typeof percentiles)[number], number>>) {
  return Object.fromEntries(percentiles.map((name) => [name, localTime(of[name])]))
}

function asJson(read: NamedPlan, input: PlanSimulationInput, result: PlanSimulation, linked: LinkedPlan | null) {
  const errors = Object.entries(result.finish.errors).map(([name, error]) => [
    name,
    error === null ? null : rounded(error, 2),
  ])
  const uids = uidsOf(read)
  return {
    draws: result.draws,
    seed: input.seed,
    levelled: linked && { links: linked.added, unmet: linked.unmet },
    risks: result.risks.map(({ share, later }, index) => ({
      id: input.risks![index]!.name,
      share: rounded(share, 6),
      laterMinutes: later === null ? null : rounded(later, 1),
    })),
    planned: { finish: localTime(result.planned.finish), chance: rounded(result.planned.chance, 6) },
    finish: { ...dates(result.finish), standardErrorMinutes: Object.fromEntries(errors) },
    precise: result.precise,
    cost: result.cost && costOf(result.cost),
    clipped: result.clipped,
    tasks: read.named.map(({ uid, name }, index) => {
      const task = result.tasks[index]!
      return { uid, name, criticality: rounded(task.criticality, 6), finish: dates(task) }
    }),
    pulls: result.pulls.map(({ name, rank, swing }) => ({
      ...pulling(name, uids),
      rankCorrelation: rounded(rank, 4),
      swingMinutes: rounded(swing, 1),
    })),
  }
}

const costOf = ({ p10, p50, p80, p90, mean, deviation }: Summary) => {
  const reported = (figure: Figure) => ({
    value: rounded(figure.value, 2),
    standardError: figure.standardError === null ? null : rounded(figure.standardError, 2),
  })
  return {
    p10: reported(p10),
    p50: reported(p50),
    p80: reported(p80),
    p90: reported(p90),
    mean: reported(mean),
    deviation: rounded(deviation, 2),
  }
}

/** The activity or the risk that an uncertain quantity belongs to. */
function pulling(variable: string, uids: ReadonlyMap<string, number | string>) {
  const [kind, name = ''] = variable.split('\n')
  return kind === 'risk' ? { risk: name } : { activity: uids.get(name) ?? name }
}

const uidsOf = ({ named }: NamedPlan) => new Map(named.map(({ uid }) => [String(uid), uid]))

function print(
  file: string,
  read: NamedPlan,
  input: PlanSimulationInput,
  result: PlanSimulation,
  linked: LinkedPlan | null,
  say: Say,
  io: Output,
): void {
  const day = (instant: number) => localTime(instant).slice(0, 16).replace('T', ' ')
  const days = (minutes: number) =>
    (minutes / read.minutesPerDay).toFixed(Math.abs(minutes) < read.minutesPerDay ? 2 : 1)
  const percent = (value: number) =>
    value > 0 && value < 0.01 ? '< 1' : value < 1 && value > 0.99 ? '> 99' : (100 * value).toFixed(0)
  const { finish, planned, cost } = result
  io.out(say('simulate.title', { file, draws: result.draws, seed: input.seed }))
  if (finish.p10 === finish.p90 && result.pulls.length === 0 && result.risks.length === 0)
    io.out(say('simulate.certain'))
  if (linked) io.out(say('simulate.levelled', { count: linked.added, unmet: linked.unmet }))
  io.out(say('simulate.planned', { finish: day(planned.finish), percent: percent(planned.chance) }))
  io.out('')
  const rows = ([10, 50, 80, 90] as const).map((share) => [
    `  ${say('simulate.share', { percent: share })}`,
    day(finish[`p${share}`]),
  ])
  io.out(table(null, [...rows, [`  ${say('simulate.mean')}`, day(finish.mean)]], []))
  const error = finish.errors.p80
  io.out(error === null ? say('simulate.error-unknown') : say('simulate.error', { days: days(error) }))
  if (result.precise !== null) io.out(say(result.precise ? 'simulate.precise' : 'simulate.imprecise'))
  if (cost) {
    const amount = ({ value }: Figure) => Math.round(value).toLocaleString('en')
    const wrong = cost.mean.standardError === null ? '–' : Math.round(cost.mean.standardError).toLocaleString('en')
    io.out(
      say('simulate.cost', { p50: amount(cost.p50), p80: amount(cost.p80), mean: amount(cost.mean), error: wrong }),
    )
  }
  if (result.clipped > 0) io.out(say('simulate.clipped', { count: result.clipped }))
  if (result.risks.length > 0) {
    io.out(`\n${say('simulate.risks')}`)
    const reported = result.risks.map(({ share, later }, index) => [
      `  ${input.risks![index]!.name}`,
      later === null
        ? say('simulate.risk-alone', { percent: percent(share) })
        : say('simulate.risk', { percent: percent(share), days: days(later) }),
    ])
    io.out(table(null, reported, []))
  }
  const strongest = result.pulls.filter(({ swing }) => swing > 0).slice(0, 10)
  if (strongest.length > 0) {
    io.out(`\n${say('simulate.pulls')}`)
    const longest = strongest[0]!.swing
    const bars = strongest.map(({ name, swing }) => [
      `  ${nameOf(name, read)}`,
      days(swing),
      '█'.repeat(Math.max(1, Math.round((swing / longest) * 30))),
    ])
    io.out(table(null, bars, [1]))
  }
  io.out('')
  const columns = ['uid', 'name', 'critical', 'p10', 'p50', 'p80', 'p90'].map((name) => say(`simulate.column.${name}`))
  const tasks = read.named.map(({ uid, name }, index) => {
    const task = result.tasks[index]!
    const ends = [task.p10, task.p50, task.p80, task.p90].map(day)
    return [String(uid), name, `${percent(task.criticality)} %`, ...ends]
  })
  io.out(table(columns, tasks, [2]))
}

function nameOf(variable: string, read: NamedPlan): string {
  const found = pulling(variable, uidsOf(read))
  if (found.risk !== undefined) return found.risk
  const { uid, name } = read.named.find((each) => each.uid === found.activity)!
  return name === String(uid) ? name : `${uid} ${name}`
}
