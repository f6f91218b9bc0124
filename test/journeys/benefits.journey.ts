import { type Browser, expect, type Page, type TestInfo, test } from '@playwright/test'
import { writeWorkbook } from '#platform/workbook/index.ts'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'
import { administrator, analyst, finance, mayor } from '../kit/people.ts'
import { signIn } from './visit.ts'

const columns = [
  'Benefit',
  'Type',
  'What exactly',
  'Organisation',
  'Currency',
  'In prices of',
  'Once or every year',
  'Begins on',
  'Due in full by',
  'Full value a year, in money',
  'What would have happened without it',
]
const many = 60

/** The workbook a programme office has: sixty savings, and nobody who answers for them. */
async function workbook(own: string): Promise<Buffer> {
  const rows = Array.from({ length: many }, (_, index) => [
    `Saving ${own} ${String(index + 1).padStart(2, '0')}`,
    'cash-releasing',
    'Paper, postage and rooms that are no longer needed',
    'Transport Department',
    'EUR',
    2024,
    'recurring',
    { day: '2024-01-01' },
    { day: '2025-12-31' },
    { decimal: '120000' },
    'Letters would still be printed',
  ])
  const sheet = { name: 'Benefits', columns: columns.map(() => ({})), headerRows: 1, rows: [columns, ...rows] }
  const parts: Buffer[] = []
  for await (const part of writeWorkbook({ sheets: [sheet] })) parts.push(part)
  return Buffer.concat(parts)
}

/** Somebody else at a browser of their own. */
async function as(browser: Browser, info: TestInfo, login: string | null, path: string): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: !info.project.name.startsWith('without') })
  const page = await context.newPage()
  if (login === null) await page.goto(path)
  else await signIn(page, login, path)
  return page
}

/** Opens one of the steps on the page of a record and takes it. */
async function step(page: Page, name: string, fields: Record<string, string> = {}): Promise<void> {
  const form = page.getByRole('form', { name, exact: true })
  if (!(await form.isVisible())) await page.locator('summary').filter({ hasText: name }).click()
  for (const [label, value] of Object.entries(fields)) await form.getByLabel(label).fill(value)
  await form.getByRole('button', { name, exact: true }).click()
}

async function choose(page: Page, label: string, named: string): Promise<void> {
  const list = page.getByLabel(label)
  await list.selectOption((await list.locator('option').filter({ hasText: named }).getAttribute('value'))!)
}

test('a programme office brings sixty benefits without owners, hands one over, finance confirms it, and everybody sees it', async ({
  page,
  browser,
}, info) => {
  test.setTimeout(180_000)
  const own = info.project.name.startsWith('without') ? 'plain' : 'scripted'
  const title = `Saving ${own} 01`

  await signIn(page, administrator, '/import')
  await page.getByLabel('File', { exact: true }).setInputFiles({
    name: `savings-${own}.xlsx`,
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: await workbook(own),
  })
  await page.getByRole('button', { name: 'Upload and look' }).click()
  await page.getByLabel('What the rows are').selectOption('benefits.benefit')
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByRole('button', { name: 'Show the first rows' }).click()
  await page.getByRole('button', { name: 'Import now' }).click()
  await expect(page.getByRole('button', { name: 'Take this import back' })).toBeVisible({ timeout: 30_000 })

  await page.goto(`/benefits?q=${encodeURIComponent(`Saving ${own}`)}`)
  await expect(page.getByRole('main')).toContainText(`Benefits: ${many}`)
  await page.goto('/directory/findings?for=no-owner')
  await expectNoAxeFindings(page)
  await page.goto(`/benefits?q=${encodeURIComponent(title)}`)
  await page.getByRole('link', { name: title, exact: true }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
  const address = new URL(page.url()).pathname
  // The register follows a change within seconds.
  await expect(async () => {
    await page.reload()
    await expect(page.getByRole('main')).toContainText('No post answers for it.', { timeout: 2000 })
  }).toPass({ timeout: 30_000 })

  const office = await as(browser, info, analyst, `${address}/edit`)
  await choose(office, 'Owner', 'Director of transport')
  await choose(office, 'Post that receives it', 'Manager of the bus contract')
  await office.getByRole('main').getByRole('button', { name: /^Save/ }).click()
  await expect(office.getByRole('heading', { level: 1 })).toHaveText(title)

  const leader = await as(browser, info, mayor, address)
  await step(leader, 'Agree')
  await expect(leader.getByRole('main')).toContainText('Agreed')

  await office.goto(`${address}/figures`)
  await expectNoAxeFindings(office)
  const save = () =>
    office
      .getByRole('main')
      .getByRole('button', { name: /^Save:/ })
      .click()
  await office.getByRole('button', { name: /^Lay the path out/ }).click()
  await expect(office.getByRole('main')).toContainText('Nothing is saved yet.')
  await save()
  await office.getByRole('link', { name: 'Realized', exact: true }).click()
  await office.getByLabel('Value').first().fill('not a number')
  await save()
  await expect(office.getByRole('alert')).toContainText('“not a number” is not a number')
  await expect(office.getByLabel('Value').first()).toHaveValue('not a number')
  await expectNoAxeFindings(office)
  await office.getByLabel('Value').first().fill('115,000')
  await save()
  await expect(office.getByRole('main')).toContainText('One row was saved.')
  await office.getByRole('link', { name: 'Whose budget is reduced', exact: true }).click()
  await office.getByLabel('Line of the budget').first().fill('120-9900')
  await office.getByLabel('Year').first().fill('2024')
  await office.getByLabel('Amount').first().fill('120000')
  await save()
  await office.goto(address)
  await expect(office.getByRole('main')).toContainText('€115,000 of €120,000 promised for the same periods: 96%')

  // Not even the leader signs for the service, nor does anybody but finance say that it is cash.
  await leader.goto(address)
  await expect(leader.getByRole('form', { name: 'Sign the hand-over' })).toHaveCount(0)
  await expect(leader.getByRole('link', { name: 'Confirm cash' })).toHaveCount(0)

  const service = await as(browser, info, 'samira', '/work')
  await expect(async () => {
    await service.reload()
    await expect(service.getByRole('main')).toContainText('a signature under the hand-over')
  }).toPass({ timeout: 30_000 })
  await service.goto(address)
  await step(service, 'Sign the hand-over', {
    'Budget for measuring': '2500',
    'Tracked until': '2027-12-31',
  })
  await expect(service.getByRole('main')).toContainText('Handed over')
  await expectNoAxeFindings(service)

  const treasurer = await as(browser, info, finance, `${address}/cash`)
  await expectNoAxeFindings(treasurer)
  await treasurer.getByLabel('What finance found').first().selectOption({ label: 'In the budget' })
  await treasurer.getByLabel('Amount found').first().fill('110,000')
  await treasurer
    .getByRole('main')
    .getByRole('button', { name: /^Save:/ })
    .click()
  await treasurer.goto(address)
  await expect(treasurer.getByRole('main')).toContainText('Cashed, as confirmed by finance: €110,000.')

  await leader.goto(`${address}/publish`)
  await leader
    .getByRole('main')
    .getByRole('button', { name: /^Publish/ })
    .click()
  await expect(leader.getByRole('heading', { level: 1 })).toHaveText(title)

  const anybody = await as(browser, info, null, address)
  await expect(anybody.getByRole('heading', { level: 1 })).toHaveText(title)
  const main = anybody.getByRole('main')
  await expect(main).toContainText('Cashed, as confirmed by finance: €110,000.')
  await expect(main).toContainText('Manager of the bus contract')
  await expect(main).toContainText('Director of finance')
  await expect(main).not.toContainText('Samira')
  await expect(main).not.toContainText('Ines')
  await expectNoAxeFindings(anybody)
  await anybody.goto('/benefits')
  await expect(anybody.getByRole('main')).toContainText(title)
  await expectNoAxeFindings(anybody)
  for (const other of [office, leader, service, treasurer, anybody]) await other.context().close()
})
