import { expect, type Page, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'

const boxes = (page: Page) => page.locator('svg.cw-map-picture a.cw-map-box')

test('a resident reads the map, follows a box to its record, and narrows the map to one outcome', async ({ page }) => {
  await page.goto('/benefits/map')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Benefits map')
  const all = await boxes(page).count()
  expect(all).toBeGreaterThan(5)
  await expectNoAxeFindings(page)
  const outcome = page.getByLabel('Outcome or objective')
  const chosen = (await outcome.locator('option').nth(1).textContent())!
  await outcome.selectOption({ label: chosen })
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await expect(page.getByRole('main').getByRole('note').first()).toContainText(chosen)
  const fewer = await boxes(page).count()
  expect(fewer).toBeGreaterThan(0)
  expect(fewer).toBeLessThan(all)
  await page.getByRole('link', { name: 'As a list', exact: true }).click()
  await expect(boxes(page)).toHaveCount(0)
  await expect(page.getByRole('main').getByRole('link', { name: chosen, exact: true })).toBeVisible()
  await expectNoAxeFindings(page)
  await page.getByRole('main').getByRole('link', { name: chosen, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(chosen)
})

test('the map is enlarged, searched and walked with the keyboard @javascript', async ({ page }) => {
  const trouble: string[] = []
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()))
  await page.goto('/benefits/map')
  const picture = page.locator('svg.cw-map-picture')
  const width = async () => (await picture.boundingBox())!.width
  const before = await width()
  await page.getByRole('button', { name: 'Larger' }).click()
  expect(await width()).toBeGreaterThan(before * 1.2)
  await page.getByRole('button', { name: 'All of it' }).click()

  const first = boxes(page).first()
  const name = (await first.getAttribute('data-name'))!
  await first.click()
  await expect(page).toHaveURL(/\/benefits\/map$/)
  await expect(page.locator('[data-map="chosen-name"]')).toHaveText(name)
  await expect(page.getByRole('link', { name: 'Open it' })).toHaveAttribute('href', (await first.getAttribute('href'))!)
  expect(await page.locator('.cw-map-box[data-on]').count()).toBeLessThan(await boxes(page).count())
  await expectNoAxeFindings(page)
  await page.keyboard.press('Escape')
  await expect(page.locator('[data-map="chosen"]')).toBeHidden()

  // One stop of the tab key for all boxes; arrows go on from there, Enter opens.
  await expect(page.locator('a.cw-map-box[tabindex="0"]')).toHaveCount(1)
  await first.focus()
  await page.keyboard.press('ArrowRight')
  const second = page.locator('a.cw-map-box:focus')
  await expect(second).not.toHaveAttribute('data-band', (await first.getAttribute('data-band'))!)
  const address = (await second.getAttribute('href'))!

  const last = (await boxes(page).last().getAttribute('data-name'))!
  const title = last.slice(last.lastIndexOf('·') + 2)
  await page.getByLabel('Find on this map').fill(title.toLowerCase())
  await expect(page.locator('.cw-map-box[data-hit]')).not.toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-map="chosen-name"]')).toContainText(title)
  await page.getByLabel('Find on this map').fill('nothing is called like this')
  await expect(page.getByText('Nothing found')).toBeVisible()
  await page.getByLabel('Find on this map').fill('')

  await page.locator(`a.cw-map-box[href="${address}"]`).focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`${address}$`))
  expect(trouble).toEqual([])
})
