/** The record machinery over the real modules, on its own database, for tests of the core. */
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import type { City, Context, WriteContext } from '#platform/context.ts'
import { type Database, transaction } from '#platform/db/index.ts'
import type { Manifest } from '#platform/module.ts'
import { type Change, newId, write } from '#platform/records/index.ts'
import { composeRegistry, migrationFolders, modules } from '../../src/main/modules.ts'
import { freshDatabase } from './database.ts'

const silent = { info() {}, warn() {}, error() {} }
export const testCity: City = {
  name: { en: 'Test City', 'zh-Hans': '测试市' },
  timeZone: 'UTC',
  language: 'en',
  demo: false,
}

export type Core = {
  readonly database: Database
  /** For reads as this caller (by default the system). */
  readonly as: (caller?: Caller) => Context
  /** Runs a write in one transaction. */
  readonly writing: <Result>(body: (ctx: WriteContext) => Promise<Result>, caller?: Caller) => Promise<Result>
  /** The whole gate for some changes; returns the change set and what was saved. */
  readonly write: (changes: readonly Change[], caller?: Caller) => Promise<Awaited<ReturnType<typeof write>>>
  /** Creates one record and returns its id. */
  readonly make: (
    kind: string,
    values: Record<string, unknown>,
    more?: Partial<Change>,
    caller?: Caller,
  ) => Promise<string>
  /** An organisation and a post, for records that somebody keeps. */
  readonly keeper: () => Promise<{ readonly organisation: string; readonly owner: string }>
  /** One statement, its rows. */
  readonly rows: <Row>(text: string, values?: unknown[]) => Promise<Row[]>
  readonly close: () => Promise<void>
}

/** With further rooms beside the real ones; a room that is listed is there only once. */
export async function openCore(further: readonly Manifest[] = []): Promise<Core> {
  const rooms = further.filter((room) => !modules.includes(room))
  const folders = rooms.map(({ name, folder }) => ({ module: name, folder }))
  const database = await freshDatabase({ folders: [...migrationFolders, ...folders] })
  const { registry, policies } = composeRegistry('en', [...modules, ...rooms])
  const as = (caller: Caller = systemCaller): Context => ({
    db: database.kysely,
    caller,
    registry,
    policies,
    language: 'en',
    now: () => new Date(),
    city: testCity,
    log: silent,
  })
  const writing: Core['writing'] = (body, caller) =>
    transaction(database.kysely, (tx) => body({ ...as(caller), db: tx }))
  const writeAll: Core['write'] = (changes, caller) => writing((ctx) => write(ctx, { source: 'test' }, changes), caller)
  const make: Core['make'] = async (kind, values, more, caller) => {
    const { saved } = await writeAll([{ kind, action: 'create', values, ...more }], caller)
    return saved[0]!.id
  }
  return {
    database,
    as,
    writing,
    write: writeAll,
    make,
    keeper: async () => {
      const organisation = await make('directory.organisation', sample.organisation())
      return { organisation, owner: await make('directory.post', { title: 'Keeper', organisation }) }
    },
    rows: async (text, values) => (await database.pool.query(text, values)).rows,
    close: () => database.close(),
  }
}

/** Values with which a record of the kind can be created. */
export const sample = {
  organisation: (name = 'Works'): Record<string, unknown> => ({
    title: name,
    organisationKind: 'department',
    sector: 'public',
  }),
  indicator: (name = 'Trees'): Record<string, unknown> => ({ title: name, direction: 'up' }),
}

/** Somebody signed in, with roles for organisations (`null` = the whole city) and posts. */
export const someone = (facts: Partial<Pick<Caller, 'grants' | 'posts'>> = {}): Caller => ({
  ...nobody,
  account: newId(),
  ...facts,
})

/** What a promise was rejected with; fails the test if it was not. */
export async function problemOf(promise: Promise<unknown>): Promise<{
  kind: string
  reason: string
  fields: ReadonlyArray<{ at: string; code: string; values?: Record<string, unknown> }>
  values: Record<string, unknown>
  extra: Record<string, unknown>
}> {
  try {
    await promise
  } catch (error) {
    if ((error as Error).constructor.name !== 'Problem') throw error
    return error as never
  }
  throw new Error('Nothing was refused.')
}

/** What was wrong and where, as 'place code'. */
export const places = (fields: ReadonlyArray<{ at: string; code: string }>): string[] =>
  fields.map(({ at, code }) => `${at} ${code}`)

/** Lets everybody continue once `count` have arrived. */
export const meeting = (count: number): (() => Promise<void>) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let come = 0
  return () => {
    if (++come === count) resolve()
    return promise
  }
}
