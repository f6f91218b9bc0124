/** What the writer of the chaos test writes: small change sets, and bulk ones that stand for imports. */
import { theHouse } from '#platform/caller.ts'
import type { Context, WriteContext } from '#platform/context.ts'
import { type Database, transaction } from '#platform/db/connection.ts'
import { type Change, write } from '#platform/records/index.ts'
import { composeHouse } from '../../src/main/modules.ts'

/** External ids of all that chaos writes carry this source. */
export const source = 'chaos'
/** Records of one import. */
export const importSize = 2000

const organisation = 'directory.organisation'
const { house, policies } = composeHouse()
const log = { info() {}, warn() {}, error() {} }

export const contextOf = (database: Database): Context => ({
  db: database.kysely,
  caller: theHouse,
  house,
  policies,
  language: 'en',
  now: () => new Date(),
  log,
})

const writing = <Result>(database: Database, body: (ctx: WriteContext) => Promise<Result>): Promise<Result> =>
  transaction(database.kysely, (tx) => body({ ...contextOf(database), db: tx }))

/** What the writer was told to be safe. `change` is the change set; records are found by their external ids. */
export type Acknowledged = {
  readonly token: string
  readonly does: 'create' | 'change' | 'import'
  readonly change: string
  readonly id: string
}

/** Creates one body called by its token. */
export async function createOne(database: Database, token: string): Promise<Acknowledged> {
  const { changeSet, saved } = await writing(database, (ctx) =>
    write(ctx, { source }, [
      {
        kind: organisation,
        action: 'create',
        values: { title: token, organisationKind: 'other', sector: 'public', externalIds: [{ source, id: token }] },
      },
    ]),
  )
  return { token, does: 'create', change: changeSet!, id: saved[0]!.id }
}

/** Writes a token over the abbreviation of a body. */
export async function changeOne(database: Database, id: string, token: string): Promise<Acknowledged> {
  const { changeSet } = await writing(database, (ctx) =>
    write(ctx, { source }, [{ kind: organisation, action: 'change', id, values: { abbreviation: token } }]),
  )
  return { token, does: 'change', change: changeSet!, id }
}

/**
 * One import: an outcome, and indicators with a measurement each that are linked to it, in one transaction. The one place
 * that decides how chaos imports.
 */
export async function importOnce(database: Database, token: string): Promise<Acknowledged> {
  const { changeSet, saved } = await writing(database, async (ctx) => {
    const outcome = await write(ctx, { source }, [
      { kind: 'strategy.outcome', action: 'create', values: { title: token } },
    ])
    const to = outcome.saved[0]!.id
    return write(
      ctx,
      { source },
      Array.from(
        { length: importSize },
        (_, index): Change => ({
          kind: 'indicators.indicator',
          action: 'create',
          values: {
            title: `${token} ${index}`,
            direction: 'up',
            externalIds: [{ source, id: `${token}/${index}` }],
            links: { measures: [{ to }] },
          },
          rows: {
            measurement: {
              set: [
                { cell: '', from: '2024-01-01', to: '2025-01-01', label: '2024', status: 'actual', value: `${index}` },
              ],
            },
          },
        }),
      ),
    )
  })
  return { token, does: 'import', change: changeSet!, id: saved[0]!.id }
}
