/** Content in an open format from the command line, recognised by its beginning. */
import { basename } from 'node:path'
import { sql } from 'kysely'
import { type Language, languageOf } from '#kernel/words.ts'
import { type App, contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { contentSource, formatOf, headBytes } from '#platform/exchange/index.ts'
import { runImport, type StoredReport } from '#platform/imports/index.ts'
import { openPieces } from '#platform/pieces.ts'
import { exchange } from './modules.ts'

type Asked = {
  readonly file: string
  readonly bytes: number
  readonly unpublished: boolean
  readonly dryRun: boolean
  readonly allOrNothing: boolean
}

/** Formats of self-describing files. */
export const contentFormats = (): string[] => exchange.formats.filter((each) => each.read).map((each) => each.name)

/** Imports a content file; undefined if it is not one. */
export async function importContent(app: App, asked: Asked): Promise<StoredReport | undefined> {
  const { head, pieces } = await openPieces(asked.file, headBytes)
  const format = await formatOf(exchange.formats, head, asked.file)
  if (!format) return undefined
  // An empty installation takes the language of the imported city.
  const language = (await hasCity(app)) ? undefined : languageOf(/"city":\{[^}]*"language":"([^"]*)"/.exec(head)?.[1])
  if (language) app.registry.setLanguage(language)
  const ctx = contextOf(app, systemCaller, language ?? (app.city().language as Language))
  const { report } = await runImport(ctx, {
    name: basename(asked.file),
    bytes: asked.bytes,
    profile: null,
    format: format.name,
    dryRun: asked.dryRun,
    allOrNothing: asked.allOrNothing,
    open: () => contentSource(ctx, format, pieces, { publish: !asked.unpublished }),
  })
  return report
}

const hasCity = async (app: App): Promise<boolean> =>
  (await sql`select 1 from directory.city`.execute(app.database.kysely)).rows.length > 0
