/** Chances as people meet them: on the page of an indicator, of an outcome, and where something has to be decided. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { imitate } from '#analysis/simulated.ts'
import { rebuildForecasts, rebuildPerformance } from '#modules/indicators'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import { type Change, write } from '#platform/records/index.ts'
import { dayIn } from '#platform/today.ts'
import { openWeb, type Reader, type TestWeb, textOf } from '#test/kit/pages.ts'
import { mayor as mayorLogin } from '#test/kit/people.ts'
import { addMonths, type Day } from '#values/period.ts'

let web: TestWeb
let mayor: Reader
let codes: { low: string; high: string; rule: string; indicator: string }

beforeAll(async () => {
  web = await openWeb()
  mayor = await web.signIn(mayorLogin)
  const today = dayIn(web.app.city().timeZone, new Date())
  const first = addMonths(`${today.slice(0, 7)}-01`, -48)
  const body = (
    await web.app.database.pool.query(
      `select id from records.record where kind = 'directory.organisation' order by code limit 1`,
    )
  ).rows[0].id as string
  const save = (changes: Change[]) =>
    transaction(web.app.database.kysely, (tx) =>
      write({ ...contextOf(web.app, systemCaller, 'en'), db: tx }, { source: 'test', why: 'chances' }, changes),
    )
  const outcome = async (title: string, rule: string | null): Promise<{ id: string; code: string }> => {
    const { saved } = await save([
      {
        kind: 'strategy.outcome',
        action: 'create',
        values: { title: { en: title, 'zh-Hans': title }, organisation: body, rule, headline: true },
      },
    ])
    const id = saved[0]!.id
    const { rows } = await web.app.database.pool.query('select code from records.record where id = $1', [id])
    return { id, code: rows[0].code }
  }
  const measured = (title: string, goal: string, asked: string, seed: number): Change => ({
    kind: 'indicators.indicator',
    action: 'create',
    values: {
      title: { en: title, 'zh-Hans': title },
      direction: 'up',
      grain: 'month',
      valueKind: 'index',
      publicationLagDays: 25,
      organisation: body,
      links: { measures: [{ to: goal }] },
    },
    rows: {
      measurement: {
        set: imitate('noise', 48, seed).map((value, index) => ({
          cell: '',
          from: addMonths(first, index),
          to: addMonths(first, index + 1),
          label: addMonths(first, index).slice(0, 7),
          value: value.toFixed(2),
          status: 'actual',
        })),
      },
      target: {
        set: [
          {
            cell: '',
            targetKind: 'reach',
            from: first,
            setOn: first,
            dueOn: lastDay(addMonths(first, 52)),
            value: asked,
            base: '40',
          },
        ],
      },
    } as never,
  })
  const [low, high, rule] = [
    await outcome('Unlikely ahead', 'all'),
    await outcome('Likely ahead', 'all'),
    await outcome('Without a rule', null),
  ]
  await save([
    measured('Far below', low.id, '90', 1),
    measured('Well above', low.id, '30', 2),
    measured('Easily kept', high.id, '30', 3),
    measured('Nobody said', rule.id, '30', 5),
  ])
  await rebuildPerformance({ registry: web.app.registry, database: web.app.database })
  await rebuildForecasts({ database: web.app.database })
  const { rows } = await web.app.database.pool.query(`select code from records.record where title->>'en' = 'Far below'`)
  codes = { low: low.code, high: high.code, rule: rule.code, indicator: rows[0].code }
})
afterAll(() => web?.close())

/** The last day of the month that starts on a day. */
const lastDay = (start: Day): Day => {
  const next = new Date(`${addMonths(start, 1)}T00:00:00Z`)
  next.setUTCDate(0)
  return next.toISOString().slice(0, 10)
}

const part = (html: string, id: string): string => {
  const from = html.indexOf(`id="${id}"`)
  return from < 0 ? '' : textOf(html.slice(from, html.indexOf('</section>', from)))
}

test('an outcome tells its joint chance by its rule and the part least likely to be met, or why it is not calculated', async () => {
  const low = part((await mayor.get(`/strategy/outcomes/${codes.low}`)).html, 'outlook')
  expect(low).toContain('On past pattern')
  expect(low).toContain('about 1 in 10, if the past pattern continues')
  expect(low).toContain('It rests on 2 indicators')
  expect(low).toMatch(/Least likely: Far below about 1 in 10/)
  const high = part((await mayor.get(`/strategy/outcomes/${codes.high}`)).html, 'outlook')
  expect(high).toContain('about 9 in 10, if the past pattern continues')
  const rule = part((await mayor.get(`/strategy/outcomes/${codes.rule}`)).html, 'outlook')
  expect(rule).toContain('Not calculated: no rule says yet when this outcome is reached.')
  expect(rule).not.toMatch(/in 10/)
})

test('who may not see everything an outcome depends on is not shown the chance of the rest', async () => {
  await web.app.database.pool.query(`update records.record set audience = 'public' where code = $1`, [codes.low])
  await web.app.database.pool.query(`update records.record set audience = 'public' where title->>'en' = 'Well above'`)
  const reported = part((await web.nobody().get(`/strategy/outcomes/${codes.low}`)).html, 'outlook')
  expect(reported).toContain('Not calculated here: it also rests on figures that you may not see.')
  expect(reported).not.toMatch(/in 10/)
})

test('decide names the outcome that the past pattern leads away from, and not the others', async () => {
  const unlikely = part((await mayor.get('/decide')).html, 'unlikely')
  expect(unlikely).toContain('Unlikely ahead')
  expect(unlikely).toContain('about 1 in 10, if the past pattern continues')
  expect(unlikely).not.toContain('Likely ahead')
  expect(unlikely).not.toContain('Without a rule')
})

test('an indicator shows the fan in the picture and in the table behind it, the range, the chance and the backtest', async () => {
  const { html } = await mayor.get(`/indicators/indicators/${codes.indicator}`)
  expect(html).toContain('fill-opacity="0.16"')
  expect(textOf(html)).toContain('Expected, 8 in 10')
  expect(textOf(html)).toContain('still to come')
  const outlook = part(html, 'outlook')
  expect(outlook).toMatch(/in 8 of 10 cases/)
  expect(outlook).toMatch(/\(at least 90 by .*\) is about 1 in 10, if the past pattern continues/)
  expect(outlook).toMatch(/Tried on its own past: from \d+ earlier periods/)
  const chinese = await web.signIn(mayorLogin, 'zh-Hans')
  const page = (await chinese.get(`/indicators/indicators/${codes.indicator}`)).html
  expect(part(page, 'outlook')).toContain('的可能性约为一成')
})

test('a benefit that is counted tells what to expect of its indicator, beside what its owner expects', async () => {
  const { rows } = await web.app.database.pool.query(
    `select r.code, i.title->>'en' as title from records.link l join records.record r on r.id = l."from" join records.record i on i.id = l."to"
      where l.name = 'benefits.benefit.measuredBy' order by r.code limit 1`,
  )
  const { html } = await mayor.get(`/benefits/benefits/${rows[0].code}`)
  const reported = part(html, 'outlook')
  expect(reported).toContain('On past pattern')
  expect(reported).toContain(rows[0].title)
  expect(reported).toMatch(/between .* and /)
})
