/**
 * A real browser from npm alone. `@sparticuz/chromium` carries Chromium for Linux on x64 together with the four shared
 * libraries that a bare Debian lacks; we unpack both once, under `node_modules/.cache`, and start it with our own flags
 * (the package's defaults switch off web security and run everything in one process, which is no way to test a page).
 * On other machines set `COMMONWEAL_BROWSER` to a Chromium, or run `npx playwright install chromium`.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LaunchOptions } from '@playwright/test'
import { inflate } from '@sparticuz/chromium'

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL('../../', import.meta.url))
const cache = join(root, 'node_modules', '.cache', 'browser')
const chosen = process.env.COMMONWEAL_BROWSER
const bundled = chosen === undefined && process.platform === 'linux' && process.arch === 'x64'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const fontPackage = '@fontsource-variable/noto-sans-sc'
const chromiumFolder = join(cache, `chromium-${installedVersion('@sparticuz/chromium')}`)
const chineseFolder = join(cache, `noto-sans-sc-${installedVersion(fontPackage)}`)
const fontConfiguration = join(cache, 'fonts.conf')

/**
 * What Playwright needs to start the browser. Call {@link prepareBrowser} once before the first launch; the paths are
 * known beforehand, so a configuration file may hold them.
 */
export function browserLaunchOptions(): LaunchOptions {
  if (!bundled) return { args: flags, ...(chosen === undefined ? {} : { executablePath: chosen }) }
  return {
    executablePath: join(chromiumFolder, 'chromium'),
    args: flags,
    env: {
      ...definedEnvironment(),
      LD_LIBRARY_PATH: join(chromiumFolder, 'al2023', 'lib'),
      FONTCONFIG_FILE: fontConfiguration,
    },
  }
}

/** Unpacks browser, libraries and fonts if this has not been done; safe when several processes call it at once. */
export async function prepareBrowser(): Promise<void> {
  if (!bundled) return
  mkdirSync(cache, { recursive: true })
  await onceInto(chromiumFolder, unpackChromium)
  await onceInto(chineseFolder, unpackChinese)
  writeFileSync(fontConfiguration, fontConfigurationText())
}

/**
 * Fills a folder under another name and renames it when it is complete, so that nobody ever sees a half-written
 * browser. If two do this, the first one's folder is kept.
 */
async function onceInto(folder: string, fill: (staging: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return
  const staging = mkdtempSync(join(cache, 'unpacking-'))
  try {
    await fill(staging)
    if (!existsSync(folder)) renameSync(staging, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

async function unpackChromium(staging: string): Promise<void> {
  const archives = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')))
  const before = process.env.TMPDIR
  // `inflate` writes into the temporary directory and returns at once when the name is already there.
  process.env.TMPDIR = staging
  try {
    await Promise.all(['chromium.br', 'al2023.tar.br', 'fonts.tar.br'].map((name) => inflate(join(archives, name))))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

/** Chromium ignores compressed system fonts, so the web font is unpacked to plain TrueType files (8 MB). */
async function unpackChinese(staging: string): Promise<void> {
  const source = join(packageFolder(fontPackage), 'files')
  const woff2 = require('wawoff2') as { decompress(bytes: Uint8Array): Promise<Uint8Array> }
  for (const name of readdirSync(source).filter((file) => file.endsWith('.woff2'))) {
    const font = await woff2.decompress(readFileSync(join(source, name)))
    writeFileSync(join(staging, name.replace('.woff2', '.ttf')), font)
  }
}

/** Our fonts come first on every machine; those of the machine fill the gaps (symbols, other scripts). */
function fontConfigurationText(): string {
  const families = ['sans-serif', 'system-ui', 'serif'].map(
    (family) =>
      `  <alias binding="strong"><family>${family}</family><prefer><family>Open Sans</family><family>Noto Sans SC Thin</family></prefer></alias>`,
  )
  const folders = [join(chromiumFolder, 'fonts'), chineseFolder, '/usr/share/fonts', '/usr/local/share/fonts']
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
    '<fontconfig>',
    ...folders.map((folder) => `  <dir>${folder}</dir>`),
    `  <cachedir>${join(cache, 'font-index')}</cachedir>`,
    ...families,
    '</fontconfig>',
    '',
  ].join('\n')
}

function packageFolder(name: string): string {
  return join(root, 'node_modules', name)
}

function installedVersion(name: string): string {
  const manifest = join(packageFolder(name), 'package.json')
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version : 'missing'
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
