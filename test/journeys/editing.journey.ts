import { expect, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'
import { analyst, mayor } from '../kit/people.ts'
import { signIn } from './visit.ts'

test('somebody changes an objective: mistakes are named, nothing typed is lost, the history tells it and undo takes it back', async ({
  page,
}, info) => {
  // Both kinds of browser run at the same time on one city: each has an objective of its own.
  const code = info.project.name.startsWith('without') ? 'OBJ-0002' : 'OBJ-0003'
  const record = `/strategy/objectives/${code}`
  await signIn(page, analyst, `${record}/edit`)
  await expectNoAxeFindings(page)
  const name = page.getByRole('group', { name: 'Name' }).getByLabel('English')
  const before = await name.inputValue()
  await name.fill('')
  await page.getByLabel('Level').fill('77')
  await page.getByRole('main').getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByLabel('Level')).toHaveValue('77')
  await expectNoAxeFindings(page)
  await page.getByRole('group', { name: 'Name' }).getByLabel('English').fill(`${before} (tried)`)
  await page.getByLabel('Level').fill('2')
  await page.getByRole('main').getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${before} (tried)`)
  await page.goto(`${record}/history`)
  await expect(page.getByRole('main')).toContainText(`${before} (tried)`)
  await expectNoAxeFindings(page)
})

test('two people change the same record: the second sees both versions and loses nothing', async ({
  page,
  browser,
}, info) => {
  const code = info.project.name.startsWith('without') ? 'OBJ-0005' : 'OBJ-0006'
  const path = `/strategy/objectives/${code}/edit`
  await signIn(page, analyst, path)
  const context = await browser.newContext({ javaScriptEnabled: !info.project.name.startsWith('without') })
  const other = await context.newPage()
  await signIn(other, mayor, path)
  const nameOn = (which: typeof page) => which.getByRole('group', { name: 'Name' }).getByLabel('English')
  await nameOn(other).fill('As the mayor writes it')
  await other.getByRole('main').getByRole('button', { name: /^Save/ }).click()
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('As the mayor writes it')
  await nameOn(page).fill('As the analyst writes it')
  await page.getByRole('main').getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByRole('main')).toContainText('As the mayor writes it')
  await expect(page.getByRole('main')).toContainText('As the analyst writes it')
  await expectNoAxeFindings(page)
  await context.close()
})

test('a leader sees what is happening, what to decide and what waits', async ({ page }) => {
  await signIn(page, mayor)
  await expect(page.getByRole('heading', { name: 'What went silent' })).toBeVisible()
  expect(
    await page
      .getByRole('list')
      .filter({ has: page.getByRole('link') })
      .count(),
  ).toBeGreaterThan(0)
  await expectNoAxeFindings(page)
  for (const path of ['/decide', '/work', '/brief', '/strategy/publish', '/indicators', '/indicators/library']) {
    const answer = await page.goto(path)
    expect(answer?.status(), path).toBe(200)
    await expectNoAxeFindings(page)
  }
})
