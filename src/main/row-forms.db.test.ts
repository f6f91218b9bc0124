/**
 * The form that every table of rows has, over a table with a field of every type: what is typed is read back, what is
 * exported can be pasted, two people at one row, who may, what is wrong where, and undo. Seeds are fixed.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldType } from '#kernel/fields/types.ts'
import { type App, contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { transaction } from '#platform/db/index.ts'
import { rowsOf, write } from '#platform/records/index.ts'
import { freshDatabase } from '#test/kit/database.ts'
import { everyTypeRoom, fieldNames, thing, valuesOf } from '#test/kit/every-type.ts'
import { allTypes } from '#test/kit/field-types.ts'
import { formIn, textOf } from '#test/kit/pages.ts'
import { mistakesIn } from '#test/kit/record-pages.ts'
import { type Browser, browserOf } from '#test/kit/visitors.ts'
import { compose } from './app.ts'
import { loadDemoCity } from './demo/load.ts'
import { migrationFolders, modules } from './modules.ts'
import { createWeb } from './server.ts'

const password = 'a long password of tests'
const quiet = { info() {}, warn() {}, error: console.error }
const { room, close: forget } = everyTypeRoom()
const rooms = [...modules, room]

let app: App
let browser: Browser
let reader: Browser
let body: string
let closing: Array<() => Promise<void>> = []
beforeAll(async () => {
  const database = await freshDatabase({ folders: [...migrationFolders, { module: 'trial', folder: room.folder }] })
  const opened = await compose(database, { log: quiet, rooms })
  app = opened.app
  await loadDemoCity(app, password)
  const server = await createWeb(app, {
    rooms,
    limits: { readsPerMinute: false, writesPerMinute: false, loopDelayMs: 0 },
  })
  closing = [() => server.close(), opened.close]
  browser = browserOf(server)
  reader = browserOf(server)
  expect((await browser.signIn('nils', password)).status).toBe(303)
  expect((await reader.signIn('lena', password)).status).toBe(303)
  const [row] = (
    await database.pool.query(
      `select id from records.record where kind = 'directory.organisation' order by code limit 1`,
    )
  ).rows
  body = (row as { id: string }).id
})
afterAll(async () => {
  for (const each of closing) await each()
  forget()
})

const ctx = () => contextOf(app, systemCaller, 'en')
const writing = (changes: Parameters<typeof write>[2]) =>
  transaction(app.database.kysely, (tx) => write({ ...ctx(), db: tx }, { source: 'test' }, changes))
type Row = Record<string, unknown>
const make = async (rows: readonly Row[] = []) =>
  (
    await writing([
      { kind: thing.kind, action: 'create', values: { title: 'A thing' }, rows: { part: { set: rows } } } as never,
    ])
  ).saved[0]!
const setRows = (id: string, set: readonly Row[], remove: readonly Row[] = []) =>
  writing([{ kind: thing.kind, action: 'change', id, rows: { part: { set, remove } } }])
const stored = async (id: string): Promise<Row[]> =>
  (await rowsOf(ctx(), thing, 'part', id, { limit: 1000 })).rows as unknown as Row[]

const address = (code: string) => `/trial/things/${code}/rows/part`
type Form = Record<string, string[]>
async function open(code: string, query = ''): Promise<{ form: Form; html: string }> {
  const { status, text } = await browser.get(`${address(code)}${query}`)
  expect(status).toBe(200)
  expect(text.match(/\[(?:web|record|problem)\.[\w.-]+\]/g) ?? []).toEqual([])
  return { form: formIn(text, address(code)), html: text }
}
async function post(code: string, form: Readonly<Record<string, string | readonly string[]>>) {
  const token = /name="csrf" value="([^"]*)"/.exec((await browser.get(address(code))).text)![1]!
  const payload = new URLSearchParams({ csrf: token })
  for (const [name, values] of Object.entries(form))
    for (const each of [values].flat()) payload.append(name, each as string)
  return browser.request('POST', address(code), {
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: payload.toString(),
  })
}
/** The number of the line that shows a row, by the name that its first control holds. */
const lineOf = (form: Form, name: string) =>
  Object.entries(form)
    .find(([slot, [value]]) => /^\d+\.name$/.test(slot) && value === name)![0]
    .split('.')[0]!
/** The first line that shows nothing. */
const emptyLine = (form: Form) => lineOf(form, '')

const cases = allTypes.map((type) => [type.type, fieldNames[type.type]!] as const)
const anyOf = (type: string, name: string) => {
  const field = thing.fields[name]!
  return valuesOf(type, field, fieldType(field.type).example(field), body)
}
const orderless = (value: unknown) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? [...value].sort() : value

test.each(cases)('%s: what a line holds is read back the same, typed into another row too', async (type, name) => {
  await fc.assert(
    fc.asyncProperty(anyOf(type, name), anyOf(type, name), async (value, other) => {
      const { id, code } = await make([
        { name: 'one', [name]: value },
        { name: 'two', [name]: other },
      ])
      const { form } = await open(code)
      // Saved as it came, nothing changes.
      expect((await post(code, form)).status).toBe(422)
      const [one, two, fresh] = [lineOf(form, 'one'), lineOf(form, 'two'), emptyLine(form)]
      const says = (line: string) =>
        Object.fromEntries(
          Object.entries(form).flatMap(([slot, each]) =>
            slot === `${line}.${name}` || slot.startsWith(`${line}.${name}.`) ? [[slot.slice(line.length), each]] : [],
          ),
        )
      const without = Object.fromEntries(
        Object.entries(form).filter(([slot]) => !new RegExp(`^(${one}|${fresh})\\.${name}(\\.|$)`).test(slot)),
      )
      const typed = Object.fromEntries(
        [one, fresh].flatMap((line) => Object.entries(says(two)).map(([suffix, each]) => [`${line}${suffix}`, each])),
      )
      const saved = await post(code, { ...without, ...typed, [`${fresh}.name`]: 'three' })
      expect([saved.status, mistakesIn(saved.text)]).toEqual([303, ''])
      expect((await stored(id)).map((row) => [row.name, orderless(row[name])])).toEqual(
        // A box that was never ticked states nothing.
        ['one', 'two', 'three'].map((each) => [each, each === 'three' && other === false ? null : orderless(other)]),
      )
    }),
    { seed: 20261130, numRuns: 3 },
  )
})

test('pasting what the export gives changes nothing, in both languages; a changed cell shows as a change', async () => {
  const values = Object.fromEntries(
    cases.map(([type, name]) => [name, fc.sample(anyOf(type, name), { numRuns: 3, seed: 11 })]),
  )
  const rows = [0, 1, 2].map((at) => ({
    name: `part ${at}`,
    contact: 'Ada; "the first"',
    on: '2026-01-31',
    ...Object.fromEntries(Object.entries(values).map(([name, each]) => [name, each[at]])),
  }))
  const { id, code } = await make(rows)
  const before = await stored(id)
  for (const language of ['zh-Hans', 'en']) {
    browser.cookies.set('language', language)
    const file = (await browser.get(`${address(code)}/table.csv`)).text.replace('\uFEFF', '')
    const { form } = await open(code)
    const read = await post(code, { ...form, act: 'paste', paste: file })
    expect(read.status).toBe(422)
    if (language === 'en') {
      expect(textOf(read.text)).toContain('3 rows read: 0 new, 0 changed, 3 already there.')
      const changed = await post(code, { ...form, act: 'paste', paste: file.replace('2026-01-31', '2027-01-31') })
      expect(textOf(changed.text)).toContain('0 new, 1 changed, 2 already there.')
      const proposal = formIn(changed.text, address(code))
      expect((await post(code, proposal)).status).toBe(303)
      expect((await stored(id)).map((row) => row.on)).toEqual(['2027-01-31', '2026-01-31', '2026-01-31'])
    } else {
      expect(textOf(read.text)).toContain('已有 3 行')
      expect(await stored(id)).toEqual(before)
    }
  }
})

describe('pasting from a spreadsheet', () => {
  test('takes tabs without headings, shows the lines before they are saved, and names what is wrong by line', async () => {
    const { id, code } = await make()
    const { form } = await open(code)
    const read = await post(code, { ...form, act: 'paste', paste: 'first\tAda\t31.12.2026\nsecond\tBob\tsoon\n' })
    expect(await stored(id)).toEqual([])
    expect(textOf(read.text)).toContain('2 rows read: 2 new')
    const proposal = formIn(read.text, address(code))
    const wrong = await post(code, proposal)
    expect(wrong.status).toBe(422)
    expect(mistakesIn(wrong.text)).toContain('second')
    const again = formIn(wrong.text, address(code))
    expect(again[`${lineOf(again, 'second')}.on`]).toEqual(['soon'])
    const saved = await post(code, { ...again, [`${lineOf(again, 'second')}.on`]: '2027-01-01' })
    expect(saved.status).toBe(303)
    expect(await stored(id)).toMatchObject([
      { name: 'first', contact: 'Ada', on: '2026-12-31' },
      { name: 'second', contact: 'Bob', on: '2027-01-01' },
    ])
  })

  test('understands headings in any order, and says which it left out', async () => {
    const { code } = await make()
    const { form } = await open(code)
    const read = await post(code, { ...form, act: 'paste', paste: 'on,colour,name\n2026-02-01,red,leaf\n' })
    expect(textOf(read.text)).toContain('left out: colour')
    const proposal = formIn(read.text, address(code))
    expect(proposal[`${lineOf(proposal, 'leaf')}.on`]).toEqual(['2026-02-01'])
  })
})

describe('two people at one row', () => {
  test('a row changed meanwhile is said with what it says now; saving again replaces it; others are not touched', async () => {
    const { id, code } = await make([
      { name: 'mine', wholeField: 1 },
      { name: 'other', wholeField: 1 },
    ])
    const { form } = await open(code)
    await setRows(id, [
      { name: 'mine', wholeField: 2 },
      { name: 'other', wholeField: 2 },
    ])
    const typed = { ...form, [`${lineOf(form, 'mine')}.wholeField`]: '3' }
    const refused = await post(code, typed)
    expect(refused.status).toBe(422)
    expect(textOf(refused.text)).toContain(
      'Somebody changed this row after you opened the form. It now says: mine · 2.',
    )
    expect((await stored(id)).map((row) => row.wholeField)).toEqual([2, 2])
    const again = formIn(refused.text, address(code))
    expect(again[`${lineOf(again, 'mine')}.wholeField`]).toEqual(['3'])
    expect((await post(code, again)).status).toBe(303)
    expect((await stored(id)).map((row) => row.wholeField)).toEqual([3, 2])
  })

  test('a row removed meanwhile is said, and one that somebody else added is not overwritten unseen', async () => {
    const { id, code } = await make([{ name: 'gone', wholeField: 1 }])
    const { form } = await open(code)
    await setRows(id, [{ name: 'new', wholeField: 7 }], [{ name: 'gone' }])
    const refused = await post(code, {
      ...form,
      [`${lineOf(form, 'gone')}.wholeField`]: '3',
      [`${emptyLine(form)}.name`]: 'new',
    })
    expect(textOf(refused.text)).toContain('Somebody removed this row')
    expect(textOf(refused.text)).toContain('There is such a row already. It says: new · 7.')
    expect(await stored(id)).toMatchObject([{ name: 'new', wholeField: 7 }])
  })
})

test('every problem is named at once, by line and field, and nothing typed is lost', async () => {
  const { id, code } = await make([{ name: 'one' }, { name: 'two' }])
  const { form } = await open(code)
  const [one, two] = [lineOf(form, 'one'), lineOf(form, 'two')]
  const typed = {
    ...form,
    [`${one}.decimalField`]: 'seven',
    [`${one}.on`]: '2026-13-01',
    [`${two}.name`]: '',
    why: 'x',
  }
  const refused = await post(code, typed)
  const said = mistakesIn(refused.text)
  for (const each of ['“seven” is not a number', 'not a day of the calendar', 'This is needed'])
    expect(said).toContain(each)
  expect(formIn(refused.text, address(code))).toMatchObject({
    [`${one}.decimalField`]: ['seven'],
    [`${one}.on`]: ['2026-13-01'],
    [`${two}.name`]: [''],
    why: ['x'],
  })
  expect((await stored(id)).map((row) => row.name)).toEqual(['one', 'two'])
})

test('a row is removed, moved to another name, numbers are read as people write them, and undo puts all back', async () => {
  const { id, code } = await make([{ name: 'away' }, { name: 'moved', wholeField: 5 }])
  const { form } = await open(code)
  const moved = lineOf(form, 'moved')
  const saved = await post(code, {
    ...form,
    [`remove.${lineOf(form, 'away')}`]: 'true',
    [`${moved}.name`]: 'there',
    [`${moved}.decimalField`]: '1,234.50',
    why: 'put in order',
  })
  expect(saved.status).toBe(303)
  expect(await stored(id)).toMatchObject([{ name: 'there', wholeField: 5, decimalField: '1234.5' }])
  const done = await browser.get(saved.location!)
  expect(textOf(done.text)).toContain('3 rows were saved.')
  const changeSet = /name="undo" value="([^"]+)"/.exec(done.text)![1]!
  const why = await app.database.pool.query('select why from records."changeSet" where id = $1', [changeSet])
  expect(why.rows).toEqual([{ why: 'put in order' }])
  // The form of one record undoes nothing of another.
  const { code: other } = await make()
  expect((await post(other, { undo: changeSet })).status).toBe(404)
  expect((await post(code, { undo: changeSet })).status).toBe(303)
  expect((await stored(id)).map((row) => [row.name, row.wholeField]).sort()).toEqual([
    ['away', null],
    ['moved', 5],
  ])
})

test('a large table is paged, and only the rows that were shown and changed are written', async () => {
  const rows = Array.from({ length: 1000 }, (_, at) => ({ name: `row ${String(at).padStart(4, '0')}`, wholeField: at }))
  const { id, code } = await make(rows)
  const { form, html } = await open(code, '?page=40')
  expect(textOf(html)).toContain('Rows 976 to 1000 of 1000.')
  const saved = await post(code, { ...form, [`${lineOf(form, 'row 0999')}.wholeField`]: '5' })
  expect(saved.status).toBe(303)
  expect(saved.location).toContain('count=1')
  expect((await stored(id)).filter((row) => row.wholeField === 5).map((row) => row.name)).toEqual([
    'row 0005',
    'row 0999',
  ])
})

test('only who may write the rows gets the form, and the page of a record leads nobody else to it', async () => {
  const { id, code } = await make([{ name: 'one' }])
  expect((await browser.get(`/trial/things/${code}`)).text).toContain(`href="${address(code)}"`)
  expect((await browser.get(`/trial/things/${code}/rows`)).location).toBe(address(code))
  expect((await reader.get(address(code))).status).toBe(403)
  expect((await reader.get(`${address(code)}/table.csv`)).status).toBe(403)
  expect((await reader.get(`/trial/things/${code}`)).text).not.toContain(address(code))
  const token = /name="csrf" value="([^"]*)"/.exec((await reader.get('/history')).text)![1]!
  const refused = await reader.request('POST', address(code), {
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: new URLSearchParams({ csrf: token, lines: '1', '0.name': 'mine' }).toString(),
  })
  expect(refused.status).toBe(403)
  expect((await stored(id)).length).toBe(1)
})

test('of two people who save the same row at the same moment one is told of the other', async () => {
  const { id, code } = await make([{ name: 'one', wholeField: 1 }])
  const { form } = await open(code)
  const slot = `${lineOf(form, 'one')}.wholeField`
  const answers = await Promise.all(['2', '3'].map((text) => post(code, { ...form, [slot]: text })))
  expect(answers.map((each) => each.status).sort()).toEqual([303, 422])
  const winner = answers[0]!.status === 303 ? 2 : 3
  expect(await stored(id)).toMatchObject([{ wholeField: winner }])
  expect(textOf(answers.find((each) => each.status === 422)!.text)).toContain(`It now says: one · ${winner}.`)
})

test('whatever is typed or pasted ends in rows or in sentences, never in a fault', async () => {
  const { code } = await make([{ name: 'one' }])
  const { form } = await open(code)
  const slots = Object.keys(form).filter((name) => name !== 'csrf')
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('-1', '1e9', '2026-02-30', 'true'),
  )
  const typed = fc.dictionary(fc.constantFrom(...slots, 'paste', 'act'), text, { maxKeys: 12 })
  const pasted = fc.array(fc.array(text, { minLength: 1, maxLength: 5 }), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(typed, pasted, fc.constantFrom('\t', ',', ';'), async (changes, cells, between) => {
      expect([303, 422]).toContain((await post(code, { ...form, ...changes })).status)
      const paste = cells.map((row) => row.join(between)).join('\n')
      expect((await post(code, { ...form, act: 'paste', paste })).status).toBe(422)
    }),
    { seed: 20261130, numRuns: 25 },
  )
})
