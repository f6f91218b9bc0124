/** Taking plans along and bringing them in by pages, as somebody without scripts does it; each gets what they may read. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { performImport, uploadImport } from '#modules/imports'
import { contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { write } from '#platform/records/index.ts'
import { type Browser, openWeb, type TestWeb } from '#test/kit/visitors.ts'
import { importOffers } from './modules.ts'

let web: TestWeb
let admin: Browser
let folder: string
beforeAll(async () => {
  web = await openWeb()
  admin = web.browser()
  await admin.signIn('nils')
  folder = mkdtempSync(join(tmpdir(), 'commonweal-exchange-'))
})
afterAll(async () => {
  await web.close()
  rmSync(folder, { recursive: true, force: true })
})

type Document = { complete: boolean; records: Array<Record<string, unknown>> }
const plain = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('downloads', () => {
  test('are offered on plans and lists, in both languages, and lead to files', async () => {
    const page = await web.browser({ 'accept-language': 'zh-CN' }).get('/strategy/plans/PLN-0001')
    expect(page.text).toContain('下载此规划')
    const links = [...page.text.matchAll(/href="(\/strategy\/plans\/PLN-0001\/download\/[a-z]+)"/g)].map(
      (found) => found[1]!,
    )
    expect(links).toEqual(
      expect.arrayContaining(
        ['csv', 'json', 'jsonld', 'stratml'].map((name) => `/strategy/plans/PLN-0001/download/${name}`),
      ),
    )
    for (const link of links) {
      const file = await web.browser().get(link)
      expect({ link, status: file.status }).toEqual({ link, status: 200 })
      expect(file.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''PLN-0001\./)
    }
    const list = await admin.get('/strategy/objectives?state=agreed&sort=title')
    const href = /href="(\/strategy\/objectives\/download\/csv[^"]*)"/.exec(list.text)![1]!.replaceAll('&amp;', '&')
    expect(href).toBe('/strategy/objectives/download/csv?state=agreed')
    const csv = await admin.get(href)
    expect(csv.text.startsWith('\ufeffcode,id,title.en,title.zh-Hans,state')).toBe(true)
    expect(
      csv.text
        .trim()
        .split('\r\n')
        .slice(1)
        .every((line) => line.includes(',agreed,')),
    ).toBe(true)
  })

  test('hold what the reader may read: the public gets no drafts, no people and no small cells', async () => {
    const [counted] = await web.rows<{ id: string }>(
      `select r.id from records.record r join indicators.indicator t on t.id = r.id where r.audience = 'public' and t."valueKind" = 'count' order by r.code limit 1`,
    )
    const small = ['A', 'B', 'C'].map((place, index) => ({
      cell: `district=${place}`,
      from: '2001-01-01',
      to: '2002-01-01',
      label: '2001',
      value: ['3', '50', '60'][index]!,
      status: 'actual',
    }))
    await inTransaction(contextOf(web.app, systemCaller, 'en'), (tx) =>
      write(tx, { source: 'test' }, [
        { kind: 'indicators.indicator', action: 'change', id: counted!.id, rows: { measurement: { set: small } } },
      ]),
    )
    const open = JSON.parse((await web.browser().get('/strategy/plans/PLN-0001/download/json')).text) as Document
    const inside = JSON.parse((await admin.get('/strategy/plans/PLN-0001/download/json')).text) as Document
    expect(open.complete).toBe(false)
    expect(open.records.length).toBeLessThan(inside.records.length)
    expect(open.records.filter((each) => !each.rows).every((each) => each.audience === 'public')).toBe(true)
    expect(JSON.stringify(open)).not.toContain('directory.person')
    const values = (document: Document) =>
      document.records
        .filter((each) => each.rows === 'measurement' && each.record === counted!.id)
        .flatMap((each) => each.values as Array<Record<string, unknown>>)
        .filter((row) => row.label === '2001')
        .map((row) => row.value)
    expect(values(inside)).toEqual(['3', '50', '60'])
    expect(values(open)).toHaveLength(3)
    expect(values(open)).not.toContain('3')
    expect(values(open).filter((value) => value === undefined).length).toBeGreaterThanOrEqual(2)
    const missing = await web.browser().get('/strategy/plans/PLN-9999/download/json')
    expect(missing.status).toBe(404)
    expect((await web.browser().get('/strategy/plans/PLN-0001/download/docx')).status).toBe(404)
  })
})

describe('a file that says by itself what it holds', () => {
  const stratml = (name: string) =>
    `<StrategicPlan xmlns="urn:ISO:std:iso:17469:tech:xsd:stratml_core"><Name>${name}</Name><StrategicPlanCore><Vision><Description>A calm harbour.</Description></Vision><Goal><Name>Quiet quays</Name><Description>Less noise at night.</Description><Identifier>_g1</Identifier><Objective><Name>Shore power</Name><Identifier>_o1</Identifier></Objective></Goal></StrategicPlanCore></StrategicPlan>`
  const caller = async () => {
    const [row] = await web.rows<{ id: string }>(`select id from identity.account where login = 'nils'`)
    return {
      account: row!.id,
      person: null,
      posts: [],
      grants: [{ role: 'administrator' as const, organisations: null }],
      system: false,
    }
  }
  const upload = async (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    const bytes = Buffer.byteLength(text)
    return uploadImport(contextOf(web.app, await caller(), 'en'), { name, type: '', path, bytes }, null)
  }
  const work = (id: string) => performImport(contextOf(web.app, systemCaller, 'en'), importOffers, id)

  test('is recognised, shown, imported in the background, taken back, and can come again', async () => {
    const id = await upload('harbour.xml', stratml('Harbour plan'))
    const first = await admin.get(`/import/${id}`)
    expect(plain(first.text)).toContain('StratML · it says by itself what it holds')
    for (const text of ['Quiet quays', 'Shore power', 'What the file holds', 'Objectives'])
      expect(plain(first.text)).toContain(text)
    expect((await admin.get(`/import/${id}/columns`)).location).toBe(`/import/${id}`)
    for (const round of [1, 2]) {
      const again = round === 1 ? id : await upload('harbour.xml', stratml('Harbour plan'))
      expect((await admin.post(`/import/${again}`, { act: 'import' })).location).toBe(`/import/${again}`)
      await work(again)
      const report = plain((await admin.get(`/import/${again}`)).text)
      expect(report).toContain('Imported')
      const found = await web.rows(
        `select 1 from records.record where title->>'en' = 'Shore power' and "retiredAt" is null`,
      )
      expect(found).toHaveLength(1)
      await admin.post(`/import/${again}`, { act: 'undo' })
      const left = await web.rows(
        `select 1 from records.record where title->>'en' in ('Shore power', 'Harbour plan') and "retiredAt" is null`,
      )
      expect(left).toHaveLength(0)
    }
  })

  test('of another installation brings nothing to the public by itself', async () => {
    const text = (await admin.get('/strategy/plans/PLN-0001/download/json')).text
    const moved = text
      .replaceAll(
        /"([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-)([0-9a-f]{12})"/g,
        (_all, start, end: string) => `"${start}${[...end].reverse().join('')}"`,
      )
      .replaceAll('"demo:', '"moved:')
    const id = await upload('plan.json', moved)
    expect(plain((await admin.get(`/import/${id}`)).text)).toContain('JSON · it says by itself')
    await admin.post(`/import/${id}`, { act: 'import' })
    await work(id)
    const report = plain((await admin.get(`/import/${id}`)).text)
    expect(report).toMatch(/records were public where they came from/)
    const [row] = await web.rows<{ n: string }>(
      `select count(*) as n from records.record r join records."externalId" e on e.record = r.id where e.id like 'moved:%' and r.audience = 'public'`,
    )
    expect(row!.n).toBe('0')
  })

  test('that nobody knows is refused in words before anything can be started', async () => {
    const id = await upload('old.xml', '<StrategicPlan xmlns="http://www.stratml.net"><Name>P</Name></StrategicPlan>')
    const page = await admin.get(`/import/${id}`)
    expect(plain(page.text)).toContain('http://www.stratml.net')
    expect(page.text).not.toContain('name="act" value="check"')
  })
})
