import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { scheduleCommand } from './schedule.ts'

const folder = mkdtempSync(join(tmpdir(), 'commonweal-schedule-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function run(file: string, content: string | object | null, ...options: string[]) {
  const path = join(folder, file)
  if (content !== null) writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  const out: string[] = []
  const err: string[] = []
  const code = await scheduleCommand.run([path, ...options], {
    app: () => Promise.reject(new Error('needs no database')),
    database: () => Promise.reject(new Error('needs no database')),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  })
  return { code, out: out.join('\n'), err: err.join('\n'), path }
}

const week = '<WeekDays>'.concat(
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (day) =>
      `<WeekDay><DayType>${day}</DayType><DayWorking>${day > 1 && day < 7 ? 1 : 0}</DayWorking>${day > 1 && day < 7 ? '<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime></WorkingTime><WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>' : ''}</WeekDay>`,
  ),
  '</WeekDays>',
)
/** A project of Microsoft Project with the given tasks, each on a line of its own from line 4. */
const project = (tasks: readonly string[], calendar = week) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2016-02-08T08:00:00</StartDate><CalendarUID>1</CalendarUID>
<Calendars><Calendar><UID>1</UID>${calendar}</Calendar></Calendars><Tasks>
${tasks.map((task, index) => `<Task><UID>${index + 1}</UID><Name>Task ${index + 1}</Name>${task}</Task>`).join('\n')}
</Tasks></Project>`
const day = '<Duration>PT8H0M0S</Duration>'
const waitsFor = (uid: number) =>
  `<PredecessorLink><PredecessorUID>${uid}</PredecessorUID><Type>1</Type></PredecessorLink>`

describe('a plan that is as it should be', () => {
  const file = project([`${day}`, `${day}${waitsFor(1)}`, `<Duration>PT0H0M0S</Duration>${waitsFor(2)}`])

  test('is answered as JSON with local times as in the file', async () => {
    const { code, out, err } = await run('plan.xml', file, '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ start: '2016-02-08T08:00:00', finish: '2016-02-09T17:00:00', problems: [] })
    expect(answer.tasks[1]).toMatchObject({
      uid: 2,
      name: 'Task 2',
      start: '2016-02-09T08:00:00',
      finish: '2016-02-09T17:00:00',
      totalFloatMinutes: 0,
      critical: true,
    })
    expect(answer.tasks[2]).toMatchObject({ start: '2016-02-09T17:00:00', finish: '2016-02-09T17:00:00' })
    expect(answer.health.map(({ point }: { point: string }) => point)).toHaveLength(14)
  })

  test('is answered as a table for people, in both languages', async () => {
    const english = await run('plan.xml', null)
    expect(english.out).toContain('3 activities, 2016-02-08 08:00 to 2016-02-09 17:00. 3 are critical.')
    expect(english.out).toMatch(/^2 {4}Task 2 {4}2016-02-09 08:00 {2}2016-02-09 17:00 {11}0\.0 {2}yes$/m)
    const chinese = await run('plan.xml', null, '--language', 'zh-Hans')
    expect(chinese.out).toContain('共 3 项活动')
  })

  test('is read from UTF-16 with a byte order mark too', async () => {
    const path = join(folder, 'wide.xml')
    writeFileSync(path, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(file, 'utf16le')]))
    expect((await run('wide.xml', null, '--json')).code).toBe(0)
  })

  test('is read in the encoding it declares, and refused by name where it is not in it', async () => {
    const declared = file.replace('UTF-8', 'windows-1252').replace('Task 2', 'Straße')
    writeFileSync(join(folder, 'western.xml'), Buffer.from(declared, 'latin1'))
    const { out } = await run('western.xml', null, '--json')
    expect(JSON.parse(out).tasks[1].name).toBe('Straße')
    writeFileSync(join(folder, 'wrong.xml'), Buffer.from(file.replace('Task 2', 'Straße'), 'latin1'))
    const refused = await run('wrong.xml', null)
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('wrong.xml: the file is not text in utf-8') })
  })

  test('that cannot be written back ends with 1 and says why', async () => {
    const { code, err } = await run('plan.xml', file, '--write', join(folder, 'none', 'written.xml'))
    expect({ code, err: err.replace(/^.*none/, 'none') }).toMatchObject({
      code: 1,
      err: expect.stringContaining('ENOENT'),
    })
  })

  test('is written back with its dates, and they are found again', async () => {
    const target = join(folder, 'written.xml')
    expect((await run('plan.xml', file, '--write', target)).code).toBe(0)
    expect(readFileSync(target, 'utf8')).toContain('<EarlyStart>2016-02-09T08:00:00</EarlyStart>')
    const [before, again] = [await run('plan.xml', null, '--json'), await run('written.xml', null, '--json')]
    expect(JSON.parse(again.out)).toEqual(JSON.parse(before.out))
  })
})

describe('a network in JSON', () => {
  const start = '2025-01-06'

  test('counts days of eight hours, takes the likeliest of three estimates, and links with lags', async () => {
    const { out } = await run(
      'network.json',
      {
        start,
        activities: [
          { id: 'a', duration: 2 },
          { id: 'b', duration: { min: 1, mode: 3, max: 9 }, predecessors: [{ id: 'a', type: 'SS', lag: 1 }] },
          { id: 'c', duration: 1, predecessors: ['b', { id: 'a', lag: 5, lagUnit: 'elapsed' }] },
          { id: 'd', duration: 1, elapsed: true, predecessors: ['c'] },
        ],
      },
      '--json',
    )
    const finishes = JSON.parse(out).tasks.map(({ finish }: { finish: string }) => finish)
    expect(finishes).toEqual([
      '2025-01-07T17:00:00',
      '2025-01-09T17:00:00',
      '2025-01-13T17:00:00',
      '2025-01-14T17:00:00',
    ])
  })

  test('keeps hours, days, holidays and the public holidays of a country', async () => {
    const calendar = {
      hours: ['09:00-17:00'],
      days: [1, 2, 3, 4, 5, 6],
      holidays: ['2025-01-10', '2025-01-27/2025-01-31'],
    }
    const own = await run('own.json', { start, calendar, activities: [{ id: 'a', duration: 6 }] }, '--json')
    expect(JSON.parse(own.out).finish).toBe('2025-01-13T17:00:00')
    const german = { start: '2025-12-24', calendar: { country: 'DE' }, activities: [{ id: 'a', duration: 2 }] }
    expect(JSON.parse((await run('german.json', german, '--json')).out).finish).toBe('2025-12-29T17:00:00')
    const nowhere = await run('nowhere.json', {
      start,
      calendar: { country: 'XX' },
      activities: [{ id: 'a', duration: 1 }],
    })
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('public holidays of XX') })
  })

  test('a day on which something ends means its end: deadline, finish, constraint', async () => {
    const { out } = await run(
      'ends.json',
      {
        start,
        activities: [
          { id: 'a', duration: 1, deadline: '2025-01-07' },
          { id: 'b', duration: 1, constraint: { kind: 'must-finish', on: '2025-01-08' } },
          { id: 'c', duration: 2, actualStart: '2025-01-06', actualFinish: '2025-01-07' },
        ],
      },
      '--json',
    )
    const [a, b, c] = JSON.parse(out).tasks
    expect(a.totalFloatMinutes).toBe(480)
    expect([b.start, b.finish]).toEqual(['2025-01-08T08:00:00', '2025-01-08T17:00:00'])
    expect([c.start, c.finish]).toEqual(['2025-01-06T08:00:00', '2025-01-07T17:00:00'])
  })

  test('the example of the documentation has the dates that its explanation tells', async () => {
    const page = readFileSync(new URL('../../../docs/reference/plan-network.md', import.meta.url), 'utf8')
    const example = /```json\n(.*?)```/s.exec(page)![1]!
    const { tasks, finish } = JSON.parse((await run('lanes.json', example, '--json')).out)
    const byId = Object.fromEntries(tasks.map((task: { uid: string }) => [task.uid, task]))
    expect(byId.design.finish).toBe('2026-03-05T17:00:00')
    expect(byId.hearing.start).toBe('2026-03-19T17:00:00')
    expect(byId.tender).toMatchObject({ start: '2026-03-20T08:00:00', finish: '2026-04-02T17:00:00' })
    expect(byId.paint).toMatchObject({ start: '2026-04-03T08:00:00', lateFinish: '2026-04-09T17:00:00' })
    expect(byId.lights).toMatchObject({
      start: '2026-03-04T08:00:00',
      finish: '2026-03-20T17:00:00',
      lateStart: '2026-03-25T08:00:00',
      totalFloatMinutes: 14 * 480,
    })
    expect(byId.hearing).toMatchObject({ lateFinish: '2026-03-19T17:00:00', critical: true })
    expect(finish).toBe('2026-04-09T17:00:00')
    // Two days less for the deadline, and its four activities are a day late.
    const late = JSON.parse((await run('late.json', example.replace('2026-04-10', '2026-04-08'), '--json')).out)
    expect(
      late.tasks.filter(({ totalFloatMinutes }: { totalFloatMinutes: number }) => totalFloatMinutes === -480),
    ).toHaveLength(4)
  })

  test('after a status date, what is left and what has not begun lie in the future; what is done stays', async () => {
    const { out } = await run(
      'status.json',
      {
        start,
        status: '2025-01-14',
        activities: [
          { id: 'a', duration: 2, actualStart: '2025-01-06', actualFinish: '2025-01-07' },
          { id: 'b', duration: 4, predecessors: ['a'], actualStart: '2025-01-09', done: 1 },
          { id: 'c', duration: 1, predecessors: ['b'] },
          { id: 'd', duration: 1, constraint: { kind: 'start-no-earlier', on: '2025-01-08' } },
        ],
      },
      '--json',
    )
    const { tasks, health } = JSON.parse(out)
    expect(tasks.map(({ start, finish }: { start: string; finish: string }) => `${start} ${finish}`)).toEqual([
      '2025-01-06T08:00:00 2025-01-07T17:00:00',
      '2025-01-09T08:00:00 2025-01-17T17:00:00',
      '2025-01-20T08:00:00 2025-01-20T17:00:00',
      '2025-01-15T08:00:00 2025-01-15T17:00:00',
    ])
    expect(health.find(({ point }: { point: string }) => point === 'invalid-dates')).toMatchObject({ passed: true })
  })

  test('says what it does not know and goes on', async () => {
    const { code, err } = await run('typo.json', { start, activities: [{ id: 'a', duration: 1, predecesors: [] }] })
    expect(code).toBe(0)
    expect(err).toContain('typo.json, /activities/0/predecesors: note: activity a: "predecesors" is not known')
  })
})

describe('what cannot be scheduled ends with 1, named by place and activity', () => {
  const start = '2025-01-06'
  const network = (...activities: object[]) => ({ start, activities })
  const chain = Array.from({ length: 100_000 }, (_each, index) => ({
    id: String(index),
    duration: 1,
    predecessors: [String((index + 1) % 100_000)],
  }))
  const closed = week.replaceAll('<DayWorking>1<', '<DayWorking>0<')
  const entities = Array.from({ length: 9 }, (_each, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`)

  test.each<[string, string, string | object, RegExp]>([
    [
      'a loop',
      'loop.json',
      network(
        { id: 'a', duration: 1, predecessors: ['c'] },
        { id: 'b', name: 'Bee', duration: 1, predecessors: ['a'] },
        { id: 'c', duration: 1, predecessors: ['b'] },
      ),
      /circle: b Bee → c → a → b Bee\./,
    ],
    ['a loop of 100,000', 'long.json', network(...chain), /circle: .*… \(99980\)/],
    [
      'a loop in MSPDI',
      'loop.xml',
      project([`${day}${waitsFor(2)}`, `${day}${waitsFor(1)}`]),
      /loop\.xml, line 5: .*circle: 1 Task 1 → 2 Task 2 → 1 Task 1|loop\.xml, line 4: .*circle: 2 Task 2 → 1 Task 1 → 2 Task 2/,
    ],
    [
      'a missing predecessor',
      'missing.json',
      network({ id: 'a', duration: 1, predecessors: ['x'] }),
      /\/activities\/0\/predecessors\/0: activity a: it waits for "x"/,
    ],
    [
      'a missing predecessor in MSPDI',
      'missing.xml',
      project([`${day}${waitsFor(77)}`]),
      /missing\.xml, line 4: activity 1 Task 1: it waits for "77"/,
    ],
    [
      'an end before the start',
      'end.xml',
      project([`<Start>2016-02-09T08:00:00</Start><Finish>2016-02-08T17:00:00</Finish>${day}`]),
      /line 4: activity 1 Task 1: it ends before it begins/,
    ],
    [
      'an actual end before the start',
      'end.json',
      network({ id: 'a', duration: 1, actualStart: '2025-02-01', actualFinish: '2025-01-10' }),
      /activity a: it ends before it begins/,
    ],
    ['1e9 days', 'days.json', network({ id: 'a', duration: 1e9 }), /activity a: .*outside the years 1900 to 2200/],
    [
      'durations that are only together too long',
      'sum.json',
      network({ id: 'a', duration: 40_000 }, { id: 'b', duration: 40_000, predecessors: ['a'] }),
      /activity b: .*outside the years/,
    ],
    [
      'no working time at all',
      'closed.json',
      { ...network({ id: 'a', duration: 1 }), calendar: { days: [] } },
      /activity a: its calendar has no working time left/,
    ],
    [
      'no working time at all in MSPDI',
      'closed.xml',
      project([day], closed),
      /line 4: activity 1 Task 1: its calendar has no working time left/,
    ],
    [
      'the year 9999',
      'late.json',
      network({ id: 'a', duration: 1, deadline: '9999-12-31' }),
      /\/activities\/0\/deadline: activity a: deadline: 9999-12-31 lies outside/,
    ],
    [
      'the year 9999 in MSPDI',
      'late.xml',
      project([`${day}<Deadline>9999-12-31T17:00:00</Deadline>`]),
      /line 4: activity 1 Task 1: Deadline: 9999-12-31T17:00:00 lies outside/,
    ],
    [
      'a negative duration',
      'negative.json',
      network({ id: 'a', duration: -1 }),
      /activity a: duration: "-1" is no duration/,
    ],
    [
      'estimates that do not rise',
      'estimates.json',
      network({ id: 'a', duration: { min: 3, mode: 2, max: 9 } }),
      /activity a: min 3, mode 2 and max 9 do not rise/,
    ],
    [
      'the same number twice',
      'twice.json',
      network({ id: 'a', duration: 1 }, { id: 'a', duration: 1 }),
      /\/activities\/1: activity a: its number is there twice/,
    ],
    [
      'half a file',
      'half.xml',
      project([day, day]).slice(0, -40),
      /line 6, column \d+: the file ends too early|line 5, column \d+: the file ends too early/,
    ],
    [
      'wrong XML',
      'wrong.xml',
      '<Project>\n<Tasks></Task></Project>',
      /wrong\.xml, line 2, column \d+: the XML breaks off or is wrong here \(within \w+\)/,
    ],
    [
      'a billion laughs',
      'laughs.xml',
      `<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY l0 "ha">${entities.join('')}]>\n<Project>&l9;</Project>`,
      /laughs\.xml, line 2, .*document type or entities/,
    ],
    [
      'an external entity',
      'entity.xml',
      '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/hostname">]><Project><Name>&y;</Name></Project>',
      /document type or entities/,
    ],
    [
      'a document type without end',
      'prolog.xml',
      `<!DOCTYPE x [${'<!ENTITY a "b">'.repeat(100_000)}`,
      /document type or entities/,
    ],
    [
      'an entity nobody declared',
      'unknown.xml',
      '<Project><Name>&y;</Name></Project>',
      /line 1, column \d+: the XML breaks off or is wrong here \(within Name\): undefined entity/,
    ],
    ['elements 100,000 deep', 'deep.xml', '<a>'.repeat(100_000), /deeper within each other/],
    ['other XML', 'other.xml', '<html/>', /not a project of Microsoft Project/],
    ['an empty file', 'empty.xml', '', /the file is empty/],
    ['text', 'note.txt', 'hello', /neither Microsoft Project's XML/],
    [
      'broken JSON',
      'broken.json',
      '{ "start": "2025-01-06",\n  "activities": [ } }',
      /broken\.json, line 2, column 19: this is not JSON: Unexpected token '\}'\./,
    ],
    ['a list', 'list.json', '[]', /a network is an object/],
    ['nothing to do', 'nothing.json', network(), /there is no activity/],
  ])('%s', async (_what, file, content, message) => {
    const { code, out, err } = await run(file, content)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(message)
    const json = await run(file, null, '--json')
    expect(json.code).toBe(1)
    const problems = JSON.parse(json.out).problems as { code: string; message: string }[]
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message)
    expect(json.out).not.toContain('[plan.')
  })

  test('a file that is not there', async () => {
    expect(existsSync(join(folder, 'none.xml'))).toBe(false)
    expect(await run('none.xml', null)).toMatchObject({ code: 1, err: expect.stringContaining('ENOENT') })
  })

  test('100,000 links into one activity are no problem', async () => {
    const many = Array.from({ length: 100_000 }, (_each, index) => ({ id: String(index), duration: 1 }))
    const last = { id: 'last', duration: 1, predecessors: many.map(({ id }) => id) }
    const { code, out } = await run('many.json', network(last, ...many), '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out).finish).toBe('2025-01-07T17:00:00')
  })

  test('wrong usage ends with 2', async () => {
    expect((await run('plan.xml', null, '--nonsense')).code).toBe(2)
    expect((await run('plan.xml', null, 'second.xml')).code).toBe(2)
    expect((await run('plan.xml', null, '--language', 'xx')).code).toBe(2)
  })
})
