import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { type AppContext, noExchange, type PageRequest } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { get } from '#platform/records/index.ts'
import { type Core, openCore, someone } from '#test/kit/core.ts'
import { performanceSubscriber } from './events.ts'
import { pages } from './pages.ts'
import { panels } from './pages-panels.ts'
import { type Indicator, readMeasurements, seriesOf } from './queries-series.ts'
import { performanceOf } from './queries-status.ts'
import { workOffer } from './queries-work.ts'
import { indicator } from './records.ts'
import type { MeasurementEntry, TargetEntry } from './views/entry.tsx'

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
const request = (key: string, form: Record<string, string> = {}, query: Record<string, string> = {}): PageRequest => ({
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
const entry = pageAt('/indicators/indicators/:key/measurements')
const targets = pageAt('/indicators/indicators/:key/targets')
const breaks = pageAt('/indicators/indicators/:key/breaks')
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
    const start = (await entry.load(context(), request(id))) as MeasurementEntry
    expect(start.lines.map((line) => line.title)).toEqual(['2025', 'Another period'])
    expect(start.given['period.0']).toBe('2025')
    const sent = {
      lines: '2',
      'period.0': '2025',
      'value.0': '1,234.5',
      'status.0': 'provisional',
      'note.0': 'counted twice',
      'period.1': '',
    }
    expect(await entry.post!(context(), request(id, sent))).toMatchObject({
      redirect: expect.stringMatching(/^\/indicators\/indicators\/IND-/),
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
    const sent = {
      lines: '3',
      'period.0': '2025',
      'value.0': 'seven',
      'period.1': '2026',
      'numerator.1': '5',
      'denominator.1': '',
      'period.2': '2027',
      'value.2': '5',
      'status.2': 'actual',
      why: '',
    }
    const back = (await entry.post!(context(), request(id, sent))) as MeasurementEntry
    expect(Object.keys(back.mistakes).sort()).toEqual(['denominator.1', 'status.2', 'value.0'])
    expect(back.mistakes['value.0']).toBe('“seven” is not a number. Write it like 1234.5 or 1,234.5.')
    expect(back.given).toEqual(sent)
    expect(back.lines).toHaveLength(3)
  })

  test('works out a share from its two numbers, and refuses one that disagrees', async () => {
    const id = await make({ valueKind: 'percent', unit: '%', decimals: 1 }, [])
    const line = { lines: '1', 'period.0': '2025', 'status.0': 'actual', 'numerator.0': '1', 'denominator.0': '3' }
    const wrong = (await entry.post!(context(), request(id, { ...line, 'value.0': '34' }))) as MeasurementEntry
    expect(wrong.mistakes['value.0']).toContain('33.3')
    await entry.post!(context(), request(id, { ...line, 'value.0': '33.3' }))
    const { measurements } = await seriesOf(context(), await read(id))
    expect(measurements[0]).toMatchObject({ value: '33.3', numerator: '1', denominator: '3' })
  })

  test('a correction needs a reason, counts up, and shows what stood before', async () => {
    const id = await make({}, [value(2025, '5')])
    const sent = { lines: '1', 'period.0': '2025', 'value.0': '7', 'status.0': 'actual' }
    const back = (await entry.post!(context(), request(id, sent))) as MeasurementEntry
    expect(Object.keys(back.mistakes)).toEqual(['why'])
    await entry.post!(context(), request(id, { ...sent, why: 'two cases were missing' }))
    const series = await seriesOf(context(), await read(id))
    expect(series.measurements[0]).toMatchObject({ value: '7', revision: 2 })
    expect(series.corrections).toMatchObject([
      { before: '5', after: '7', why: 'two cases were missing', withheld: false },
    ])
    const form = (await entry.load(context(), request(id, {}, { correct: '2025' }))) as MeasurementEntry
    expect(form.given).toMatchObject({ 'period.0': '2025', 'value.0': '7' })
  })

  test('needs leave: somebody without it is refused, whoever they are', async () => {
    const id = await make({ audience: 'partners' }, [value(2025, '5')])
    const stranger = someone()
    await expect(entry.load(context(stranger), request(id))).rejects.toMatchObject({ reason: 'identity.not-allowed' })
    await expect(entry.post!(context(nobody), request(id, {}))).rejects.toMatchObject({ kind: 'NotFound' })
  })
})

describe('targets and breaks', () => {
  test('a target needs what its kind asks for and a reason; a later one stands beside the earlier', async () => {
    const id = await make({}, [value(2024, '6'), value(2025, '7')])
    const empty = (await targets.post!(context(), request(id, { targetKind: 'reach' }))) as TargetEntry
    expect(Object.keys(empty.mistakes).sort()).toEqual(['dueOn', 'from', 'setOn', 'value', 'why'])
    const first = {
      targetKind: 'keep',
      value: '7',
      from: '2024-01-01',
      setOn: '2023-12-01',
      why: 'agreed by the council',
      cell: '',
    }
    expect(await targets.post!(context(), request(id, first))).toHaveProperty('redirect')
    const again = (await targets.post!(context(), request(id, { ...first, value: '5' }))) as TargetEntry
    expect(Object.keys(again.mistakes)).toEqual(['setOn'])
    expect(
      await targets.post!(context(), request(id, { ...first, value: '9', setOn: '2026-01-20', from: '2026-01-01' })),
    ).toHaveProperty('redirect')
    await settle()
    expect((await performanceOf(context(), [id])).get(id)).toMatchObject({
      result: 'met',
      reasons: ['met-under-old-missed-under-new'],
      target: { value: '7' },
    })
  })

  test('turning the direction keeps earlier verdicts, and is dated with a reason', async () => {
    const id = await make({}, [value(2024, '6'), value(2025, '7')])
    await targets.post!(
      context(),
      request(id, { targetKind: 'keep', value: '7', from: '2024-01-01', setOn: '2023-12-01', why: 'agreed', cell: '' }),
    )
    expect(
      await breaks.post!(
        context(),
        request(id, { breakKind: 'direction', on: '2026-01-01', direction: 'down', reason: 'fewer is better now' }),
      ),
    ).toHaveProperty('redirect')
    await settle()
    expect(await read(id)).toMatchObject({ direction: 'down' })
    expect((await performanceOf(context(), [id])).get(id)).toMatchObject({ direction: 'down', result: 'met' })
    await entry.post!(
      context(analyst, '2027-02-01'),
      request(id, { lines: '1', 'period.0': '2026', 'value.0': '9', 'status.0': 'actual' }),
    )
    await settle()
    expect((await performanceOf(context(analyst, '2027-02-01'), [id])).get(id)).toMatchObject({ result: 'missed' })
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

test('work items count exactly what the list they lead to holds', async () => {
  await settle()
  const ctx = context(systemCaller, '2031-01-01')
  const items = await workOffer.load(ctx, false)
  expect(items.map((item) => item.key)).toContain('indicators.late')
  const list = pageAt('/indicators')
  for (const item of items) {
    const query = Object.fromEntries(new URLSearchParams(item.href.split('?')[1]))
    const data = (await list.load(ctx, { ...request(''), query })) as { total: number }
    expect([item.href, data.total]).toEqual([item.href, item.count])
  }
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
