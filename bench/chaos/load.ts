/** What the writer of the chaos test writes: small change sets, and imports of files. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importFile } from '#modules/imports'
import { contextOf as contextIn } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import type { WriteContext } from '#platform/context.ts'
import { type Database, transaction } from '#platform/db/index.ts'
import { type AppContext, noExchange } from '#platform/page.ts'
import { noPeople } from '#platform/people.ts'
import { write } from '#platform/records/index.ts'
import type { Profile } from '#platform/tabular/index.ts'
import { noCity } from '../../src/main/app.ts'
import { composeRegistry, importOffers } from '../../src/main/modules.ts'

/** External ids of what chaos writes carry this source; those of an import carry it with the import's token. */
export const source = 'chaos'
export const sourceOf = (token: string) => `${source}/${token}`
export const fileOf = (token: string) => `${token}.csv`

const bodies = 4
const objectives = 10
const indicators = 2000
/**
 * What one import leaves behind: a plan, an outcome, organisations, objectives, and indicators with one measurement
 * each.
 */
export const wholeImport = {
  records: 2 + bodies + objectives + indicators,
  /** Each indicator to its objective, each objective to the outcome. */
  links: indicators + objectives,
  measurements: indicators,
  /** Of the measured values 0, 1, 2, … */
  sum: (indicators * (indicators - 1)) / 2,
}

const organisation = 'directory.organisation'
const { registry, policies } = composeRegistry()
const log = { info() {}, warn() {}, error() {} }

export const contextOf = (database: Database): AppContext =>
  contextIn(
    {
      registry,
      policies,
      database,
      log,
      now: () => new Date(),
      city: () => noCity,
      refreshCity: async () => {},
      exchange: noExchange,
      figures: [],
      people: noPeople,
      send: () => Promise.reject(new Error('Chaos has no queue.')),
    },
    systemCaller,
    'en',
  )

const writing = <Result>(database: Database, body: (ctx: WriteContext) => Promise<Result>): Promise<Result> =>
  transaction(database.kysely, (tx) => body({ ...contextOf(database), db: tx }))

/** What the writer was told was saved. `change` is the change set; `id` the record, or the run of an import. */
export type Acknowledged = {
  readonly token: string
  readonly does: 'create' | 'change' | 'import'
  readonly change: string
  readonly id: string
}

/** Creates one organisation named after its token. */
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

/** Overwrites an organisation's abbreviation with a token. */
export async function changeOne(database: Database, id: string, token: string): Promise<Acknowledged> {
  const { changeSet } = await writing(database, (ctx) =>
    write(ctx, { source }, [{ kind: organisation, action: 'change', id, values: { abbreviation: token } }]),
  )
  return { token, does: 'change', change: changeSet!, id }
}

/** An import said that it was done, but its report does not say that the whole file was imported. */
export class NotWhole extends Error {}

/** What the columns of a file mean. */
export const profileOf = (token: string): Profile => ({
  name: 'Chaos',
  version: 1,
  columns: {
    id: { to: 'indicator.libraryNumber', required: true },
    title: { to: 'indicator.title', required: true },
    body: { to: 'organisation.name', required: true },
    objective: { to: 'objective.title', required: true },
    outcome: { to: 'outcome.title', required: true },
    year: { to: 'measurement.period', as: 'period', required: true },
    value: { to: 'measurement.value', as: 'number', required: true },
  },
  constants: {
    'plan.title': token,
    'organisation.organisationKind': 'other',
    'organisation.sector': 'public',
    'indicator.direction': 'up',
  },
  externalId: { source: sourceOf(token), columns: ['id'] },
})

/** The text of a file. */
export function tableOf(token: string): string {
  const lines = Array.from(
    { length: indicators },
    (_, index) =>
      `${index},${token} ${index},Body ${(index % objectives) % bodies} of ${token},Objective ${index % objectives},Outcome,2024,${index}`,
  )
  return `id,title,body,objective,outcome,year,value\n${lines.join('\n')}\n`
}

/** One import of a file of its own, which it writes into the folder. @throws NotWhole, and what an import throws. */
export async function importOnce(database: Database, folder: string, token: string): Promise<Acknowledged> {
  const file = join(folder, fileOf(token))
  await writeFile(file, tableOf(token))
  const { run, report } = await importFile(contextOf(database), importOffers, {
    file,
    name: fileOf(token),
    profile: profileOf(token),
  })
  if (report.created !== wholeImport.records || report.rows.taken !== indicators || report.changeSet === null)
    throw new NotWhole(
      `import ${token} is done with ${report.created} of ${wholeImport.records} records, ${report.rows.taken} rows taken: ${JSON.stringify({ kinds: report.kinds, problems: report.problems.slice(0, 3) })}`,
    )
  await rm(file)
  return { token, does: 'import', change: report.changeSet, id: run }
}
