import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { type AppContext, noExchange, type PageRequest } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { get } from '#platform/records/index.ts'
import { type Core, openCore, someone } from '#test/kit/core.ts'
import { formOf, rowPageAt, saidIn, wrongIn } from '#test/kit/row-pages.ts'
import type { RowsPageView } from '#web/record-pages/rows.tsx'
import { performanceSubscriber } from './events.ts'
import { pages } from './pages.ts'
import { panels } from './pages-panels.ts'
import { waitingIndicators } from './queries-list.ts'
import { type Indicator, readMeasurements, seriesOf } from './queries-series.ts'
import { performanceOf } from './queries-status.ts'
import { indicator } from './records.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const kind = indicator.kind
const analyst = someone({ grants: [{ role: 'analyst', organisations: null }] })
const city = { name: { en: 'Test' }, timeZone: 'UTC', language: 'en', demo: false }

const context = (caller: Caller = analyst, day = '2026-02-10'): AppContext => ({
  ...core.as(caller),
  now: () => new Date(`${day}T12:00:00Z`),
  database: core.database,
  city,
  exchange: noExchange,
  figures: [],
  people: noPeople,
  send: async () => null,
})
const request = (
  key: string,
  form: Record<string, string | string[]> = {},
  query: Record<string, string> = {},
): PageRequest => ({
  params: { key },
  query,
  form,
  files: {},
  path: '',
  address: '',
  userAgent: '',
  cookies: {},
})
const pageAt = (path: string) => {
  const found = pages.find((page) => page.path === path)
  if (!found) throw new Error(`There is no page ${path}.`)
  return found
}
const entry = rowPageAt('/indicators/indicators/:key/measurements')
const targets = rowPageAt('/indicators/indicators/:key/targets')
const breaks = rowPageAt('/indicators/indicators/:key/breaks')
const load = async (page: typeof entry, ctx: AppContext, asked: PageRequest) =>
  (await page.load(ctx, asked)) as RowsPageView
/** What comes back where something is wrong. */
const refused = async (page: typeof entry, ctx: AppContext, asked: PageRequest) => {
  const answer = await page.post(ctx, asked)
  expect(answer).not.toHaveProperty('redirect')
  return answer as RowsPageView
}
const settle = async () => {
  const { db: _, ...ctx } = core.as()
  await catchUp(ctx, core.database, [performanceSubscriber])
}
const value = (year: number, text: string, cell = '') => ({
  cell,
  from: `${year}-01-01`,
  to: `${year + 1}-01-01`,
  label: String(year),
  value: text,
  status: 'actual',
  revision: 1,
})
const make = (values: Record<string, unknown>, measurement: unknown[] = []) =>
  core.make(
    kind,
    { title: 'Trees', direction: 'up', grain: 'year', ...values },
    { rows: { measurement: { set: measurement } } as never },
  )
const read = async (id: string, caller = analyst) => get(context(caller), indicator, id) as Promise<Indicator>

describe('entering measurements', () => {
  test('offers the period that waits, saves it with its label, and says so', async () => {
    const id = await make({}, [value(2023, '5'), value(2024, '6')])
    const start = await load(entry, context(), request(id))
    expect(saidIn(start, 'period', 'value', 'status')).toEqual([
      ['2025', '', 'actual'],
      ['', '', 'actual'],
      ['2024', '6', 'actual'],
      ['2023', '5', 'actual'],
    ])
    expect(start.fresh[0]!.lead).toContain('waits for its value')
    const sent = { ...formOf(start), '0.value': '1,234.5', '0.status': 'provisional', '0.note.en': 'counted twice' }
    expect(await entry.post(context(), request(id, sent))).toMatchObject({
      redirect: expect.stringMatching(/^\/indicators\/indicators\/IND-\d+\/measurements\?.*count=1/),
    })
    const series = await seriesOf(context(), await read(id))
    expect(series.measurements.at(-1)).toMatchObject({
      label: '2025',
      from: '2025-01-01',
      to: '2026-01-01',
      value: '1234.5',
      status: 'provisional',
      note: { en: 'counted twice' },
      revision: 1,
    })
    await settle()
    expect((await performanceOf(context(), [id])).get(id)).toMatchObject({ latestLabel: '2025', points: 3 })
  })

  test('names every problem at once and loses nothing that was typed', async () => {
    const id = await make({ valueKind: 'percent', unit: '%', decimals: 1 }, [value(2024, '6')])
    const more = { ...formOf(await load(entry, context(), request(id))), act: 'more' }
    const sent = {
      ...formOf((await entry.post(context(), request(id, more))) as RowsPageView),
      '0.period': '2025',
      '0.value': 'seven',
      '1.period': '2026',
      '1.numerator': '5',
      '3.period': '2027',
      '3.value': '5 %',
      '4.period': '2027-03',
      '4.value': '5',
    }
    const back = await refused(entry, context(), request(id, sent))
    expect(Object.keys(wrongIn(back)).sort()).toEqual(['0.value', '1.denominator', '1.status', '3.status', '4.period'])
    expect(wrongIn(back)['0.value']).toBe('“seven” is not a number. Write it like 1234.5 or 1,234.5.')
    expect(formOf(back)).toEqual(sent)
  })

  test('works out a share from its two numbers, and refuses one that disagrees', async () => {
    const id = await make({ valueKind: 'percent', unit: '%', decimals: 1 }, [])
    const line = {
      ...formOf(await load(entry, context(), request(id))),
      '0.period': '2025',
      '0.numerator': '1',
      '0.denominator': '3',
    }
    const wrong = await refused(entry, context(), request(id, { ...line, '0.value': '34' }))
    expect(wrongIn(wrong)['0.value']).toContain('33.3')
    await entry.post(context(), request(id, { ...line, '0.value': '33.3' }))
    await entry.post(context(), request(id, { ...line, '0.period': '2024' }))
    const { measurements } = await seriesOf(context(), await read(id))
    expect(measurements).toMatchObject([
      { value: '33.3333333', numerator: '1', denominator: '3' },
      { value: '33.3', numerator: '1', denominator: '3' },
    ])
  })

  test('a correction needs a reason, counts up, and shows what stood before', async () => {
    const id = await make({}, [value(2025, '5')])
    const start = formOf(await load(entry, context(), request(id)))
    const line = Object.keys(start).find((slot) => slot.endsWith('.value') && start[slot] === '5')!
    const sent = { ...start, [line]: '7' }
    expect(Object.keys(wrongIn(await refused(entry, context(), request(id, sent))))).toEqual(['why'])
    await entry.post(context(), request(id, { ...sent, why: 'two cases were missing' }))
    const series = await seriesOf(context(), await read(id))
    expect(series.measurements[0]).toMatchObject({ value: '7', revision: 2 })
    expect(series.corrections).toMatchObject([
      { before: '5', after: '7', why: 'two cases were missing', withheld: false },
    ])
    // Typed as if it were new, the value that stands is said before it is replaced, with a reason again.
    const again = { ...formOf(await load(entry, context(), request(id))), '0.period': '2025', '0.value': '9' }
    const clash = await refused(entry, context(), request(id, again))
    expect(clash.fresh[0]!.clash).toContain('2025 · 7')
    expect(Object.keys(wrongIn(await refused(entry, context(), request(id, formOf(clash)))))).toEqual(['why'])
    expect(await entry.post(context(), request(id, { ...formOf(clash), why: 'a third' }))).toHaveProperty('redirect')
    expect((await seriesOf(context(), await read(id))).measurements[0]).toMatchObject({ value: '9', revision: 3 })
  })

  test('overlapping periods are refused, but a year may move to where it does not overlap', async () => {
    const id = await make({ grain: null }, [value(2024, '5')])
    const start = formOf(await load(entry, context(), request(id)))
    const crossing = { ...start, '0.period': '2024-Q2', '0.value': '1' }
    expect(Object.keys(wrongIn(await refused(entry, context(), request(id, crossing))))).toEqual(['0.period'])
    const line = Object.keys(start)
      .find((slot) => slot.endsWith('.value') && start[slot] === '5')!
      .split('.')[0]
    const moved = { ...start, [`${line}.period`]: '2024-Q1' }
    expect(await entry.post(context(), request(id, moved))).toHaveProperty('redirect')
    expect((await seriesOf(context(), await read(id))).measurements.map((row) => row.label)).toEqual(['2024-Q1'])
  })

  test('a part of the whole has rows of its own, chosen beside the table', async () => {
    const id = await make({ valueKind: 'count' }, [value(2024, '65'), value(2024, '40', 'district=north')])
    const part = await load(entry, context(), request(id, {}, { of: 'district=north' }))
    expect(part.parts.map((each) => each.current)).toEqual([false, true])
    expect(saidIn(part, 'period', 'value')).toEqual([
      ['2025', ''],
      ['', ''],
      ['2024', '40'],
    ])
    await entry.post(context(), request(id, { ...formOf(part), '0.value': '41' }))
    const { measurements } = await seriesOf(context(), await read(id), 'district=north')
    expect(measurements.map((row) => [row.label, row.value])).toEqual([
      ['2024', '40'],
      ['2025', '41'],
    ])
  })

  test('needs leave: somebody without it is refused, whoever they are', async () => {
    const id = await make({ audience: 'partners' }, [value(2025, '5')])
    const stranger = someone()
    await expect(entry.load(context(stranger), request(id))).rejects.toMatchObject({ reason: 'identity.not-allowed' })
    await expect(entry.post(context(nobody), request(id, {}))).rejects.toMatchObject({ kind: 'NotFound' })
  })
})

describe('targets and breaks', () => {
  const target = async (id: string, typed: Record<string, string>) => {
    const start = formOf(await load(targets, context(), request(id)))
    return targets.post(
      context(),
      request(id, {
        ...start,
        ...Object.fromEntries(Object.entries(typed).map(([name, text]) => [`0.${name}`, text])),
      }),
    )
  }

  test('a target needs what its kind asks for and a reason; a later one stands beside the earlier', async () => {
    const id = await make({}, [value(2024, '6'), value(2025, '7')])
    const empty = (await target(id, { targetKind: 'reach', setOn: '' })) as RowsPageView
    expect(Object.keys(wrongIn(empty)).sort()).toEqual(['0.from', '0.setOn', '0.why'])
    const first = {
      targetKind: 'keep',
      value: '7',
      from: '2024-01-01',
      setOn: '2023-12-01',
      'why.en': 'agreed by the council',
    }
    const lacking = (await target(id, { ...first, targetKind: 'reach', value: '' })) as RowsPageView
    expect(Object.keys(wrongIn(lacking)).sort()).toEqual(['0.dueOn', '0.value'])
    expect(await target(id, first)).toHaveProperty('redirect')
    const reasons = await core.rows<{ why: string }>(
      `select c.why from records."changeSet" c join records.entry e on e."changeSet" = c.id where e.record = $1 order by e.sequence desc limit 1`,
      [id],
    )
    expect(reasons).toEqual([{ why: 'agreed by the council' }])
    const again = (await target(id, { ...first, value: '5' })) as RowsPageView
    expect(Object.keys(wrongIn(again))).toEqual(['0.setOn'])
    expect(await target(id, { ...first, value: '9', setOn: '2026-01-20', from: '2026-01-01' })).toHaveProperty(
      'redirect',
    )
    expect((await load(targets, context(), request(id))).standing!.rows).toHaveLength(2)
    await settle()
    expect((await performanceOf(context(), [id])).get(id)).toMatchObject({
      result: 'met',
      reasons: ['met-under-old-missed-under-new'],
      target: { value: '7' },
    })
  })

  test('turning the direction keeps earlier verdicts, and is dated with a reason', async () => {
    const id = await make({}, [value(2024, '6'), value(2025, '7')])
    await target(id, { targetKind: 'keep', value: '7', from: '2024-01-01', setOn: '2023-12-01', 'why.en': 'agreed' })
    const start = formOf(await load(breaks, context(), request(id)))
    const turned = {
      ...start,
      '0.breakKind': 'direction',
      '0.on': '2026-01-01',
      '0.direction': 'down',
      '0.reason.en': 'fewer is better now',
    }
    const lacking = await refused(breaks, context(), request(id, { ...turned, '0.direction': '' }))
    expect(Object.keys(wrongIn(lacking))).toEqual(['0.direction'])
    expect(await breaks.post(context(), request(id, turned))).toHaveProperty('redirect')
    await settle()
    expect(await read(id)).toMatchObject({ direction: 'down' })
    expect((await performanceOf(context(), [id])).get(id)).toMatchObject({ direction: 'down', result: 'met' })
    const later = context(analyst, '2027-02-01')
    const next = formOf(await load(entry, later, request(id)))
    await entry.post(later, request(id, { ...next, '0.period': '2026', '0.value': '9' }))
    await settle()
    expect((await performanceOf(later, [id])).get(id)).toMatchObject({ result: 'missed' })
  })
})

describe('small cells', () => {
  test('are withheld alike on the page, in both files and in the rows of the interface; who may enter them sees them', async () => {
    const id = await make({ valueKind: 'count', audience: 'partners' }, [
      value(2025, '65'),
      value(2025, '4', 'd=a'),
      value(2025, '20', 'd=b'),
      value(2025, '41', 'd=c'),
    ])
    const stranger = someone()
    const panel = panels.find((each) => each.on === kind)!
    const shown = JSON.stringify(await panel.load(context(stranger), (await read(id)) as never, {}))
    expect(shown).toContain('withheld: too few cases')
    const figures = async (caller: Caller) => {
      const csv = (await pageAt('/indicators/indicators/:key/measurements.csv').load(context(caller), request(id))) as {
        body: AsyncIterable<string>
      }
      let text = ''
      for await (const piece of csv.body) text += piece
      const json = (await pageAt('/indicators/indicators/:key/measurements.json').load(
        context(caller),
        request(id),
      )) as { body: string }
      const rows = await readMeasurements(context(caller), id, { limit: 2 })
      const rest = await readMeasurements(context(caller), id, { after: rows.next! })
      const values = (list: { cell: string; value: string | null }[]) =>
        Object.fromEntries(list.map((row) => [row.cell, row.value]))
      return {
        csv: Object.fromEntries(
          text
            .trim()
            .split('\r\n')
            .slice(1)
            .map((line) => [line.split(',')[0], line.split(',')[4]]),
        ),
        json: values(
          (JSON.parse(json.body) as { measurements: { cell: string; value: string | null }[] }).measurements,
        ),
        rows: values([...rows.rows, ...rest.rows] as never),
      }
    }
    const open = { '': '65', 'd=a': '4', 'd=b': '20', 'd=c': '41' }
    const closed = { '': '65', 'd=a': null, 'd=b': null, 'd=c': '41' }
    const found = await figures(stranger)
    expect(found.json).toEqual(closed)
    expect(found.rows).toEqual(closed)
    expect(found.csv).toMatchObject({ 'd=a': '', 'd=b': '', 'd=c': '41' })
    const own = await figures(analyst)
    expect([own.json, own.rows]).toEqual([open, open])
  })
})

test('an overdue value names its period, waits for its owner, and is over once it is entered', async () => {
  await settle()
  const ctx = context(systemCaller, '2031-01-01')
  const late = await waitingIndicators(ctx, 'late')
  expect(late.length).toBeGreaterThan(0)
  for (const { nextFrom, nextTo, nextDueOn, overdueDays } of late) {
    expect(nextFrom! < nextTo! && nextTo! <= nextDueOn!).toBe(true)
    expect(overdueDays).toBeGreaterThan(0)
  }
  expect(await waitingIndicators(ctx, 'late', [late[0]!.id])).toEqual([late[0]])
  expect((await waitingIndicators(context(systemCaller, '2020-01-01'), 'late')).length).toBeLessThan(late.length)
})

test('the library lists every theme, makes a draft that is filled in, and says that it is used', async () => {
  const library = pageAt('/indicators/library')
  const made = (await library.post!(context(), request('', { number: '5.1', organisation: '' }))) as {
    redirect: string
  }
  const code = made.redirect.split('/').at(-1)!
  expect(await get(context(), indicator, code)).toMatchObject({
    state: 'draft',
    unit: '%',
    direction: 'down',
    libraryNumber: 'iso-37120-2014:5.1',
    grain: 'year',
  })
  const data = (await library.load(context(), request(''))) as {
    themes: { items: { no: string; used: { code: string }[] }[] }[]
  }
  expect(data.themes).toHaveLength(17)
  expect(data.themes[0]!.items[0]).toMatchObject({ no: '5.1', used: [{ code }] })
})
