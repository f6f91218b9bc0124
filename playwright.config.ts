import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'
import { browserLaunchOptions } from '#test/kit/browser.ts'

/**
 * Journeys in a real browser, each with and without JavaScript; mark the few that need scripts with the tag `@javascript`.
 * They run against a server of their own (`test/kit/browser-server.ts`), or against `COMMONWEAL_BASE` where that is set.
 */
const server = 'test/kit/browser-server.ts'
const port = Number(process.env.COMMONWEAL_TEST_PORT ?? 18_080)
const given = process.env.COMMONWEAL_BASE
const baseURL = given ?? `http://127.0.0.1:${port}`

export default defineConfig({
  testDir: 'test/journeys',
  testMatch: '**/*.journey.ts',
  outputDir: 'test-results/journeys',
  globalSetup: './test/kit/browser-setup.ts',
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env.CI !== undefined,
  use: { baseURL, launchOptions: browserLaunchOptions(), screenshot: 'only-on-failure', trace: 'retain-on-failure' },
  projects: [
    { name: 'with JavaScript', use: { javaScriptEnabled: true } },
    { name: 'without JavaScript', use: { javaScriptEnabled: false }, grepInvert: /@javascript/ },
  ],
  ...(given === undefined && existsSync(server)
    ? {
        webServer: {
          command: `"${process.execPath}" --import ./src/main/tsx.ts ${server}`,
          url: `${baseURL}/health/ready`,
          env: { PORT: String(port) },
          timeout: 180_000,
          gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
        },
      }
    : {}),
})
