import { expect, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'
import { analyst } from '../kit/people.ts'
import { signIn } from './visit.ts'

test('rows come from a spreadsheet and from the keyboard; what is wrong is named by line, and undo takes all back', async ({
  page,
}, info) => {
  // Both kinds of browser run at the same time on one city: each has a business change of its own.
  const code = info.project.name.startsWith('without') ? 'CHG-0001' : 'CHG-0002'
  const record = `/benefits/changes/${code}`
  await page.setViewportSize({ width: 320, height: 800 })
  await signIn(page, analyst, record)
  await page.getByRole('link', { name: 'Fill in adoption' }).click()
  await expectNoAxeFindings(page)
  const main = page.getByRole('main')
  const save = () => main.getByRole('button', { name: /^Save:/ }).click()

  await page.getByText('Paste rows from a spreadsheet').click()
  await page.getByLabel('Copied rows').fill('On\tValue\tStatus\n31.01.2019\t12\tactual\n28.02.2019\tmany\testimated\n')
  await page.getByRole('button', { name: 'Show them as lines' }).click()
  await expect(main).toContainText('2 rows read: 2 new, 0 changed, 0 already there. Nothing is saved yet.')
  await expect(page.getByRole('alert')).toContainText('“many” is not a number')
  await expectNoAxeFindings(page)
  await page.getByLabel('Value').nth(1).fill('1,300')
  await page.getByLabel('Why').fill('Counted at the counters')
  await save()
  await expect(main).toContainText('2 rows were saved.')
  await expect(page.locator('input[value="1300"]')).toHaveCount(1)
  await expectNoAxeFindings(page)

  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(main).toContainText('It was undone.')
  await expect(page.locator('input[value="1300"]')).toHaveCount(0)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(wide).toBeLessThanOrEqual(320)
})
