/** An installation without a city, or with the demo city, for tests of imports and exports. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { importFile } from '#modules/imports'
import { type App, contextOf } from '#platform/app.ts'
import { type Caller, systemCaller } from '#platform/caller.ts'
import type { Report } from '#platform/imports/index.ts'
import { inWords } from '#platform/imports/index.ts'
import type { AppContext } from '#platform/page.ts'
import { type Profile, parseProfile } from '#platform/tabular/index.ts'
import { compose } from '../../src/main/app.ts'
import { importOffers, migrationFolders } from '../../src/main/modules.ts'
import { freshDatabase } from './database.ts'
import { demoDatabase } from './demo.ts'

export { importOffers }

const root = resolve(import.meta.dirname, '../..')
/** Where the cities' sample data is: next to the repository unless CITY_DATA says otherwise. */
export const cityData = process.env.CITY_DATA ?? resolve(root, '../shared/data')
const quiet = { info: () => {}, warn: () => {}, error: () => {} }

export type ImportHouse = {
  readonly app: App
  readonly ctx: AppContext
  readonly as: (caller: Caller) => AppContext
  readonly bring: (
    file: string | AsyncIterable<Uint8Array>,
    profile: Profile,
    options?: { name?: string; dryRun?: boolean; allOrNothing?: boolean; caller?: Caller },
  ) => Promise<Report & { readonly run: string }>
  readonly rows: <Row>(text: string, values?: unknown[]) => Promise<Row[]>
  readonly close: () => Promise<void>
}

/** Opens a separate installation; `close` drops its database. */
export async function openImportHouse({ demo = false } = {}): Promise<ImportHouse> {
  const database = await (demo ? demoDatabase() : freshDatabase({ folders: migrationFolders }))
  const { app, close } = await compose(database, { log: quiet })
  const as = (caller: Caller) => contextOf(app, caller, 'en')
  return {
    app,
    ctx: as(systemCaller),
    as,
    bring: async (file, profile, { name = 'table.csv', caller = systemCaller, ...options } = {}) => {
      const { run, report } = await importFile(as(caller), importOffers, { file, name, profile, ...options })
      return { ...inWords(report, app.registry.words.say('en')), run }
    },
    rows: async <Row>(text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows as Row[],
    close,
  }
}

/** A profile of the fixtures. */
export function fixtureProfile(name: string): Profile {
  return profileOf(readFileSync(join(root, 'test/fixtures/profiles', `${name}.json`), 'utf8'))
}

/** A profile written in a test; a fault in it fails the test. */
export function profileOf(source: unknown): Profile {
  const parsed = parseProfile(source)
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems))
  return parsed.profile
}

/** A text's bytes as a file read piece by piece. */
export async function* bytesOf(text: string, encoding: BufferEncoding = 'utf8'): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, encoding)
}

/** A table of series with everything that can be wrong in a row, and the mapping that reads it. */
export const seriesMapping = {
  name: 'Series',
  version: 1,
  columns: {
    id: { to: 'indicator.libraryNumber' },
    name: { to: 'indicator.title', required: true },
    organisation: { to: 'organisation.name' },
    post: { to: 'owner.post' },
    unit: { to: 'indicator.unit' },
    period: { to: 'measurement.period', as: 'period', required: true },
    value: { to: 'measurement.value', as: 'number' },
    day: { to: 'measurement.asOfOn', as: 'day', days: 'day-month-year' },
  },
  externalId: { source: 'test', columns: ['id'] },
}
export const seriesHeader = 'id,name,organisation,post,unit,period,value,day'
export const seriesTable = (...rows: string[]) => [seriesHeader, ...rows].join('\n')
export const seriesRow = (id: string, rest: Partial<Record<string, string>> = {}) =>
  [
    id,
    rest.name ?? `Indicator ${id}`,
    rest.organisation ?? '',
    rest.post ?? '',
    rest.unit ?? 'h',
    rest.period ?? '2024',
    rest.value ?? '1',
    rest.day ?? '',
  ].join(',')

/** Line, column and code of the problems of a report. */
export const codesOf = (report: {
  problems: ReadonlyArray<{ row: number | null; column: string | null; code: string }>
}) => report.problems.map(({ row, column, code }) => [row, column, code])
