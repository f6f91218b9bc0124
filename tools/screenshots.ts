/**
 * Takes pictures of pages so that people can look at them: every width, colour scheme and language, whole page, without
 * JavaScript unless `--javascript` is given.
 *
 *   node tools/screenshots.ts --base http://127.0.0.1:8080 --out /tmp/pictures / /strategy/outcomes
 *
 * Prints one line a picture: status, file, and what is wrong (sideways scrolling; with `--axe` also accessibility findings).
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BrowserContext, chromium } from '@playwright/test'
import { browserLaunchOptions, prepareBrowser } from '#test/kit/browser.ts'
import { axeFindings } from '#test/kit/browser-axe.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string' },
    out: { type: 'string' },
    widths: { type: 'string', default: '390,1280' },
    schemes: { type: 'string', default: 'light,dark' },
    languages: { type: 'string', default: 'en,zh-Hans' },
    cookie: { type: 'string', multiple: true, default: [] },
    javascript: { type: 'boolean', default: false },
    axe: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help || values.base === undefined || values.out === undefined || positionals.length === 0) {
  console.log(`usage: node tools/screenshots.ts --base http://127.0.0.1:PORT --out FOLDER [options] PATH…
  --widths 390,1280        viewport widths in CSS pixels
  --schemes light,dark     colour schemes
  --languages en,zh-Hans   sent as query parameter, cookie and header
  --cookie name=value      for pages behind sign-in; may be repeated
  --javascript             let the page's scripts run
  --axe                    also list accessibility findings (WCAG 2.2 A and AA)`)
  process.exit(values.help ? 0 : 2)
}

const base = new URL(values.base)
const folder = values.out
const heights: Record<string, number> = { 390: 844, 1280: 800 }
let problems = 0

mkdirSync(folder, { recursive: true })
await prepareBrowser()
const browser = await chromium.launch(browserLaunchOptions())
try {
  for (const language of list(values.languages)) {
    for (const width of list(values.widths)) {
      for (const scheme of list(values.schemes)) {
        const context = await browser.newContext({
          viewport: { width: Number(width), height: heights[width] ?? 900 },
          colorScheme: scheme === 'dark' ? 'dark' : 'light',
          locale: language,
          javaScriptEnabled: values.javascript,
        })
        await context.addCookies(
          [`language=${language}`, ...values.cookie].map((pair) => ({ ...namedValue(pair), url: base.origin })),
        )
        for (const path of positionals) await picture(context, path, { language, width, scheme })
        await context.close()
      }
    }
  }
} finally {
  await browser.close()
}
if (problems > 0) console.log(`${problems} of these pictures show a problem`)
process.exitCode = problems > 0 ? 1 : 0

type Variant = { language: string; width: string; scheme: string }

async function picture(context: BrowserContext, path: string, variant: Variant): Promise<void> {
  const address = new URL(path, base)
  address.searchParams.set('language', variant.language)
  const page = await context.newPage()
  const response = await page.goto(address.href, { waitUntil: 'load', timeout: 30_000 })
  const status = response?.status() ?? 0
  const file = join(folder, `${nameOf(path)}.${variant.language}.${variant.width}.${variant.scheme}.png`)
  await page.screenshot({ path: file, fullPage: true })
  const notes: string[] = []
  if (status >= 400) notes.push(`status ${status}`)
  const inner = await page.locator(':root').evaluate((root: { scrollWidth: number }) => root.scrollWidth)
  if (inner > Number(variant.width)) notes.push(`scrolls sideways: ${inner} px`)
  if (values.axe) {
    for (const finding of await axeFindings(page)) {
      notes.push(`${finding.rule}: ${finding.help}`, ...finding.elements.map((element) => `  ${element}`))
    }
  }
  if (notes.length > 0) problems += 1
  console.log([`${status} ${file}`, ...notes.map((note) => `    ${note}`)].join('\n'))
  await page.close()
}

function nameOf(path: string): string {
  const plain = path.replace(/^\/+|\/+$/g, '').replace(/[^A-Za-z0-9-]+/g, '_')
  return plain === '' ? 'home' : plain
}

function list(text: string): string[] {
  return text.split(',').filter((part) => part !== '')
}

function namedValue(pair: string): { name: string; value: string } {
  const at = pair.indexOf('=')
  if (at < 1) throw new Error(`--cookie must look like name=value, got ${pair}`)
  return { name: pair.slice(0, at), value: pair.slice(at + 1) }
}
