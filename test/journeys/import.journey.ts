import { expect, type Page, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'
import { administrator } from '../kit/people.ts'
import { handMade, rowsXml } from '../kit/workbooks.ts'
import { signIn } from './visit.ts'

/** Rows by the columns of the template, each a map of what is filled in. */
function planFile(header: string, rows: ReadonlyArray<Record<string, string>>): Buffer {
  const columns = header.split(',')
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','))
  return Buffer.from(`${[header, ...lines].join('\n')}\n`, 'utf8')
}

async function templateHeader(page: Page): Promise<string> {
  const answer = await page.request.get('/import/template/plan.csv')
  expect(answer.ok()).toBe(true)
  return (await answer.text()).replace('\ufeff', '').split(/\r?\n/)[0]!
}

test('somebody brings a plan as a table: what is wrong is told by line and column, the rest is there, and taking it back leaves nothing', async ({
  page,
}, info) => {
  // Both kinds of browser run at the same time on one city: each brings a file of its own.
  const own = info.project.name.startsWith('without') ? 'plain' : 'scripted'
  const name = `Benches repaired within a week (${own})`
  const shared = {
    outcome_id: `OUT-${own}`,
    outcome: `Parks people like to sit in (${own})`,
    objective_id: `OBJ-${own}`,
    objective: `Benches that are whole (${own})`,
    unit: '%',
    direction: 'up',
    value_kind: 'percent',
    grain: 'year',
    target_kind: 'keep',
    target_from: '2025-01-01',
    target_set_on: '2025-01-01',
  }
  await signIn(page, administrator, '/import')
  await page.getByLabel('File', { exact: true }).setInputFiles({
    name: `benches-${own}.csv`,
    mimeType: 'text/csv',
    buffer: planFile(await templateHeader(page), [
      { ...shared, indicator_id: `IND-${own}-1`, indicator: name, target: '90' },
      { ...shared, indicator_id: `IND-${own}-2`, indicator: `Benches counted (${own})`, target: 'ninety' },
    ]),
  })
  await page.getByRole('button', { name: 'Upload and look' }).click()

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`benches-${own}.csv`)
  const problem = page.getByRole('row').filter({ hasText: 'ninety' })
  await expect(problem.getByRole('cell')).toHaveText(['3', 'target'])
  await expectNoAxeFindings(page)
  await page.getByRole('button', { name: 'Import now' }).click()

  const takeBack = page.getByRole('button', { name: 'Take this import back' })
  // Without a script the page asks again by itself every two seconds.
  await expect(takeBack).toBeVisible({ timeout: 30_000 })
  await expect(problem).toBeVisible()
  await expectNoAxeFindings(page)
  const report = page.url()

  const list = `/indicators?q=${encodeURIComponent(own)}`
  await page.goto(list)
  await page.getByRole('main').getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await expect(page.getByRole('main')).toContainText(shared.objective)
  await expect(page.getByRole('main')).toContainText(shared.outcome)

  await page.goto(report)
  await takeBack.click()
  await expect(page.getByRole('heading', { name: /^Taken back on/ })).toBeVisible()
  await expectNoAxeFindings(page)
  await page.goto(list)
  await expect(page.getByRole('main').getByRole('link', { name })).toHaveCount(0)
  for (const title of [shared.objective, shared.outcome]) {
    await page.goto(`/search?q=${encodeURIComponent(title)}`)
    await expect(page.getByRole('main').getByRole('link', { name: title })).toHaveCount(0)
  }
})

test('an office brings a workbook as it is: what was found is asked about, and what comes of it is told by sheet and cell', async ({
  page,
}, info) => {
  const own = info.project.name.startsWith('without') ? 'plain' : 'scripted'
  const rows = [
    [`Report of the works department (${own})`],
    null,
    ['Agency', 'Measure', 'Unit', '2022', null, '2023', null],
    [null, null, null, 'Actual', 'Target', 'Actual', 'Target'],
    [`Works (${own})`, `Lamps mended (${own})`, '1', 120, 110, 'many', 110],
    [null, `Kerbs lowered (${own})`, '1', 12, 10, 14, 10],
    ['Total', null, null, 132, 120, 14, 120],
  ]
  const merged = ['A1:G1', 'A3:A4', 'B3:B4', 'C3:C4', 'D3:E3', 'F3:G3', 'A5:A6']
  const behind = `<mergeCells>${merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`
  const sheets = [
    { name: 'Cover', rows: rowsXml([['Prepared by the office']]) },
    { name: 'Results', rows: rowsXml(rows), behind },
  ]
  await signIn(page, administrator, '/import')
  await page.getByLabel('File', { exact: true }).setInputFiles({
    name: `works-${own}.xlsx`,
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: await handMade({ sheets }),
  })
  await page.getByRole('button', { name: 'Upload and look' }).click()

  await expect(page.getByText('In the sheet “Results” the table was found at A3:G7')).toBeVisible()
  await expect(page.getByLabel('Leave out rows that add up others')).toBeChecked()
  await expectNoAxeFindings(page)
  await page.getByLabel('Add organisations that are not known as').selectOption('agency')
  await page.getByRole('button', { name: 'Show the first rows' }).click()

  await expect(page.getByText('1 row is left out because the mapping says so')).toBeVisible()
  const problem = page.getByRole('row').filter({ hasText: 'many' })
  await expect(problem).toContainText('Sheet “Results”, F5: “many” in line 5')
  await expectNoAxeFindings(page)
  await page.getByRole('button', { name: 'Import now' }).click()
  const takeBack = page.getByRole('button', { name: 'Take this import back' })
  await expect(takeBack).toBeVisible({ timeout: 30_000 })
  await expect(problem).toBeVisible()
  await expectNoAxeFindings(page)
  await takeBack.click()
  await expect(page.getByText('records were put back')).toBeVisible()
})
