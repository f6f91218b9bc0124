/** A workbook on the pages of an import, as somebody without scripts walks them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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
import { handMade, rowsXml, written } from '#test/kit/workbooks.ts'
import { performImport, uploadImport } from './actions-runs.ts'

const colours = ['C00000', 'FFC000', '00B050']
const fill = (rgb: string) => `<fill><patternFill patternType="solid"><fgColor rgb="FF${rgb}"/></patternFill></fill>`
const styles = `<fills><fill><patternFill patternType="none"/></fill>${colours.map(fill).join('')}</fills><cellXfs>${[0, 1, 2, 3].map((id) => `<xf fillId="${id}"/>`).join('')}</cellXfs>`

/** A management report as offices send it round: title, names over two rows, a colour for the status, totals, remarks. */
function report(): Promise<Buffer> {
  const head = rowsXml([
    ['Performance of the city'],
    null,
    ['Agency', 'Measure', 'Unit', '2022', null, '2023', null, 'Status'],
    [null, null, null, 'Actual', 'Target', 'Actual', 'Target', null],
  ])
  const data: Array<Array<string | number | null>> = [
    ['Parks', 'Litter picked up by hand', 't', 1200.5, 1100, 1300, 1100],
    [null, 'Benches mended by hand', '1', 12, 10, 14, 10],
    ['Roads', 'Potholes filled by hand', '1', 5000, 4800, 5200, 4800],
    ['Total', null, null, 6212.5, 5910, 6514, 5910],
  ]
  const rows = data.map((cells, index) => {
    const row = 5 + index
    const xml = rowsXml([cells], row)
    return index < 3 ? xml.replace('</row>', `<c r="H${row}" s="${index + 1}"/></row>`) : xml
  })
  const merges = ['A1:H1', 'A3:A4', 'B3:B4', 'C3:C4', 'D3:E3', 'F3:G3', 'H3:H4', 'A5:A6']
  return handMade({
    styles,
    sheets: [
      { name: 'Cover', rows: rowsXml([['Prepared by the office']]) },
      {
        name: 'Results',
        rows: head + rows.join('') + rowsXml([['Source: management report']], 10),
        behind: `<mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`,
      },
      { name: 'Old', state: 'hidden', rows: rowsXml([['x'], ['y']]) },
    ],
  })
}

describe('the pages of an import, with a workbook', () => {
  let web: TestWeb
  let reader: Reader
  let ctx: AppContext
  let folder = ''
  beforeAll(async () => {
    web = await openWeb()
    reader = await web.signIn(administrator)
    folder = await mkdtemp(join(tmpdir(), 'workbook-pages-'))
    ctx = await web.as(administrator, 'administrator')
  })
  afterAll(async () => {
    await web?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })
  const upload = async (name: string, bytes: Buffer) => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return uploadImport(ctx, { name, type: 'application/zip', path, bytes: bytes.length }, null)
  }
  const work = (id: string) => performImport(contextOf(web.app, systemCaller, 'en'), importOffers, id)

  test('what was found is shown for confirmation: sheet, rows of names, totals, remarks, colours', async () => {
    const id = await upload('report.xlsx', await report())
    expect((await reader.get(`/import/${id}`)).to).toBe(`/import/${id}/columns`)
    const page = await reader.get(`/import/${id}/columns`)
    const reported = textOf(page.html)
    expect(reported).toContain(
      'In the sheet “Results” the table was found at A3:H8; the names of its columns stand in row 3 and below (2 rows).',
    )
    expect(reported).toContain('Found in Agency: Total (row 8).')
    expect(reported).toContain('From row 10 on there seem to be remarks.')
    expect(reported).toContain('#C00000 (1), #FFC000 (1), #00B050 (1). What they mean is not guessed.')
    const form = formIn(page.html, `/import/${id}/columns`)
    expect(form).toMatchObject({
      ...{ sheet: ['Results'], leaveTotals: ['false', 'true'], blankEnds: ['false', 'true'] },
      ...{ 'c0.to': ['organisation.name'], 'c1.to': ['indicator.title'], 'c2.to': ['indicator.unit'] },
      // A period has a result and a target: one of them is its value.
      ...{ 'c3.to': ['measurement.value'], 'c3.period': ['2022'], 'c4.to': [''], 'c5.period': ['2023'], 'c6.to': [''] },
      ...{ 'c7.to': [''], 'c7.choices': ['#C00000 = ; #FFC000 = ; #00B050 = '] },
    })
    const mapped = { 'c7.to': 'measurement.note', 'c7.choices': '#C00000 = late; #FFC000 = at risk; #00B050 = on time' }
    expect(
      (
        await reader.post(`/import/${id}/columns`, {
          ...form,
          ...mapped,
          'constants.organisation.organisationKind': 'agency',
        })
      ).to,
    ).toBe(`/import/${id}`)
    const preview = textOf((await reader.get(`/import/${id}`)).html)
    expect(preview).toContain('1 row is left out because the mapping says so')
    expect(preview).toContain('Results 6 Benches mended by hand')
    // What the form made, the form can show again.
    const again = formIn((await reader.get(`/import/${id}/columns?sheet=Results`)).html, `/import/${id}/columns`)
    expect(again).toMatchObject({
      ...mapped,
      'c7.to': ['measurement.note'],
      'c7.choices': ['#00B050 = on time; #C00000 = late; #FFC000 = at risk'],
      leaveTotals: ['false', 'true'],
    })

    await reader.post(`/import/${id}`, { act: 'import' })
    await work(id)
    const run = await getRun(ctx, id)
    expect(run.report).toMatchObject({ created: 5, rejected: 0, rows: { read: 4, left: 1, taken: 3 } })
    const { rows } =
      await web.app.database.pool.query(`select m.label, m.value, m.note->>'en' as note from indicators.measurement m
      join records.record r on r.id = m.record where r.title->>'en' = 'Potholes filled by hand' order by m.label`)
    expect(rows).toEqual([
      { label: '2022', value: '5000', note: 'on time' },
      { label: '2023', value: '5200', note: 'on time' },
    ])
    await reader.post(`/import/${id}`, { act: 'undo' })
    expect(textOf((await reader.get(`/import/${id}`)).html)).toContain('records were put back')
  })

  test('a programme office brings sixty benefits without owners', async () => {
    const rows: Array<Array<string | number | null>> = [
      ['Benefit', 'Description', 'Gain or loss', 'Due', 'Adds to', 'Weight'],
    ]
    for (let count = 1; count <= 60; count += 1)
      rows.push([
        `Less waiting at counter ${count}`,
        count % 4 ? 'People wait less' : null,
        'Gain',
        null,
        count % 2 ? 'OUT-0001' : null,
        count % 2 ? 2 : null,
      ])
    const id = await upload(
      'benefits.xlsx',
      await written({ sheets: [{ name: 'Register', headerRows: 1, columns: [], rows }] }),
    )
    const chosen = await reader.get(`/import/${id}/table?sheet=Register&kind=benefits.benefit`)
    expect(chosen.to).toBe(`/import/${id}/columns?sheet=Register&kind=benefits.benefit`)
    const lead = /recognised[^.]*\./
    expect(lead.exec(textOf((await reader.get(`/import/${id}/columns?sheet=Register`)).html))![0]).toContain('period')
    expect(lead.exec(textOf((await reader.get(chosen.to!)).html))![0]).toBe('recognised.')
    const form = formIn((await reader.get(chosen.to!)).html, `/import/${id}/columns`)
    expect(form).toMatchObject({
      'c0.to': ['title'],
      'c0.id': ['false', 'true'],
      'c1.to': ['description'],
      'c2.to': ['effect'],
    })
    const links = { 'c4.to': 'links.contributesTo', 'c5.to': 'links.contributesTo.weight', 'c5.as': 'number' }
    expect((await reader.post(`/import/${id}/columns`, { ...form, ...links })).to).toBe(`/import/${id}`)
    expect(textOf((await reader.get(`/import/${id}`)).html)).toContain('Register 2 Less waiting at counter 1')
    await reader.post(`/import/${id}`, { act: 'import' })
    await work(id)
    const { report: done } = await getRun(ctx, id)
    expect(done).toMatchObject({ created: 60, rejected: 0, kinds: { 'benefits.benefit': { created: 60 } } })
    const { rows: stored } =
      await web.app.database.pool.query(`select count(*)::int as n, count(l.weight)::int as linked, count(r.owner)::int as owners
      from records.record r left join records.link l on l."from" = r.id and l.name = 'benefits.benefit.contributesTo'
      where r.kind = 'benefits.benefit' and r.title->>'en' like 'Less waiting at counter %'`)
    expect(stored).toEqual([{ n: 60, linked: 30, owners: 0 }])
  })

  test('several sheets are mapped one after the other, and one can be left out again', async () => {
    const sheet = (name: string, word: string) => ({
      name,
      headerRows: 1,
      columns: [],
      rows: [
        ['No', word],
        ['1', `${word} one`],
        ['2', `${word} two`],
      ],
    })
    const id = await upload(
      'two.xlsx',
      await written({ sheets: [sheet('Outcomes', 'Outcome'), sheet('Changes', 'Business change')] }),
    )
    const at = `/import/${id}/columns`
    const outcomes = formIn((await reader.get(`${at}?sheet=Outcomes&kind=strategy.outcome`)).html, at)
    const next = await reader.post(at, { ...outcomes, next: 'Changes' })
    expect(next.to).toBe(`${at}?sheet=Changes`)
    const changes = formIn((await reader.get(`${at}?sheet=Changes&kind=benefits.change`)).html, at)
    expect((await reader.post(at, changes)).to).toBe(`/import/${id}`)
    const preview = textOf((await reader.get(`/import/${id}`)).html)
    expect(preview).toContain('Outcomes 2 Outcome one')
    expect(preview).toContain('Changes 3 Business change two')
    const profile = JSON.parse((await reader.get(`/import/${id}/profile`)).html)
    expect(profile.tables.map((table: { kind: string }) => table.kind)).toEqual(['strategy.outcome', 'benefits.change'])
    await reader.post(at, { act: 'leave', sheet: 'Changes' })
    expect((await getRun(ctx, id)).profile).toMatchObject({ kind: 'strategy.outcome', file: { sheet: 'Outcomes' } })
  })

  test('a damaged workbook says so on its page, in both languages', async () => {
    const id = await upload('cut.xlsx', (await report()).subarray(0, 900))
    for (const [language, words] of [
      ['en', 'The workbook is damaged'],
      ['zh-Hans', '工作簿已损坏'],
    ] as const) {
      const page = await (await web.signIn(administrator, language)).get(`/import/${id}/columns`)
      expect(page.status).toBe(200)
      expect(textOf(page.html)).toContain(words)
    }
  })
})
