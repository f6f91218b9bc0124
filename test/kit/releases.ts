/**
 * What earlier releases left behind: cities as backed up then (`test/fixtures/releases`), upgraded in the two ways
 * people do it, and compared with what the release itself said about them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openArchive, restore } from '#platform/backup/index.ts'
import { copyIn, type Database, migrate } from '#platform/db/index.ts'
import { type Item, isRows } from '#platform/exchange/index.ts'
import { migrationFolders } from '../../src/main/modules.ts'

const folder = resolve(import.meta.dirname, '../fixtures/releases')

/** What a release said about its own city. */
type CityFacts = {
  readonly madeAt: string
  readonly signIn: { readonly login: string; readonly password: string }
  /** Head of the sealed history, `POSITION:HASH`. */
  readonly head: string
  readonly contentHash: string
  /** By kind, including retired ones. */
  readonly records: Readonly<Record<string, number>>
  readonly changeSets: number
  readonly entries: number
  readonly personalValues: number
  /** Pages and endpoints that answered its administrator. */
  readonly addresses: readonly string[]
}
type Expected = {
  readonly release: string
  readonly migrations: readonly string[]
  readonly cities: Readonly<Record<string, CityFacts>>
}

/**
 * Content that later versions changed on purpose, reviewed: places as `differences` names them, each with the reason,
 * and the content's hash since then.
 */
type Reviewed = { readonly contentHash: string; readonly places: Readonly<Record<string, string>> }

export type OldCity = CityFacts & {
  readonly release: string
  readonly city: string
  readonly migrations: readonly string[]
  readonly archive: string
  readonly reviewed: Reviewed | undefined
  /** Its content as the release exported it. */
  readonly content: () => readonly Item[]
}

const readJson = <Value>(path: string): Value => JSON.parse(readFileSync(path, 'utf8')) as Value

/** Cities of every release that has fixtures. */
export const oldCities: readonly OldCity[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => {
    const { release, migrations, cities } = readJson<Expected>(join(folder, name, 'expected.json'))
    const reviewedFile = join(folder, name, 'reviewed.json')
    const reviewed = existsSync(reviewedFile) ? readJson<Record<string, Reviewed>>(reviewedFile) : {}
    return Object.entries(cities).map(([city, facts]) => ({
      ...facts,
      release,
      city,
      migrations,
      archive: join(folder, name, `${city}.zip`),
      reviewed: reviewed[city],
      content: () => itemsIn(gunzipSync(readFileSync(join(folder, name, `${city}.json.gz`))).toString()),
    }))
  })

/** The items of an exported document. */
export const itemsIn = (document: string): Item[] => (JSON.parse(document) as { records: Item[] }).records

/** Into an empty database, like the command `restore`. */
export async function restoreCity(database: Database, { archive }: OldCity): Promise<void> {
  await restore(database, migrationFolders, archive)
}

/**
 * The city in a database that its release made and kept, then today's program started on it: the release's migrations,
 * the rows, then ours.
 */
export async function upgradeCity(database: Database, city: OldCity): Promise<void> {
  await migrate(database, migrationFolders, new Set(city.migrations))
  const archive = await openArchive(city.archive)
  const client = await database.pool.connect()
  try {
    const { tables, sequences } = archive.manifest
    const named = (...names: readonly string[]) => names.map((name) => client.escapeIdentifier(name)).join('.')
    await client.query('begin')
    await client.query(`truncate ${tables.map(({ schema, name }) => named(schema, name)).join(', ')}`)
    for (const part of tables) {
      const columns = part.columns.map((column) => named(column)).join(', ')
      await copyIn(client, `copy ${named(part.schema, part.name)} (${columns}) from stdin`, archive.read(part))
    }
    for (const { schema, name, last, called } of sequences)
      await client.query('select setval($1::regclass, $2::bigint, $3)', [named(schema, name), last, called])
    await client.query('commit')
  } finally {
    client.release(true)
    archive.close()
  }
  await migrate(database, migrationFolders)
}

/**
 * Where content differs, by place, each with one example: `benefits.benefit.dueOn` (a field),
 * `benefits.benefit/path.value` (a column of its rows), `benefits.benefit/path` (a different number of rows),
 * `benefits.benefit` (a record that came or went). Readable numbers count here, because both are the same city.
 */
export function differences(before: readonly Item[], after: readonly Item[]): Record<string, string> {
  const found: Record<string, string> = {}
  const tell = (place: string, about: string, old: unknown, now: unknown) => {
    found[place] ??= `${about}: ${JSON.stringify(old) ?? 'nothing'} → ${JSON.stringify(now) ?? 'nothing'}`
  }
  const compare = (place: string, about: string, old: Values, now: Values) => {
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)]))
      if (JSON.stringify(old[name]) !== JSON.stringify(now[name])) tell(`${place}.${name}`, about, old[name], now[name])
  }
  const [then, today] = [byRecord(before), byRecord(after)]
  for (const key of new Set([...then.keys(), ...today.keys()])) {
    const [old, now] = [then.get(key), today.get(key)]
    const { place, about } = (old ?? now)!
    if (old?.values.length !== now?.values.length) tell(place, about, old?.values.length, now?.values.length)
    else for (const [index, values] of old!.values.entries()) compare(place, about, values, now!.values[index]!)
  }
  return found
}

type Values = Readonly<Record<string, unknown>>
type Part = { readonly place: string; readonly about: string; readonly values: Values[] }

/**
 * A record is one part with one set of values; its rows of one table are another part, in the order in which they are
 * read.
 */
function byRecord(items: readonly Item[]): Map<string, Part> {
  const parts = new Map<string, Part>()
  for (const item of items) {
    const place = isRows(item) ? `${item.kind}/${item.rows}` : item.kind
    const about = isRows(item) ? item.record : item.id
    const part = parts.get(`${place} ${about}`) ?? { place, about, values: [] }
    if (isRows(item)) part.values.push(...item.values)
    else part.values.push(item)
    parts.set(`${place} ${about}`, part)
  }
  return parts
}
