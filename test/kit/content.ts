/** Loads files of content into a house, and tells what was wrong with them. */
import { contextOf } from '#platform/app.ts'
import { type Caller, systemCaller } from '#platform/caller.ts'
import { contentSource, type Format, jsonFormat } from '#platform/exchange/index.ts'
import { runImport, type StoredReport } from '#platform/imports/index.ts'
import type { ImportHouse } from './imports.ts'

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

export async function loadContent(
  house: ImportHouse,
  text: string,
  { format = jsonFormat, caller = systemCaller }: { format?: Format; caller?: Caller } = {},
): Promise<StoredReport> {
  const ctx = contextOf(house.app, caller, 'en')
  const { report } = await runImport(ctx, {
    name: 'content',
    profile: null,
    format: format.name,
    open: () => contentSource(ctx, format, bytes(text), { publish: true }),
  })
  return report
}

/** A document of content, one record a line. */
export const documentOf = (items: readonly unknown[], complete = true) =>
  `{"format":"commonweal-content","version":1,"scope":"plan","complete":${complete},"records":[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]}`

/** Where something was wrong, and what: line, column, code. */
export const places = (report: StoredReport) => report.problems.map(({ row, column, code }) => [row, column, code])
