/**
 * Schedules of plans as large as cities have them, and larger; in memory, without a database. Each figure comes with
 * the least that any answer costs, measured in turn with ours, and TaskJuggler (`tj3`) if installed.
 */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SaxesParser } from 'saxes'
import { changeDuration, openLive } from '#analysis/schedule/change.ts'
import type { NamedPlan } from '#analysis/schedule/named-plan.ts'
import { compileNetwork, type Network } from '#analysis/schedule/network.ts'
import type { Link, LinkType, Plan } from '#analysis/schedule/plan.ts'
import { type Schedule, schedule } from '#analysis/schedule/schedule.ts'
import { writeXml, xmlTree } from '#platform/xml/index.ts'
import { mspdiOf, readMspdi, withSchedule } from '../src/main/exchange-mspdi/index.ts'
import { type Figure, inTurns, type Line, median, milliseconds, type Stage } from './figure.ts'

const monday = 20_094
const office = [[480, 720] as const, [780, 1020] as const]
const shift = [[360, 840] as const]
const fiveDays = (shifts: typeof office | typeof shift) => [[], shifts, shifts, shifts, shifts, shifts, []]

/**
 * The same plan for the same size: two calendars with holidays, two links into each activity, one in ten with a lag.
 */
export function planOf(size: number): Plan {
  let state = 1
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * below)
  }
  const exceptions = Array.from({ length: 120 }, (_each, index) => ({
    from: monday + index * 31,
    to: monday + index * 31 + (index % 4 === 0 ? 4 : 0),
    shifts: [],
  }))
  const types: LinkType[] = ['FS', 'FS', 'FS', 'FS', 'FS', 'FS', 'SS', 'FF']
  const links: Link[] = []
  for (let to = 1; to < size; to++)
    for (let each = 0; each < 2; each++) {
      const from = Math.max(0, to - 1 - random(Math.max(40, size / 40)))
      links.push({ from, to, type: types[random(8)]!, lag: random(10) === 0 ? 480 : 0 })
    }
  return {
    calendars: [
      { week: fiveDays(office), exceptions },
      { week: fiveDays(shift), exceptions: exceptions.slice(0, 60) },
    ],
    calendar: 0,
    start: monday * 1440 + 480,
    activities: Array.from({ length: size }, () => ({
      duration: 480 * (1 + random(10)),
      calendar: random(5) === 0 ? 1 : 0,
    })),
    links,
  }
}

const namedOf = (plan: Plan): NamedPlan => ({
  plan,
  named: plan.activities.map((_each, index) => ({ uid: index + 1, name: `Activity ${index + 1}`, line: null })),
  resources: [],
  demands: [],
  minutesPerDay: 480,
  statusAt: null,
  baselines: plan.activities.map(() => null),
})

const scheduled = (plan: Plan): Schedule => {
  const found = schedule(plan)
  if ('problem' in found) throw new Error(found.problem)
  return found
}
export const compiled = (plan: Plan): Network => {
  const network = compileNetwork(plan)
  if ('problem' in network) throw new Error(network.problem)
  return network
}

/** Longest path through the same network in whole numbers, forwards and backwards: the minimum for any schedule. */
export function barePath(network: Network): number {
  const early = new Int32Array(network.size)
  const late = new Int32Array(network.size)
  let end = 0
  for (let node = 0; node < network.size; node++) {
    let start = 0
    for (let link = network.linkAt[node]!; link < network.linkAt[node + 1]!; link++)
      start = Math.max(start, early[network.linkFrom[link]!]! + network.linkLag[link]!)
    early[node] = start + network.durations[node]!
    end = Math.max(end, early[node]!)
  }
  for (let node = network.size - 1; node >= 0; node--) {
    let finish = end
    for (let index = network.outAt[node]!; index < network.outAt[node + 1]!; index++) {
      const to = network.linkTo[network.outLink[index]!]!
      finish = Math.min(finish, late[to]! - network.durations[to]!)
    }
    late[node] = finish
  }
  return end
}

async function whole(stage: Stage, size: number, most: number): Promise<Line> {
  const plan = planOf(size)
  const network = compiled(plan)
  const repeats = size > 20_000 ? 1 : 5
  // Warm: the application keeps running, a plan is opened again and again.
  for (let turn = 0; turn < 5; turn++) scheduled(plan)
  const found = await inTurns(stage.turns + 2, {
    ours: async () => (await milliseconds(async () => repeat(repeats, () => scheduled(plan)))) / repeats,
    bare: async () => (await milliseconds(async () => repeat(repeats, () => barePath(network)))) / repeats,
  })
  return {
    name: `schedule, ${size.toLocaleString('en')} activities`,
    unit: 'ms',
    ours: found.ours,
    limit: { name: 'longest path in whole numbers, without calendars, floats and checks', value: found.bare },
    target: { text: `≤ ${most.toLocaleString('en')} ms`, holds: (ours) => ours <= most },
    note: 'checked, put in order, both directions, floats and critical path; two calendars with holidays',
  }
}

const repeat = (times: number, work: () => unknown): void => {
  for (let turn = 0; turn < times; turn++) work()
}

async function growth(stage: Stage): Promise<Line> {
  const large = stage.short ? 10_000 : 100_000
  const plans = { small: planOf(1_000), large: planOf(large) }
  repeat(5, () => scheduled(plans.small))
  scheduled(plans.large)
  const found = await inTurns(stage.turns + 2, {
    small: async () => (await milliseconds(async () => repeat(20, () => scheduled(plans.small)))) / 20,
    large: async () => (await milliseconds(async () => scheduled(plans.large))) / (large / 1_000),
  })
  return {
    name: `1,000 of ${large.toLocaleString('en')} activities`,
    unit: 'ms',
    ours: found.large,
    limit: { name: '1,000 activities alone', value: found.small },
    target: { text: '≤ 3 ×', holds: (_ours, ratio) => ratio <= 3 },
    note: 'near linear: what a thousand activities cost in a large plan, beside a small one',
  }
}

async function oneChange(stage: Stage): Promise<Line> {
  const plan = planOf(5_000)
  const live = openLive(compiled(plan))
  const changes = stage.short ? 500 : 2_000
  const once = (turn: number) => {
    const node = (turn * 7_919) % live.network.size
    const from = performance.now()
    changeDuration(live, node, 480 * (1 + ((turn * 31) % 10)))
    return performance.now() - from
  }
  const times = Array.from({ length: changes }, (_each, turn) => once(turn)).slice(changes / 10)
  const found = await inTurns(stage.turns, { whole: () => milliseconds(async () => openLive(live.network)) })
  return {
    name: 'one change in 5,000 activities, median',
    unit: 'ms',
    ours: median(times),
    limit: { name: 'both directions calculated whole', value: found.whole },
    target: { text: '≤ 1 ms', holds: (ours) => ours <= 1 },
  }
}

/** A document with as many fields for each task as Microsoft Project writes. */
function documentText(size: number): string {
  const read = namedOf(planOf(size))
  const root = withSchedule(mspdiOf(read, 'Bench'), read, scheduled(read.plan))
  const filler = Array.from(
    { length: 40 },
    (_each, index) => `\n\t\t\t<Filler${index}>2009-01-09T08:00:00</Filler${index}>`,
  ).join('')
  return [...writeXml(root)].join('').replaceAll('\n\t\t</Task>', `${filler}\n\t\t</Task>`)
}

async function reading(stage: Stage): Promise<Line> {
  const text = documentText(stage.short ? 1_000 : 5_000)
  const pieces = Array.from({ length: Math.ceil(text.length / 65_536) }, (_each, at) =>
    text.slice(at * 65_536, (at + 1) * 65_536),
  )
  const found = await inTurns(stage.turns, {
    ours: () =>
      milliseconds(async () => {
        const reader = xmlTree()
        for (const piece of pieces) reader.write(piece)
        const { read } = readMspdi(reader.end())
        if (!read) throw new Error('not read')
      }),
    parser: () =>
      milliseconds(async () => {
        const parser = new SaxesParser()
        parser.on('opentag', () => {})
        parser.on('text', () => {})
        for (const piece of pieces) parser.write(piece)
        parser.close()
      }),
  })
  return {
    name: `read MSPDI, ${stage.short ? '1,000' : '5,000'} activities`,
    unit: 'ms',
    ours: found.ours,
    limit: { name: 'the XML parser alone', value: found.parser },
    target: { text: '≤ 1,000 ms', holds: (ours) => ours <= 1_000 },
    note: `${(text.length / 1e6).toFixed(1)} million characters, kept whole for writing back`,
  }
}

/** The same activities and links for TaskJuggler: working days, one calendar, finish to start. */
function taskJuggler(plan: Plan): string {
  const waits = new Map<number, Set<number>>()
  for (const { from, to } of plan.links) waits.set(to, (waits.get(to) ?? new Set()).add(from))
  const tasks = plan.activities.map(({ duration }, index) => {
    const before = [...(waits.get(index) ?? [])].map((from) => `t${from}`).join(', ')
    return `task t${index} "T" {\n  length ${duration / 480}d\n  ${before ? `depends ${before}` : 'start 2025-01-06'}\n}`
  })
  return `project p "P" 2025-01-06 +9y\n${tasks.join('\n')}\ntaskreport r "out" { formats csv columns id, end }\n`
}

async function besideTaskJuggler(stage: Stage): Promise<Line> {
  const size = stage.short ? 100 : 500
  const name = `schedule, ${size} activities, beside tj3`
  const run = promisify(execFile)
  try {
    await run('tj3', ['--version'], { timeout: 10_000 })
  } catch {
    return { name, unit: 'ms', note: 'not available: tj3 is not installed (Debian package tj3)' }
  }
  const source = planOf(size)
  const links = source.links.map(({ from, to }): Link => ({ from, to, type: 'FS', lag: 0 }))
  const activities = source.activities.map(({ duration }) => ({ duration, calendar: 0 }))
  const plan: Plan = { ...source, calendars: [{ week: fiveDays(office) }], activities, links }
  const file = join(stage.folder, 'bench.tjp')
  writeFileSync(file, taskJuggler(plan))
  const found = await inTurns(stage.turns, {
    ours: () => milliseconds(async () => scheduled(plan)),
    peer: () =>
      milliseconds(() =>
        run('tj3', ['--silent', '-o', stage.folder, file], { timeout: 120_000, env: { ...process.env, TZ: 'UTC' } }),
      ),
  }).catch((error: { stderr?: string; message: string }) => `${error.stderr || error.message}`.trim())
  if (typeof found === 'string') return { name, unit: 'ms', note: `not available: tj3 says: ${found.split('\n')[0]}` }
  return {
    name,
    unit: 'ms',
    ours: found.ours,
    limit: { name: 'tj3, the whole program', value: found.peer },
    note: 'ours in memory, tj3 with its start and the reading of its file',
  }
}

export const scheduling: Figure = {
  name: 'schedule',
  measure: async (stage) => [
    await whole(stage, 5_000, 20),
    await whole(stage, stage.short ? 20_000 : 100_000, 1_000),
    await growth(stage),
    await oneChange(stage),
    await reading(stage),
    await besideTaskJuggler(stage),
  ],
}
