import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { demoPassword } from '../kit/people.ts'

/** Signs in through the form, as a person would. */
export async function signIn(page: Page, login: string, next = '/'): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
  await page.getByLabel('Sign-in name').fill(login)
  await page.getByLabel('Password').fill(demoPassword)
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(new RegExp(`${next.replaceAll(/[?./]/g, '\\$&')}$`))
}
