import { expect, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'
import { administrator, demoPassword, mayor } from '../kit/people.ts'
import { signIn } from './visit.ts'

test('somebody signs in with a wrong password, then with the right one, sees the session and signs out', async ({
  page,
}) => {
  await page.goto('/sign-in')
  await expectNoAxeFindings(page)
  await page.getByLabel('Sign-in name').fill(mayor)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('do not belong together')
  await expect(page.getByLabel('Sign-in name')).toHaveValue(mayor)
  await expectNoAxeFindings(page)
  await page.getByLabel('Password').fill(demoPassword)
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await page.goto('/account')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mara Ellisand')
  await expect(page.getByText('this one')).toBeVisible()
  await expectNoAxeFindings(page)
})

test('a page for some people sends others to the sign-in and back', async ({ page }) => {
  await page.goto('/account/new')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await signIn(page, mayor)
  const answer = await page.goto('/account/new')
  expect(answer?.status()).toBe(403)
  await expectNoAxeFindings(page)
})

test('an administrator makes an account whose first password must be changed', async ({ page, browser }) => {
  await signIn(page, administrator, '/account/new')
  await page.getByLabel('Name', { exact: true }).fill('Ines Oldcastle')
  const login = `ines${Date.now()}`
  await page.getByLabel('Sign-in name').fill(login)
  await page.getByRole('main').getByRole('button', { name: 'Make the account' }).click()
  await expect(page.getByRole('heading', { name: /attention/ })).toBeVisible()
  await expect(page.getByLabel('Sign-in name')).toHaveValue(login)
  await page.getByLabel('Role').selectOption({ label: 'Analyst' })
  await page.getByLabel('On the body').selectOption({ index: 1 })
  await page.getByRole('main').getByRole('button', { name: 'Make the account' }).click()
  const password = await page.getByRole('main').locator('code').innerText()
  await expectNoAxeFindings(page)
  const context = await browser.newContext()
  const other = await context.newPage()
  await other.goto('/sign-in')
  await other.getByLabel('Sign-in name').fill(login)
  await other.getByLabel('Password').fill(password)
  await other.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await expect(other).toHaveURL(/\/account\/password$/)
  await context.close()
})
