import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { localTime } from '#analysis/calendar/local-time.ts'
import { type Levelled, level, type Overload } from '#analysis/levelling/level.ts'
import type { Demand, NamedPlan } from '#analysis/schedule/named-plan.ts'
import { type Language, languageOf, type Say } from '#kernel/words.ts'
import type { Command, Output } from '../command.ts'
import { composeRegistry } from '../modules.ts'
import { type PlanFileProblem, readPlanFile } from '../plan-files.ts'
import { progressOn, reportProblems } from '../plan-output.ts'
import { reportProblem } from '../plan-words.ts'
import { problemOfLevelling } from '../simulation/words.ts'
import { table } from '../text-table.ts'

const usage = 'level FILE [--tries N] [--deadline MS] [--seed S] [--language TAG] [--json]'

/** Moves activities until no scarce resource is overbooked; needs no database. */
export const levelCommand: Command = {
  name: 'level',
  summary: 'move activities until their resources suffice',
  usage,
  run: async (args, io) => {
    const asked = optionsOf(args, io)
    if (!asked) return 2
    const say = composeRegistry().registry.words.say(asked.language)
    const file = basename(asked.file)
    const reading = progressOn((percent) => say('plan.reading', { file, percent }), asked.json)
    const { read, problems: found } = await readPlanFile(asked.file, { progress: reading })
    const working = progressOn((percent) => say('level.working', { file, percent }), asked.json)
    const began = performance.now()
    // The clock is read before every try, so it also shows progress.
    const clock = () => {
      const passed = performance.now() - began
      working(Math.min(0.99, passed / asked.deadline))
      return passed
    }
    const limits = { restarts: asked.tries - 1, deadlineMs: asked.deadline, seed: asked.seed, clock }
    const levelled = read && level({ ...read, capacities: read.resources.map(({ capacity }) => capacity) }, limits)
    working(1)
    const all = [
      ...found,
      ...(read && levelled
        ? 'problem' in levelled
          ? [problemOfLevelling(levelled, read)]
          : overloadsOf(levelled, read)
        : []),
    ]
    const problems = all.map((problem) => reportProblem(problem, file, say))
    if (!read || !levelled || 'problem' in levelled) {
      if (asked.json) io.out(JSON.stringify({ problems }, null, 2))
      else reportProblems(problems, io, say)
      return 1
    }
    if (asked.json) io.out(JSON.stringify({ ...asJson(read, levelled), problems }, null, 2))
    else {
      print(file, read, levelled, say, io)
      reportProblems(problems, io, say)
    }
    return 0
  },
}

type Asked = {
  file: string
  tries: number
  deadline: number
  seed: number
  language: Language
  json: boolean
}

function optionsOf(args: string[], io: Output): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        tries: { type: 'string', default: '200' },
        deadline: { type: 'string', default: '10000' },
        seed: { type: 'string', default: '1' },
        language: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const language = languageOf(values.language ?? 'en')
    if (!language) throw new Error(`--language is en or zh-Hans, not "${values.language}".`)
    if (positionals.length !== 1) throw new Error('Name one file with a plan: MSPDI (XML) or a network in JSON.')
    const whole = (name: 'tries' | 'deadline' | 'seed', from: number) => {
      const number = Number(values[name])
      if (values[name].trim() !== '' && Number.isInteger(number) && number >= from && number <= 1e9) return number
      throw new Error(`--${name} is a whole number from ${from} to 1000000000, not "${values[name]}".`)
    }
    return {
      file: positionals[0]!,
      tries: whole('tries', 1),
      deadline: whole('deadline', 0),
      seed: whole('seed', 0),
      language,
      json: values.json,
    }
  } catch (error) {
    io.err(`${(error as Error).message}\nUsage: npm run -s cli -- ${usage}`)
    return null
  }
}

const overloadsOf = ({ overloads }: Levelled, read: NamedPlan): PlanFileProblem[] =>
  overloads.map(({ resource, from, to, used, activities }: Overload) => ({
    code: 'overloaded',
    severity: 'warn',
    line: null,
    activity: null,
    values: {
      resource: read.resources[resource]!.name,
      capacity: read.resources[resource]!.capacity,
      from: shown(from),
      to: shown(to),
      used: rounded(used),
      chain: activities
        .slice(0, 20)
        .map((index) => `${read.named[index]!.uid}`)
        .join(', '),
    },
  }))

const rounded = (value: number): number => Math.round(value * 1000) / 1000
const shown = (instant: number): string => localTime(instant).slice(0, 16).replace('T', ' ')

function asJson(read: NamedPlan, { finish, without, first, best, tries, dates, uses }: Levelled) {
  const needs = needsOf(read)
  return {
    start: localTime(dates.reduce((least, { start }) => Math.min(least, start), finish)),
    finish: localTime(finish),
    finishWithoutResources: localTime(without),
    finishOfFirstPass: localTime(first),
    provenShortest: best,
    tries,
    tasks: read.named.map(({ uid, name }, index) => ({
      uid,
      name,
      start: localTime(dates[index]!.start),
      finish: localTime(dates[index]!.finish),
      delayMinutes: rounded(dates[index]!.delay),
      needs: needs[index]!.map(({ resource, units }) => ({ resource: read.resources[resource]!.uid, units })),
    })),
    resources: read.resources.map(({ uid, name, capacity }, index) => ({
      uid,
      name,
      capacity,
      most: rounded(uses[index]!.most),
      busy: rounded(uses[index]!.busy),
    })),
  }
}

/** Needs by activity. */
function needsOf({ named, demands }: NamedPlan): readonly (readonly Demand[])[] {
  const needs: Demand[][] = named.map(() => [])
  for (const demand of demands) needs[demand.activity]!.push(demand)
  return needs
}

function print(file: string, read: NamedPlan, levelled: Levelled, say: Say, io: Output): void {
  const { finish, without, first, best, tries, dates, uses } = levelled
  io.out(say('level.title', { file, count: read.named.length, resources: read.resources.length }))
  io.out(say('level.finish', { finish: shown(finish), without: shown(without), first: shown(first) }))
  io.out(read.demands.length === 0 ? say('level.nothing') : best ? say('level.best') : say('level.tries', { tries }))
  io.out('')
  const columns = ['uid', 'name', 'start', 'finish', 'delay', 'needs'].map((name) => say(`level.column.${name}`))
  const needs = needsOf(read)
  const rows = read.named.map(({ uid, name }, index) => {
    const { start, finish: end, delay } = dates[index]!
    const named = needs[index]!.map(({ resource, units }) => `${rounded(units)} ${read.resources[resource]!.name}`)
    const moved = delay === 0 ? '' : (delay / read.minutesPerDay).toFixed(1)
    return [String(uid), name, shown(start), shown(end), moved, named.join(', ')]
  })
  io.out(table(columns, rows, [4]))
  if (read.resources.length === 0) return
  io.out(`\n${say('level.load')}`)
  const loads = read.resources.map(({ name, capacity }, index) => {
    const { most, busy } = uses[index]!
    return [`  ${name}`, say('level.resource', { most: rounded(most), capacity, percent: Math.round(100 * busy) })]
  })
  io.out(table(null, loads, []))
}
