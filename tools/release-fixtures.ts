/**
 * Makes the fixtures of a release: two cities as backed up by that release, and what it says about them. Every later
 * version restores and upgrades them (`src/main/upgrade.db.test.ts`). The release is used only from outside, by its
 * command line and over HTTP, so that this script works with a checkout of any release:
 *
 *   npm run release-fixtures -- --new-york FILE.csv [--program FOLDER]
 *
 * FILE.csv is New York's management report (test/fixtures/releases/README.md says where it is from and its licence);
 * FOLDER is the checkout of the release with its packages installed; by default this one.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { openArchive } from '#platform/backup/index.ts'
import { root } from './phases.ts'
import { addressesOf, type RunningRelease, type SignIn, serve } from './release-visit.ts'

/** Size limit of an archive in bytes: the repository keeps it for good. */
const maxArchiveBytes = 2_000_000

const { values } = parseArgs({
  options: { program: { type: 'string', default: root }, 'new-york': { type: 'string' } },
})
if (values['new-york'] === undefined) {
  console.error('usage: npm run release-fixtures -- --new-york FILE.csv [--program FOLDER]')
  process.exit(2)
}
const program = resolve(values.program)
const report = resolve(values['new-york'])
const { version } = JSON.parse(readFileSync(join(program, 'package.json'), 'utf8')) as { version: string }
const folder = join(root, 'test/fixtures/releases', version)
const data = mkdtempSync(join(tmpdir(), 'commonweal-release-'))
const seen = new Set<string>()

mkdirSync(folder, { recursive: true })
try {
  const cities = { 'demo-city': await makeCity('demo-city', demoCity), 'new-york': await makeCity('new-york', newYork) }
  const { migrations } = await manifestOf('demo-city')
  const names = migrations.map((each) => `${each.module}/${each.name}`)
  const expected = { release: version, migrations: names, cities }
  writeFileSync(join(folder, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`)
} finally {
  rmSync(data, { recursive: true, force: true })
}

type Place = { readonly cli: Cli; readonly served: RunningRelease }
type Cli = (...args: string[]) => Promise<string>

/** The demo city as it is installed. */
async function demoCity({ cli, served }: Place): Promise<SignIn> {
  const installed = JSON.parse(await cli('demo', 'install', '--json')) as {
    accounts: ReadonlyArray<{ login: string; role: string }>
    password: string
  }
  await served.restart()
  const { login } = installed.accounts.find(({ role }) => role === 'administrator')!
  await served.signIn({ login, password: installed.password })
  return { login, password: installed.password }
}

/** A city that was founded by its first administrator, imported a plan, and was worked in. */
async function newYork({ cli, served }: Place): Promise<SignIn> {
  const signIn = { login: 'ada', password: 'a sentence of the founder' }
  const { code } = JSON.parse(await cli('setup-code', '--json')) as { code: string }
  await served.post('/start/city', {
    code,
    city: 'New York City',
    timeZone: 'America/New_York',
    language: 'en',
    name: 'Ada Founder',
    ...signIn,
  })
  await cli('import', report, '--profile', join(root, 'test/fixtures/profiles/new-york.json'))
  await served.signIn(signIn)
  // Changed, changed and undone, hidden, published: what a history holds besides creations.
  const list = '/api/v1/indicators/indicators'
  const [changed, restored, hidden] = (await served.json('GET', `${list}?limit=3`)).items as Item[]
  const rename = (item: Item) =>
    served.json('PATCH', `${list}/${item.code}`, { title: { en: `${item.title.en} (renamed)` } }, item.version)
  await rename(changed!)
  const { changeSet } = await rename(restored!)
  await served.json('POST', `/api/v1/change-sets/${changeSet}/undo`, {})
  await served.json('DELETE', `${list}/${hidden!.code}`, undefined, hidden!.version)
  const bodies = '/api/v1/directory/organisations'
  const [published] = (await served.json('GET', `${bodies}?limit=1`)).items as Item[]
  await served.json('POST', `${bodies}/${published!.code}/publish`, {})
  return signIn
}

type Item = {
  readonly code: string
  readonly title: Readonly<Record<string, string>>
  readonly version: number
}

/** Fills a city, signs in at the end, and records what this release says about it. */
async function makeCity(name: string, fill: (place: Place) => Promise<SignIn>) {
  const directory = join(data, name)
  const cli: Cli = (...args) => runCli(directory, args)
  const served = await serve(program, directory)
  try {
    const signIn = await fill({ cli, served })
    await cli('catch-up')
    const archive = join(folder, `${name}.zip`)
    const { head, madeAt } = JSON.parse(await cli('backup', archive, '--json')) as { head: string; madeAt: string }
    const bytes = statSync(archive).size
    if (bytes > maxArchiveBytes) throw new Error(`${archive} has ${bytes} bytes, at most ${maxArchiveBytes}.`)
    await cli('export', '--all', '--format', 'json', '--out', join(folder, `${name}.json.gz`))
    const contentHash = (await cli('export', '--all', '--hash')).trim()
    await cli('verify', '--against', head)
    const counts = await countsOf(name)
    const addresses = await addressesOf(served, seen)
    console.log(`${name}: ${bytes} bytes, head ${head}, ${contentHash}, ${addresses.length} addresses`)
    return { madeAt, signIn, head, contentHash, ...counts, addresses }
  } finally {
    await served.close()
  }
}

async function runCli(directory: string, args: readonly string[]): Promise<string> {
  const environment = { ...process.env, DATABASE_URL: '', DATA_DIRECTORY: directory }
  const options = { cwd: program, env: environment, maxBuffer: 64_000_000 }
  try {
    return (await promisify(execFile)(process.execPath, ['src/main/cli.mjs', ...args], options)).stdout
  } catch (error) {
    // An import that rejects rows exits with 1: normal for real files.
    const { code, stdout, stderr } = error as { code?: number; stdout: string; stderr: string }
    if (code === 1 && args[0] === 'import') return stdout
    throw new Error(`${args.join(' ')}: ${stderr.slice(-2000)}`, { cause: error })
  }
}

async function manifestOf(name: string) {
  const archive = await openArchive(join(folder, `${name}.zip`))
  archive.close()
  return archive.manifest
}

/** Records by kind, including retired ones, and the history's contents, counted in the archive. */
async function countsOf(name: string) {
  const archive = await openArchive(join(folder, `${name}.zip`))
  const linesOf = async (table: string): Promise<string[]> => {
    const part = archive.manifest.tables.find((each) => each.schema === 'records' && each.name === table)!
    const pieces: Uint8Array[] = []
    for await (const piece of archive.read(part)) pieces.push(piece)
    return Buffer.concat(pieces).toString().split('\n').slice(0, -1)
  }
  try {
    const column = archive.manifest.tables.find((each) => each.name === 'record')!.columns.indexOf('kind')
    const records: Record<string, number> = {}
    for (const kind of (await linesOf('record')).map((line) => line.split('\t')[column]!).sort())
      records[kind] = (records[kind] ?? 0) + 1
    return {
      records,
      changeSets: (await linesOf('changeSet')).length,
      entries: (await linesOf('entry')).length,
      personalValues: (await linesOf('personal')).length,
    }
  } finally {
    archive.close()
  }
}
