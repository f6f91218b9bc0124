import { createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { localTime } from '#analysis/calendar/local-time.ts'
import { type HealthResult, scheduleHealth } from '#analysis/schedule/health.ts'
import type { NamedPlan } from '#analysis/schedule/named-plan.ts'
import { type Schedule, schedule } from '#analysis/schedule/schedule.ts'
import { type Language, languageOf, type Say } from '#kernel/words.ts'
import { writeXml } from '#platform/xml/index.ts'
import type { Command, Output } from '../command.ts'
import { mspdiOf, withSchedule } from '../exchange-mspdi/index.ts'
import { composeRegistry } from '../modules.ts'
import { type PlanFile, readPlanFile } from '../plan-files.ts'
import { progressOn, reportProblems } from '../plan-output.ts'
import { problemOfPlan, reportProblem } from '../plan-words.ts'
import { table } from '../text-table.ts'

const usage = 'schedule FILE [--write FILE.xml] [--language TAG] [--json]'

/** Dates, floats, the critical path and the health of a plan in a file; needs no database. */
export const scheduleCommand: Command = {
  name: 'schedule',
  summary: 'find the dates of a plan and whether they can be believed',
  usage,
  run: async (args, io) => {
    const asked = optionsOf(args, io)
    if (!asked) return 2
    const say = composeRegistry().registry.words.say(asked.language)
    const file = basename(asked.file)
    const plan = await readPlanFile(asked.file, {
      progress: progressOn((percent) => say('plan.reading', { file, percent }), asked.json),
    })
    const found = plan.read && schedule(plan.read.plan)
    const problems = [
      ...plan.problems,
      ...(plan.read && found && 'problem' in found ? [problemOfPlan(found, plan.read)] : []),
    ].map((problem) => reportProblem(problem, file, say))
    if (!plan.read || !found || 'problem' in found) {
      if (asked.json) io.out(JSON.stringify({ problems }, null, 2))
      else reportProblems(problems, io, say)
      return 1
    }
    const health = scheduleHealth(plan.read, found)
    if (asked.json) io.out(JSON.stringify({ ...asJson(plan.read, found, health), problems }, null, 2))
    else {
      printSchedule(file, plan.read, found, health, say, io)
      reportProblems(problems, io, say)
    }
    if (asked.write !== null) {
      const failure = await writePlan(asked.write, plan, plan.read, found, file).then(
        () => null,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      )
      io.err(
        failure === null
          ? say('plan.wrote', { file: asked.write })
          : say('plan.not-written', { file: asked.write, reason: failure }),
      )
      if (failure !== null) return 1
    }
    return 0
  },
}

type Asked = { file: string; write: string | null; language: Language; json: boolean }

function optionsOf(args: string[], io: Output): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { write: { type: 'string' }, language: { type: 'string' }, json: { type: 'boolean', default: false } },
    })
    const language = languageOf(values.language ?? 'en')
    if (!language) throw new Error(`--language is en or zh-Hans, not "${values.language}".`)
    if (positionals.length !== 1) throw new Error('Name one file with a plan: MSPDI (XML) or a network in JSON.')
    return { file: positionals[0]!, write: values.write ?? null, language, json: values.json }
  } catch (error) {
    io.err(`${(error as Error).message}\nUsage: npm run -s cli -- ${usage}`)
    return null
  }
}

function asJson(read: NamedPlan, found: Schedule, health: readonly HealthResult[]) {
  return {
    start: localTime(found.start),
    finish: localTime(found.finish),
    tasks: read.named.map(({ uid, name }, index) => {
      const dates = found.dates[index]!
      return {
        uid,
        name,
        start: localTime(dates.start),
        finish: localTime(dates.finish),
        lateStart: localTime(dates.lateStart),
        lateFinish: localTime(dates.lateFinish),
        totalFloatMinutes: rounded(dates.totalFloat),
        freeFloatMinutes: rounded(dates.freeFloat),
        critical: dates.critical,
        summary: dates.summary,
      }
    }),
    health: health.map(({ activities, ...result }) => ({
      ...result,
      activities: activities.map((index) => read.named[index]!.uid),
    })),
  }
}

/** A tenth of a minute, the unit of plans. */
const rounded = (minutes: number): number => Math.round(minutes * 10) / 10

function printSchedule(
  file: string,
  read: NamedPlan,
  found: Schedule,
  health: readonly HealthResult[],
  say: Say,
  io: Output,
): void {
  const day = (instant: number) => localTime(instant).slice(0, 16).replace('T', ' ')
  const level = (index: number): number => {
    const parent = read.plan.activities[index]!.parent
    return parent === undefined ? 0 : 1 + level(parent)
  }
  const critical = found.dates.filter((dates) => dates.critical && !dates.summary).length
  io.out(say('plan.title', { file }))
  const facts = { start: day(found.start), finish: day(found.finish), critical }
  io.out(say('plan.summary', { count: found.dates.filter(({ summary }) => !summary).length, ...facts }))
  io.out('')
  const rows = read.named.map(({ uid, name }, index) => {
    const dates = found.dates[index]!
    return [
      String(uid),
      `${'  '.repeat(level(index))}${name}`,
      day(dates.start),
      day(dates.finish),
      (dates.totalFloat / read.minutesPerDay).toFixed(1),
      dates.critical ? say('plan.critical') : '',
    ]
  })
  const columns = ['uid', 'name', 'start', 'finish', 'float', 'critical'].map((name) => say(`plan.column.${name}`))
  io.out(table(columns, rows, [4]))
  io.out(`\n${say('plan.health')}`)
  io.out(
    table(
      null,
      health.map((result) => healthRow(result, read, say)),
      [],
    ),
  )
}

function healthRow({ point, passed, value, limit, found, of, activities }: HealthResult, read: NamedPlan, say: Say) {
  const verdict = passed === null ? (limit === null ? 'information' : 'unknown') : passed ? 'passed' : 'failed'
  const isIndex = point.endsWith('-index') || point === 'critical-path-test'
  const figure =
    value === null
      ? ''
      : isIndex
        ? value.toFixed(2)
        : `${point === 'link-types' ? of - found : found}/${of} (${Math.round(value * 100)} %)`
  const named = activities.slice(0, 8).map((index) => String(read.named[index]!.uid))
  const rest = activities.length > named.length ? ` … (${activities.length})` : ''
  return [
    `  ${say(`plan.health.${verdict}`)}`,
    say(`plan.health.${point}`),
    figure,
    passed === false || verdict === 'information' ? `${named.join(', ')}${rest}` : '',
  ]
}

/** The document with the new dates; of a network, a new document. */
async function writePlan(path: string, plan: PlanFile, read: NamedPlan, found: Schedule, title: string): Promise<void> {
  const document = withSchedule(plan.document ?? mspdiOf(read, title), numbered(plan, read), found)
  await pipeline(Readable.from(writeXml(document)), createWriteStream(path))
}

/** Names of a network are numbered in a new document. */
const numbered = (plan: PlanFile, read: NamedPlan): NamedPlan =>
  plan.document ? read : { ...read, named: read.named.map((each, index) => ({ ...each, uid: index + 1 })) }
