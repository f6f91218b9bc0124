/** Content out of one house and into another: nothing is lost on the way, whatever the format. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, contextOf } from '#platform/app.ts'
import { nobody, theHouse } from '#platform/caller.ts'
import {
  contentSource,
  type Format,
  hashOf,
  jsonFormat,
  jsonLdFormat,
  type Scope,
  writeContent,
} from '#platform/exchange/index.ts'
import { inWords, runImport, type StoredReport } from '#platform/imports/index.ts'
import { type ImportHouse, openImportHouse } from '#test/kit/imports.ts'
import { loadDemoCity } from './demo/load.ts'

const everything: Scope = { of: 'all', without: ['identity.account'] }

async function textOf(app: App, format: Format, scope: Scope, caller = theHouse): Promise<string> {
  let text = ''
  for await (const piece of writeContent(contextOf(app, caller, 'en'), { format, scope })) text += piece
  return text
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text)
  for (let at = 0; at < all.length; at += 10_007) yield all.subarray(at, at + 10_007)
}

async function load(house: ImportHouse, format: Format, text: string): Promise<StoredReport> {
  const { report } = await runImport(house.ctx, {
    name: 'content.json',
    profile: null,
    format: format.name,
    open: () => contentSource(house.ctx, format, bytes(text), { publish: true }),
  })
  return report
}

const said = (house: ImportHouse, report: StoredReport) =>
  inWords(report, house.app.house.words.say('en')).problems.map((problem) => problem.message)

describe('a plan goes from one house to another', () => {
  let from: ImportHouse
  let plan: Scope
  beforeAll(async () => {
    from = await openImportHouse()
    await loadDemoCity(from.app, 'a long password of tests')
    const [row] = await from.rows<{ id: string }>(
      `select id from records.record where kind = 'strategy.plan' order by code limit 1`,
    )
    plan = { of: 'root', kind: 'strategy.plan', id: row!.id }
  })
  afterAll(() => from.close())

  test.each([jsonFormat, jsonLdFormat])('as $name, loaded twice', async (format) => {
    const into = await openImportHouse()
    try {
      const text = await textOf(from.app, format, plan)
      const first = await load(into, format, text)
      expect(said(into, first)).toEqual([])
      expect(first.created).toBeGreaterThan(50)
      const hash = /"hash":"(sha256:[0-9a-f]{64})"/.exec(text)![1]
      expect(await hashOf(into.ctx, plan)).toBe(hash)
      expect(await hashOf(from.ctx, plan)).toBe(hash)
      const second = await load(into, format, text)
      expect(said(into, second)).toEqual([])
      expect(second).toMatchObject({ created: 0, changed: 0, rejected: 0, changeSet: null })
    } finally {
      await into.close()
    }
  })

  test('with everything that is not an account', async () => {
    const into = await openImportHouse()
    try {
      const report = await load(into, jsonFormat, await textOf(from.app, jsonFormat, everything))
      expect(said(into, report)).toEqual([])
      expect(await hashOf(into.ctx, everything)).toBe(await hashOf(from.ctx, everything))
    } finally {
      await into.close()
    }
  })

  test('and the public gets what is public only', async () => {
    const text = await textOf(from.app, jsonFormat, plan, nobody)
    const { records, complete } = JSON.parse(text) as { records: Array<Record<string, unknown>>; complete: boolean }
    expect(complete).toBe(false)
    expect(records.length).toBeGreaterThan(10)
    expect(new Set(records.filter((each) => !each.rows).map((each) => each.audience))).toEqual(new Set(['public']))
    expect(records.some((each) => String(each.kind).startsWith('directory.person'))).toBe(false)
  })
})
