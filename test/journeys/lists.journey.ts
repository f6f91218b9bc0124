/** Lists as they are met on a screen: dense where there is room, and large enough for a finger where there is not. */
import { expect, type Page, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'
import { analyst } from '../kit/people.ts'
import { signIn } from './visit.ts'

const lists = ['/indicators', '/benefits', '/strategy/outcomes', '/directory/posts']
const languages = ['en', 'zh-Hans']

const heightsOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((found) => found.map((each) => Math.round(each.getBoundingClientRect().height)))

test('on a wide screen every row is 40 px high, nothing scrolls sideways, and what is cut has a title', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 })
  await signIn(page, analyst)
  for (const list of lists)
    for (const language of languages) {
      await page.goto(`${list}?language=${language}`)
      const heights = await heightsOf(page, '#records tbody tr')
      expect([list, language, heights.length > 5, new Set(heights)]).toEqual([list, language, true, new Set([40])])
      const region = page.locator('.cw-list .cw-table-region')
      expect(await region.evaluate((each) => each.scrollWidth - each.clientWidth), `${list} ${language}`).toBe(0)
      const unsaid = await page
        .locator('.cw-cell-line :is(a, span)')
        .evaluateAll((all) =>
          all
            .filter((each) => each.scrollWidth > each.clientWidth + 1 && !each.closest('[title]'))
            .map((each) => each.textContent),
        )
      expect(unsaid).toEqual([])
    }
  // A figure is never cut before its unit.
  await page.goto('/benefits')
  const cut = await page
    .locator('#records td[data-numeric] span')
    .evaluateAll((all) =>
      all
        .filter((each) => /^[€\d.,%]+$/.test(each.textContent) && each.scrollWidth > each.clientWidth + 1)
        .map((each) => each.textContent),
    )
  expect(cut).toEqual([])
  await expectNoAxeFindings(page)
})

test('on a phone whatever is touched in a list is 44 px high', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await signIn(page, analyst)
  for (const list of lists) {
    await page.goto(list)
    const touched =
      '#records tbody a, #records thead a, #records td label, .cw-filter :is(select, summary, button, input[type=search])'
    const heights = await heightsOf(page, touched)
    const shown = heights.filter((height) => height > 0)
    expect(shown.length).toBeGreaterThan(5)
    expect(Math.min(...shown), list).toBeGreaterThanOrEqual(44)
  }
  await page.goto('/indicators')
  // The box is ticked by whatever lies around it, too.
  const box = page.locator('#records td input[type=checkbox]').first()
  await page
    .locator('#records td label')
    .first()
    .click({ position: { x: 3, y: 3 } })
  await expect(box).toBeChecked()
  await expectNoAxeFindings(page)
})
