import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import { expectNoAxeFindings } from '../kit/browser-axe.ts'
import { administrator } from '../kit/people.ts'
import { signIn } from './visit.ts'

const fromElsewhere = (name: string) => `<?xml version="1.0" encoding="UTF-8"?>
<StrategicPlan xmlns="urn:ISO:std:iso:17469:tech:xsd:stratml_core">
  <Name>${name}</Name>
  <StrategicPlanCore>
    <Vision><Description>A calm harbour, ${name}.</Description></Vision>
    <Goal>
      <Name>Quiet quays</Name>
      <Description>Less noise at night.</Description>
      <Identifier>_goal-${name.replaceAll(' ', '-')}</Identifier>
      <Objective>
        <Name>Ships on shore power (${name})</Name>
        <Identifier>_objective-${name.replaceAll(' ', '-')}</Identifier>
      </Objective>
    </Goal>
  </StrategicPlanCore>
</StrategicPlan>`

async function bring(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.goto('/import')
  await page.getByLabel('File', { exact: true }).setInputFiles({ name, mimeType: 'application/xml', buffer: bytes })
  await page.getByRole('button', { name: 'Upload and look' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
  await expect(page.getByRole('main')).toContainText('it says by itself what it holds')
}

test('an office takes a plan along as StratML and as JSON, and brought back unchanged neither changes anything', async ({
  page,
}, info) => {
  // Both kinds of browser run at the same time on one city: each has a plan of its own.
  const plan = `Harbour plan ${info.project.name.startsWith('without') ? 'plain' : 'scripted'}`
  await signIn(page, administrator, '/import')
  await bring(page, 'harbour.xml', Buffer.from(fromElsewhere(plan), 'utf8'))
  await expect(page.getByRole('main')).toContainText('Quiet quays')
  await page.getByRole('button', { name: 'Import now' }).click()
  const takeBack = page.getByRole('button', { name: 'Take this import back' })
  await expect(takeBack).toBeVisible({ timeout: 30_000 })
  const report = page.url()

  await page.goto('/strategy/plans')
  await page.getByRole('main').getByRole('link', { name: plan, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(plan)
  const address = page.url()
  for (const format of ['StratML', 'JSON']) {
    await page.goto(address)
    await page.getByText('Download this plan').click()
    await expectNoAxeFindings(page)
    const arriving = page.waitForEvent('download')
    await page.getByRole('link', { name: format, exact: true }).click()
    const file = await arriving
    const name = file.suggestedFilename()
    expect(name).toMatch(/^PLN-\d+\./)

    await bring(page, name, await readFile(await file.path()))
    await expect(page.getByRole('main')).toContainText(plan)
    await expectNoAxeFindings(page)
    await page.getByRole('button', { name: 'Check the whole file first' }).click()
    // Without a script the page asks again by itself every two seconds.
    await expect(page.getByText('Checked; nothing was written')).toBeVisible({ timeout: 30_000 })
    await expect(page.getByRole('main')).toContainText(/Records: 0 new, 0 changed, [1-9]\d* unchanged\./)
    await expect(page.getByRole('main')).toContainText('No row was rejected.')
    await expectNoAxeFindings(page)
  }

  await page.goto(report)
  await takeBack.click()
  await expect(page.getByRole('heading', { name: /^Taken back on/ })).toBeVisible()
})
