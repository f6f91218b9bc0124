/** The pages of an import from the upload to taking it back, as somebody without scripts walks them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { getRun } from '#platform/imports/index.ts'
import type { AppContext } from '#platform/page.ts'
import { importOffers } from '#test/kit/imports.ts'
import { formIn, openWeb, type Reader, type TestWeb, textOf } from '#test/kit/pages.ts'
import { administrator } from '#test/kit/people.ts'
import { performImport, uploadImport } from './actions-runs.ts'

describe('the pages of an import', () => {
  let web: TestWeb
  let reader: Reader
  let ctx: AppContext
  let folder = ''

  beforeAll(async () => {
    web = await openWeb()
    reader = await web.signIn(administrator)
    folder = await mkdtemp(join(tmpdir(), 'import-pages-'))
    ctx = await web.as(administrator, 'administrator')
  })
  afterAll(async () => {
    await web?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const upload = async (name: string, text: string) => {
    const path = join(folder, name)
    await writeFile(path, text)
    return uploadImport(ctx, { name, type: 'text/csv', path, bytes: Buffer.byteLength(text) }, null)
  }
  const work = (id: string) => performImport(contextOf(web.app, systemCaller, 'en'), importOffers, id)

  const bodies = { 'constants.organisation.organisationKind': 'agency' }
  const wide =
    'Measure,Agency,Unit,2022,2023\nLitter picked up,Parks,t,"1,200.5",1300\nBenches mended,Parks,1,oops,12\n'

  test('a file without a mapping asks what its columns mean, with the guesses filled in', async () => {
    const id = await upload('litter.csv', wide)
    const sent = await reader.get(`/import/${id}`)
    expect(sent.to).toBe(`/import/${id}/columns`)
    const page = await reader.get(sent.to!)
    expect(page.status).toBe(200)
    const form = formIn(page.html, `/import/${id}/columns`)
    expect(form).toMatchObject({
      'c0.to': ['indicator.title'],
      'c1.to': ['organisation.name'],
      'c2.to': ['indicator.unit'],
      'c3.to': ['measurement.value'],
      'c3.period': ['2022'],
    })
    const mapped = await reader.post(`/import/${id}/columns`, { ...form, ...bodies })
    expect(mapped.to).toBe(`/import/${id}`)
    const preview = textOf((await reader.get(mapped.to!)).html)
    expect(preview).toContain('Litter picked up')
    expect(preview).toContain('2 values: 2022: 1200.5 · 2023: 1300')
    expect(preview).toContain('“oops” in line 3, column “2022”, is not a number')

    expect((await reader.post(`/import/${id}`, { act: 'import' })).to).toBe(`/import/${id}`)
    const waiting = await reader.get(`/import/${id}`)
    expect(waiting.html).toContain('http-equiv="refresh"')
    await work(id)
    const report = textOf((await reader.get(`/import/${id}`)).html)
    expect(report).toContain('Imported')
    expect(report).toContain('1 row was rejected.')

    const undone = await reader.post(`/import/${id}`, { act: 'undo' })
    expect(undone.to).toBe(`/import/${id}`)
    const after = textOf((await reader.get(`/import/${id}`)).html)
    expect(after).toContain('records were put back')
    expect(after.indexOf('Taken back on')).toBeLessThan(after.indexOf('In figures'))
    expect(textOf((await reader.get('/import')).html)).toContain('taken back')
  })

  test('a list of the house that was downloaded as CSV brings nothing new', async () => {
    const list = await reader.get('/benefits/benefits/download/csv')
    const id = await upload('benefits.csv', list.html)
    const at = `/import/${id}/columns`
    const form = formIn((await reader.get(`${at}?kind=benefits.benefit`)).html, at)
    expect(Object.keys(form).filter((name) => form[name]!.includes('title'))).toEqual([])
    expect((await reader.post(at, form)).to).toBe(`/import/${id}`)
    await reader.post(`/import/${id}`, { act: 'import' })
    await work(id)
    expect((await getRun(ctx, id)).report).toMatchObject({ created: 0, changed: 0, rejected: 0, unchanged: 25 })
  })

  test('a table of values of one indicator needs no more than a look', async () => {
    const id = await upload(
      'air_quality_days.csv',
      'year,district,days\n2022,North,12\n2022,South,9\n2023,North,14\n2023,South,8\n',
    )
    const form = formIn((await reader.get(`/import/${id}/columns`)).html, `/import/${id}/columns`)
    expect(form).toMatchObject({
      'constants.indicator.title': ['Air quality days'],
      'c0.to': ['measurement.period'],
      'c1.to': ['breakdown'],
      'c2.to': ['measurement.value'],
    })
    expect((await reader.post(`/import/${id}/columns`, form)).to).toBe(`/import/${id}`)
    // What the form made, the form can show again.
    expect(formIn((await reader.get(`/import/${id}/columns`)).html, `/import/${id}/columns`)).toEqual(form)
    await reader.post(`/import/${id}`, { act: 'import' })
    await work(id)
    const report = (await getRun(ctx, id)).report!
    expect(report).toMatchObject({ created: 1, rejected: 0, rows: { taken: 4 } })
  })

  test('what is wrong with a mapping is said in the form, which keeps what was typed', async () => {
    const id = await upload('wrong.csv', wide)
    const form = formIn((await reader.get(`/import/${id}/columns`)).html, `/import/${id}/columns`)
    const answer = await reader.post(`/import/${id}/columns`, {
      ...form,
      name: '',
      'constants.plan.title': 'Typed before',
    })
    expect(answer.status).toBe(422)
    expect(textOf(answer.html)).toContain('The value at name does not fit')
    expect(answer.html).toContain('value="Typed before"')
  })

  test('columns may have names that mean something to the machine', async () => {
    const text = '__proto__,constructor,toString\nOctavia Hill School,Octavia,agency\n'
    const id = await upload('names.csv', text)
    const address = `/import/${id}/columns`
    const form = formIn((await reader.get(`${address}?kind=directory.organisation`)).html, address)
    const mapped = await reader.post(address, {
      ...form,
      ...{ 'c0.to': 'title', 'c1.to': 'title.zh-Hans', 'c2.to': 'organisationKind' },
      ...{ 'c0.as': 'text', 'c1.as': 'text', 'c2.as': 'text', 'c0.id': 'true' },
    })
    expect(mapped.to).toBe(`/import/${id}`)
    const columns = Object.keys((await getRun(ctx, id)).profile!.columns)
    expect(columns.sort()).toEqual(['__proto__', 'constructor', 'toString'])
    expect(textOf((await reader.get(`/import/${id}`)).html)).toContain('Octavia Hill School')
    expect(formIn((await reader.get(address)).html, address)).toMatchObject({ 'c0.to': ['title'] })
  })

  test('the templates are recognised, and the mapping can be downloaded and saved', async () => {
    const template = await readFile(
      importOffers.subjects[0]!.templates.find(({ name }) => name === 'plan')!.file,
      'utf8',
    )
    const own = template.trimEnd().split(/\r?\n/)[1]!.replaceAll('EXAMPLE-', 'OWN-')
    const id = await upload('my plan.csv', `${template.trimEnd()}\n${own}\n`)
    const page = await reader.get(`/import/${id}`)
    expect(page.status).toBe(200)
    const text = textOf(page.html)
    expect(text).toContain('Template: plan')
    expect(text).toContain('2 rows are left out because the mapping says so')
    expect(text).toContain('A river people can swim in › Fewer spills from sewers')
    const profile = await reader.get(`/import/${id}/profile`)
    expect(JSON.parse(profile.html)).toMatchObject({ name: 'Template: plan', externalId: { source: 'template' } })
    await reader.post(`/import/${id}`, { act: 'save' })
    expect(textOf((await reader.get('/import')).html)).toContain('Template: plan, version')

    // The body is not known here: a trial says so, and nothing is written.
    await reader.post(`/import/${id}`, { act: 'check' })
    await work(id)
    const checked = textOf((await reader.get(`/import/${id}`)).html)
    expect(checked).toContain('Checked; nothing was written')
    expect(checked).toContain('there is no organisation called “Water company”')
  })

  test('a file can be cancelled before its turn, and started again', async () => {
    const id = await upload('again.csv', wide)
    const form = formIn((await reader.get(`/import/${id}/columns`)).html, `/import/${id}/columns`)
    await reader.post(`/import/${id}/columns`, { ...form, ...bodies })
    await reader.post(`/import/${id}`, { act: 'import', allOrNothing: 'true' })
    await reader.post(`/import/${id}`, { act: 'cancel' })
    await work(id)
    expect(textOf((await reader.get(`/import/${id}`)).html)).toContain('Nothing of it was saved')
    await reader.post(`/import/${id}`, { act: 'import', allOrNothing: 'true' })
    await work(id)
    expect(textOf((await reader.get(`/import/${id}`)).html)).toContain('not every row could be taken')
  })

  test('a file that is not a table is recognised, in both languages, and nobody else sees it', async () => {
    const id = await upload('page.csv', '<!doctype html><html></html>')
    for (const language of ['en', 'zh-Hans']) {
      const other = await web.signIn(administrator, language)
      const page = await other.get(`/import/${id}/columns`)
      expect(page.status).toBe(200)
      expect(page.html).not.toMatch(/\[[a-z]+\.[\w.-]+\]/)
    }
    const stranger = contextOf(web.app, { ...ctx.caller, account: id, grants: [] }, 'en')
    await expect(getRun(stranger, id)).rejects.toMatchObject({ kind: 'NotFound' })
  })

  test('the templates explain every column in both languages', async () => {
    for (const language of ['en', 'zh-Hans']) {
      const page = await web.nobody(language).get('/import/template')
      expect(page.status).toBe(200)
      expect(page.html).not.toContain('<td role="cell" data-head="Meaning"></td>')
      expect(textOf(page.html)).toContain('publication_lag_days')
    }
    expect((await web.nobody().get('/import/template/plan.csv')).html).toMatch(/^\ufeffoutcome_id,/)
    expect((await web.nobody().get('/import/template/other.csv')).status).toBe(404)
  })
})
