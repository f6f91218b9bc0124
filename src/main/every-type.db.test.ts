/**
 * Every field type of the kernel goes round: interface, form without JavaScript, filter, history, undo, and the files. A type is
 * tried from the day its file is there. Seeds are fixed, so a failure comes back.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldType } from '#kernel/fields/types.ts'
import type { App } from '#platform/app.ts'
import { transaction } from '#platform/db/index.ts'
import {
  contentSource,
  csvFormat,
  type Format,
  jsonFormat,
  jsonLdFormat,
  workbookFormat,
  writeContent,
} from '#platform/exchange/index.ts'
import { inWords, runImport, tableSource } from '#platform/imports/index.ts'
import { erase, rowsOf, sealAll, search, undo, verifyAll } from '#platform/records/index.ts'
import { fieldNames, thing, valuesOf } from '#test/kit/every-type.ts'
import { type EveryTypeHouse, openEveryTypeHouse } from '#test/kit/every-type-house.ts'
import { allTypes } from '#test/kit/field-types.ts'
import { importOffers, profileOf } from '#test/kit/imports.ts'
import { formIn } from '#test/kit/pages.ts'
import type { Browser } from '#test/kit/visitors.ts'

const seed = { seed: 20261130, numRuns: 6 }

let house: EveryTypeHouse
let app: App
let browser: Browser
let body: string
beforeAll(async () => {
  house = await openEveryTypeHouse()
  ;({ app, browser, body } = house)
})
afterAll(() => house?.close())

const ctx = () => house.ctx()
const writing: EveryTypeHouse['writing'] = (changes) => house.writing(changes)
const make: EveryTypeHouse['make'] = (values, more) => house.make(values, more)
const stored = (id: string) => house.stored(id)

const cases = [
  ...allTypes.map((type) => [type.type, fieldNames[type.type]!] as const),
  ['localized', 'localizedField'] as const,
]
const anyOf = (type: string, name: string) => {
  const field = thing.fields[name]!
  return valuesOf(type, field, fieldType(field.type).example(field), body)
}
const orderless = (value: unknown) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string') ? [...value].sort() : value

describe.each(cases)('%s', (type, name) => {
  const field = thing.fields[name]!

  test('is kept, read and filtered as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(anyOf(type, name), async (value) => {
        const { id } = await make({ [name]: value })
        expect(orderless((await stored(id))[name])).toEqual(orderless(value))
        const read = await browser.get(`/api/v1/trial/things/${id}`, { accept: 'application/json' })
        expect(orderless(JSON.parse(read.text)[name])).toEqual(orderless(value))
        const { compared, split } = fieldType(field.type)
        for (const [part, { comparisons, as, sorts }] of Object.entries(compared(field))) {
          const asked = part === '' ? name : `${name}.${part}`
          const fileParts = split(value, field, {
            as: 'file',
            languages: ['en'],
            timeZone: 'UTC',
            readPeriod: () => null,
          })
          const text = [
            (as === 'day' && part === '' ? fileParts.from : fileParts[part]) ?? fileParts[part] ?? '',
          ].flat()[0]!
          const answers = async (question: string) => {
            const answer = await browser.get(`/api/v1/trial/things?${question}&limit=200`, {
              accept: 'application/json',
            })
            expect([question, answer.status, answer.text.slice(0, 300)]).toMatchObject([
              question,
              200,
              expect.anything(),
            ])
            return (JSON.parse(answer.text).items as Array<{ id: string }>).map((item) => item.id)
          }
          expect(
            await answers(`${asked}[empty]=false`.replace('[', '%5B').replace(']', '%5D') + '&sort=-createdAt'),
          ).toContain(id)
          if (comparisons.includes('eq') && text !== '' && as !== 'instant')
            expect(await answers(`${asked}%5Beq%5D=${encodeURIComponent(text)}&sort=-createdAt`)).toContain(id)
          if (comparisons.includes('within'))
            expect(await answers(`${asked}=-180,-90,180,90&sort=-createdAt`)).toContain(id)
          if (sorts) for (const sort of [asked, `-${asked}`]) await answers(`sort=${sort}`)
        }
      }),
      seed,
    )
  })

  test.each(['en', 'zh-Hans'])(
    'goes through a form without JavaScript, unchanged and changed, in %s',
    async (language) => {
      browser.cookies.set('language', language)
      await fc.assert(
        fc.asyncProperty(anyOf(type, name), anyOf(type, name), async (value, other) => {
          const [one, two] = [await make({ [name]: value }), await make({ [name]: other })]
          const page = async (code: string) => {
            const { status, text } = await browser.get(`/trial/things/${code}/edit`)
            expect(status).toBe(200)
            expect(text.match(/\[(?:web|record|trial|problem)\.[\w.-]+\]/g) ?? []).toEqual([])
            return formIn(text, `/trial/things/${code}/edit`)
          }
          const form = await page(one.code)
          const post = (fields: Record<string, string[]>) => {
            const payload = new URLSearchParams()
            for (const [key, values] of Object.entries(fields)) for (const each of values) payload.append(key, each)
            return browser.request('POST', `/trial/things/${one.code}/edit`, {
              headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
              payload: payload.toString(),
            })
          }
          const token = /name="csrf" value="([^"]*)"/.exec(
            (await browser.get(`/trial/things/${one.code}/edit`)).text,
          )![1]!
          // Saved as it came, nothing changes.
          expect((await post({ ...form, csrf: [token] })).status).toBe(303)
          expect((await stored(one.id)).version).toBe(1)
          // What the other's form holds is what is typed into this one.
          const typed = Object.fromEntries(
            Object.entries(await page(two.code)).filter(([key]) => key === name || key.startsWith(`${name}.`)),
          )
          const kept = Object.fromEntries(
            Object.entries(form).filter(([key]) => key !== name && !key.startsWith(`${name}.`)),
          )
          const saved = await post({ ...kept, ...typed, csrf: [token] })
          expect([saved.status, saved.text.slice(0, 0)]).toEqual([303, ''])
          expect(orderless((await stored(one.id))[name])).toEqual(orderless(other))
          for (const part of ['', '/history']) {
            const shown = await browser.get(`/trial/things/${one.code}${part}`)
            expect(shown.status).toBe(200)
            expect(shown.text.match(/\[(?:web|record|trial|problem)\.[\w.-]+\]/g) ?? []).toEqual([])
            expect(shown.text).not.toContain('[object Object]')
          }
        }),
        { ...seed, numRuns: 3 },
      )
    },
  )

  test('is put back by undo', async () => {
    await fc.assert(
      fc.asyncProperty(anyOf(type, name), anyOf(type, name), async (value, other) => {
        const { id } = await make({ [name]: value })
        const { changeSet } = await writing([{ kind: thing.kind, action: 'change', id, values: { [name]: other } }])
        if (!changeSet) return
        await transaction(app.database.kysely, (tx) =>
          undo({ ...ctx(), db: tx }, changeSet, { mode: 'all', source: 'test' }),
        )
        expect(orderless((await stored(id))[name])).toEqual(orderless(value))
        const cleared = await writing([{ kind: thing.kind, action: 'change', id, values: { [name]: null } }])
        expect((await stored(id))[name]).toBeNull()
        await transaction(app.database.kysely, (tx) =>
          undo({ ...ctx(), db: tx }, cleared.changeSet!, { mode: 'all', source: 'test' }),
        )
        expect(orderless((await stored(id))[name])).toEqual(orderless(value))
      }),
      seed,
    )
  })
})

/** All values of some things by id, rows too. */
async function everything(ids: readonly string[]) {
  const found: Record<string, unknown> = {}
  for (const id of ids) {
    const record = await stored(id)
    const { rows } = await rowsOf(ctx(), thing, 'part', id)
    found[id] = {
      ...Object.fromEntries(Object.keys(thing.fields).map((field) => [field, orderless(record[field])])),
      rows: rows.map(({ id: _id, record: _record, ...row }) =>
        Object.fromEntries(Object.entries(row).map(([key, value]) => [key, orderless(value)])),
      ),
    }
  }
  return found
}

describe.each([jsonFormat, jsonLdFormat, workbookFormat, csvFormat])('as $name', (format) => {
  test('every value leaves and comes back', async () => {
    const values = Object.fromEntries(
      cases.map(([type, name]) => [name, fc.sample(anyOf(type, name), { numRuns: 3, seed: 7 })]),
    )
    // A spreadsheet may run what begins like a formula, so CSV marks it; an any-kind reference has no code to be found by.
    if (format === csvFormat) {
      for (const name of ['textField', 'paragraphField', 'localizedField', 'writtenField'])
        values[name] = values[name]!.map((each) => JSON.parse(JSON.stringify(each).replaceAll(/=1\+1|-7|\|/g, 'x')))
      values.refAnyField = [null, null, null]
    }
    const ids: string[] = []
    for (const index of [0, 1, 2]) {
      const own = Object.fromEntries(Object.entries(values).map(([name, each]) => [name, each[index]]))
      const { localizedField: _, ...ofRow } = own
      const rows =
        format === csvFormat
          ? {}
          : { rows: { part: { set: [{ name: 'first', contact: 'Ada', on: '2026-01-31', ...ofRow }] } } }
      ids.push((await make(own, rows)).id)
    }
    const before = await everything(ids)
    const file = await fileOf(format, ids)
    await writing(
      ids.map((id) => ({
        kind: thing.kind,
        action: 'change',
        id,
        values: Object.fromEntries(Object.keys(thing.fields).map((name) => [name, null])),
        ...(format === csvFormat ? {} : { rows: { part: { remove: [{ name: 'first' }] } } }),
      })),
    )
    expect(await everything(ids)).not.toEqual(before)
    expect(await bring(format, file)).toEqual([])
    expect(await everything(ids)).toEqual(before)
  })
})

async function fileOf(format: Format, ids: readonly string[]): Promise<Buffer> {
  const pieces: Buffer[] = []
  const where = { filters: [{ field: 'id', is: 'in' as const, value: ids }] }
  for await (const piece of writeContent(ctx(), { format, scope: { of: 'list', kind: thing.kind, where } }))
    pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

/** Loads a file; what was wrong with it, in words. */
async function bring(format: Format, file: Buffer): Promise<string[]> {
  async function* pieces() {
    yield file
  }
  const open = format === csvFormat ? undefined : () => contentSource(ctx(), format, pieces(), { publish: false })
  const { report } = open
    ? await runImport(ctx(), { name: 'content', profile: null, format: format.name, open })
    : await importTable(file)
  return inWords(report, app.registry.words.say('en')).problems.map((problem) => problem.message)
}

/** A table of records by the general import: its columns are called as the export calls them. */
async function importTable(file: Buffer) {
  const header = file.toString('utf8').replace('\uFEFF', '').split('\r\n', 1)[0]!.split(',')
  const wanted = (column: string) => column === 'code' || Object.hasOwn(thing.fields, column.split('.')[0]!)
  // A reference to any kind is known by its id, which this file does not hold.
  const left = header.filter((column) => !wanted(column) || column.startsWith('refAnyField'))
  const profile = profileOf({
    ...{ name: 'things', version: 1, kind: thing.kind, ignore: left },
    columns: Object.fromEntries(
      header.filter((column) => !left.includes(column)).map((column) => [column, { to: column }]),
    ),
  })
  async function* pieces() {
    yield file
  }
  const open = () => tableSource(ctx().registry, importOffers, pieces(), profile)
  return runImport(ctx(), { name: 'things.csv', profile, open })
}

describe('rows', () => {
  test('are found by their words, and a personal one leaves no trace when it is erased', async () => {
    const { id, code } = await make({}, { rows: { part: { set: [{ name: 'first', contact: 'Rumpelstiltskin' }] } } })
    const found = async () => (await search(ctx(), 'Rumpelstiltskin', { kinds: [thing.kind] })).map((hit) => hit.code)
    expect(await found()).toEqual([code])
    const history = await browser.get(`/api/v1/trial/things/${id}/history`, { accept: 'application/json' })
    expect(history.text).toContain('Rumpelstiltskin')
    const sealed = async () =>
      (await app.database.pool.query('select content from records.entry where record = $1', [id])).rows
        .map((row) => (row as { content: string }).content)
        .join()
    expect(await sealed()).not.toContain('Rumpelstiltskin')
    await transaction(app.database.kysely, (tx) =>
      erase({ ...ctx(), db: tx }, { source: 'test' }, { kind: thing.kind, id }),
    )
    expect((await rowsOf(ctx(), thing, 'part', id)).rows).toMatchObject([{ name: 'first', contact: null }])
    expect(await found()).toEqual([])
    expect(
      (await browser.get(`/api/v1/trial/things/${id}/history`, { accept: 'application/json' })).text,
    ).not.toContain('Rumpelstiltskin')
    await sealAll(app.database)
    expect(await verifyAll(app.database, { registry: app.registry, secrets: [] })).toMatchObject({
      whole: true,
      differences: [],
    })
  })
})
