import { expect, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'

test('a resident follows a sentence of the vision down to the last measurement, and back, in three steps each', async ({
  page,
}) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expectNoAxeFindings(page)
  await page
    .getByRole('link', { name: /The Aver is clean enough to swim in/ })
    .first()
    .click()
  await expect(page).toHaveURL(/\/strategy\/(vision#SEN-0007|sentences\/SEN-0007)/)
  await expectNoAxeFindings(page)
  await page.getByRole('main').getByRole('link', { name: 'Clean river, clean air' }).first().click()
  await expectNoAxeFindings(page)
  await page.getByRole('main').getByRole('link', { name: 'River samples clean enough to swim' }).first().click()
  await expect(page.getByRole('figure').first()).toBeVisible()
  await expect(page.getByText('City laboratory').first()).toBeVisible()
  await expectNoAxeFindings(page)
  await page
    .getByRole('main')
    .getByRole('link', { name: /The Aver is clean enough to swim in/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('The Aver is clean enough')
})

test('pages send no script at all, and no officer is named on them', async ({ page }) => {
  for (const path of ['/', '/strategy/vision', '/strategy/outcomes/OUT-0001', '/indicators/indicators/IND-0001']) {
    await page.goto(path)
    expect(await page.locator('script').count()).toBe(0)
    expect(await page.content()).not.toContain('Rasgard')
  }
})

test('everything can be found, in Chinese too', async ({ page }) => {
  await page.goto('/?language=zh-Hans')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans')
  await expectNoAxeFindings(page)
  await page.goto('/search?q=空气')
  await expect(page.getByRole('main').getByRole('link').first()).toBeVisible()
  await expect(page.getByRole('main')).toContainText('空气')
  await expectNoAxeFindings(page)
})

test('pages fit a small phone without moving sideways', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of [
    '/',
    '/strategy/vision',
    '/strategy/outcomes',
    '/strategy/outcomes/OUT-0003',
    '/indicators/indicators/IND-0001',
    '/start',
    '/sign-in',
    '/search?q=river',
    '/history',
  ]) {
    await page.goto(path)
    const [wide, seen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ])
    expect(wide, path).toBeLessThanOrEqual(seen!)
  }
})
