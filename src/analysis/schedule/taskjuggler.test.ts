/**
 * Projects of TaskJuggler's own test suite with the results it expects, for dependencies, milestones and durations. Its results are
 * times of UTC; its projects live in one zone, as ours do. Runs only where the files lie beside the repository.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { fiveDays } from '../calendar/calendar.ts'
import { localTime, parseLocalTime } from '../calendar/local-time.ts'
import { type Activity, elapsed, type Link } from './plan.ts'
import { schedule } from './schedule.ts'

const folder = fileURLToPath(new URL('../../../../shared/data/plans/taskjuggler/', import.meta.url))
const present = existsSync(folder)
const title = present
  ? "TaskJuggler's expected results"
  : "TaskJuggler's expected results (skipped: ../shared/data/plans/taskjuggler is not here)"

/** A block: its words before the brace, and the lines within. */
type Block = { readonly words: string[]; readonly lines: string[][]; readonly blocks: Block[] }

/** Only what these files use: words, quoted texts, braces and comments. */
function parse(text: string): Block {
  const tokens = text.replace(/#.*$/gm, '').match(/"[^"]*"|[{}]|\n|[^\s{}"]+/g) ?? []
  const top: Block = { words: [], lines: [], blocks: [] }
  const open = [top]
  let line: string[] = []
  for (const token of tokens) {
    const block = open.at(-1)!
    if (token === '{') {
      // `depends a { gaplength 1d }` belongs to its line; `task a "A" { … }` is a block of its own.
      const inner: Block = { words: line, lines: [], blocks: [] }
      block.blocks.push(inner)
      open.push(inner)
      line = []
    } else if (token === '\n' || token === '}') {
      if (line.length > 0) block.lines.push(line)
      line = []
      if (token === '}') open.pop()
    } else line.push(token)
  }
  return top
}

type Task = { id: string; parent: string | null; block: Block }

function tasksOf(block: Block, parent: string | null = null): Task[] {
  return block.blocks.flatMap((each) => {
    if (each.words[0] !== 'task') return []
    const id = parent === null ? each.words[1]! : `${parent}.${each.words[1]}`
    return [{ id, parent, block: each }, ...tasksOf(each, id)]
  })
}

const minutes = (text: string): number => Number.parseFloat(text) * 480
const word = (block: Block, name: string): string | undefined => block.lines.find(([first]) => first === name)?.[1]

/** Offset of America/Denver in these files, in minutes: summer time until the first Sunday of November, or the last of October. */
const denver = (instant: number): number => {
  const day = localTime(instant).slice(5, 10)
  return day >= '04-07' && day < '10-26' ? -360 : -420
}

/** Dates that TaskJuggler found, in local time. */
function expected(name: string): Map<string, { start: string; end: string }> {
  const results = new Map<string, { start: string; end: string }>()
  for (const { id, block } of tasksOf(parse(readFileSync(`${folder}expected/${name}.tjp`, 'utf8')))) {
    const local = (text: string | undefined) => {
      if (text === undefined) return undefined
      const [, date, time] = /^(\d{4}-\d\d-\d\d)-(\d\d:\d\d)/.exec(text)!
      const utc = parseLocalTime(`${date}T${time}`)!
      return localTime(utc + denver(utc))
    }
    const start = local(word(block, 'start'))
    if (start) results.set(id, { start, end: local(word(block, 'end')) ?? start })
  }
  return results
}

/** Ours, from the same project: what has a start and nothing else is a milestone; `precedes` is scheduled as late as possible. */
function ours(name: string): Map<string, { start: string; end: string }> {
  const project = parse(readFileSync(`${folder}${name}.tjp`, 'utf8'))
  const tasks = tasksOf(project)
  const place = new Map(tasks.map(({ id }, index) => [id, index]))
  const header = project.blocks.find(({ words }) => words[0] === 'project')!.words
  const begin = parseLocalTime(header.find((each) => /^\d{4}-/.test(each))!)!
  const target = (from: Task, text: string): number => {
    const up = /^!*/.exec(text)![0].length
    const scope = from.id.split('.').slice(0, -up)
    return place.get([...(up > 0 ? scope : []), text.slice(up)].join('.'))!
  }
  const startOf = (task: Task): string | undefined => {
    for (let at: Task | undefined = task; at; at = tasks[place.get(at.parent ?? '') ?? -1])
      if (word(at.block, 'start')) return word(at.block, 'start')
    return undefined
  }
  const links: Link[] = []
  const activities = tasks.map((task, index): Activity => {
    const { block } = task
    const waits = [...block.lines, ...block.blocks.map(({ words }) => words)].find(([first]) => first === 'depends')
    const before = block.lines.find(([first]) => first === 'precedes')
    // Gaps stand in the blocks within `depends`, in the order of what they follow.
    const gaps = block.blocks.filter(({ words }) => !['task', 'project'].includes(words[0]!))
    for (const gap of gaps) {
      const from = target(task, gap.words.at(-1)!)
      links.push({ from, to: index, type: 'FS', lag: 0 })
      const [kind, length] = gap.lines[0]!
      if (kind === 'gapduration')
        links.push({ from, to: index, type: 'FS', lag: minutes(length!) * 3, lagUnit: 'elapsed' })
      // A gap in working time follows the calendar of the project, also into what takes elapsed time.
      else links.push({ from, to: index, type: 'FS', lag: minutes(length!), lagUnit: 'working' })
    }
    if (gaps.length === 0 && waits) links.push({ from: target(task, waits[1]!), to: index, type: 'FS', lag: 0 })
    if (before) links.push({ from: index, to: target(task, before[1]!), type: 'FS', lag: 0 })
    const own = startOf(task)
    const length = word(block, 'length') ?? word(block, 'effort')
    const duration = word(block, 'duration')
    const end = word(block, 'end')
    return {
      duration: length ? minutes(length) : duration ? minutes(duration) * 3 : 0,
      // Milestones and durations are moments of the clock, not of working time.
      calendar: length ? 0 : elapsed,
      parent: task.parent === null ? undefined : place.get(task.parent)!,
      constraint: before
        ? { kind: 'as-late-as-possible' }
        : end
          ? { kind: 'must-finish', at: parseLocalTime(end)! }
          : own
            ? { kind: 'start-no-earlier', at: parseLocalTime(own)! }
            : undefined,
    }
  })
  const found = schedule({
    calendars: [{ week: fiveDays([[540, 1020]]) }],
    calendar: 0,
    start: begin,
    activities,
    links,
  })
  if ('problem' in found) throw new Error(`${name}: ${found.problem}`)
  return new Map(
    tasks.map(({ id }, index) => {
      const { start, finish } = found.dates[index]!
      return [id, { start: localTime(start), end: localTime(finish) }]
    }),
  )
}

/**
 * Where TaskJuggler lets a task of working days begin at midnight, the work itself begins at 09:00; only the start it reports is that
 * of the slot before. Ours is when work begins. The other way round for "as late as possible".
 */
const startsWithWork: Record<string, string> = {
  'Depends1 foo1.foo3': '2007-12-04T09:00:00',
  'Depends1 bar': '2007-12-04T09:00:00',
  'Durations t.lengthTask': '2007-06-06T09:00:00',
}
const endsWithWork: Record<string, string> = {
  'Precedes1 foo1.foo3': '2003-12-03T17:00:00',
  'Precedes1 bar': '2003-12-03T17:00:00',
}

describe.skipIf(!present)(title, () => {
  test.each(['Depends1', 'Precedes1', 'Milestone', 'Durations'])('%s', (name) => {
    const results = ours(name)
    const wanted = expected(name)
    expect(wanted.size).toBeGreaterThan(1)
    for (const [id, { start, end }] of wanted) {
      const at = `${name} ${id}`
      const found = results.get(id)!
      expect(found.start, `${at} start`).toBe(startsWithWork[at] ?? start)
      expect(found.end, `${at} end`).toBe(endsWithWork[at] ?? end)
    }
  })
})
