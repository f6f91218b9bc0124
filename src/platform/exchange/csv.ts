/**
 * Content as tables for spreadsheets: a list is one CSV file, a plan a ZIP of them, one for each kind and each plain
 * table. Readable, not lossless: references are readable numbers, and unsupported languages are left out.
 */

import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { Field, RecordKind } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'
import {
  between,
  type Codes,
  cellsOf,
  cellText,
  type Format,
  type RecordItem,
  type Snapshot,
  type WriterInput,
} from '../content/index.ts'
import { type WritableCell, writeTable } from '../tabular/index.ts'

type Column = {
  readonly name: string
  readonly cell: (values: Readonly<Record<string, unknown>>, codes: Codes) => WritableCell
}

/** Text by language, one column each; `und` for a name without a language. */
const byLanguage = (name: string, tags: readonly string[]): Column[] =>
  tags.map((tag) => ({
    name: tag === 'und' ? name : `${name}.${tag}`,
    cell: (values) => (values[name] as Record<string, string> | undefined)?.[tag],
  }))

const columnsOf = (name: string, field: Field): Column[] =>
  cellsOf(name, field).map((cell) => ({
    name: cell.column,
    cell: (values, codes) => cellText(cell, values, (id) => codes.get(id) ?? ''),
  }))

const simple = (name: string): Column => ({ name, cell: (values) => values[name] as WritableCell })
const reference = (name: string): Column => ({
  name,
  cell: (values, codes) => (values[name] ? codes.get(values[name] as string) : null),
})

function recordColumns(kind: RecordKind): Column[] {
  return [
    simple('code'),
    simple('id'),
    ...byLanguage('title', kind.title.localized ? languages : ['und']),
    simple('state'),
    simple('audience'),
    reference('organisation'),
    reference('owner'),
    ...Object.entries(kind.fields).flatMap(([name, field]) => columnsOf(name, field)),
    ...Object.keys(kind.links).map(
      (name): Column => ({
        name,
        cell: (values, codes) =>
          ((values as RecordItem).links?.[name] ?? [])
            .map(({ to, weight }) => `${codes.get(to) ?? ''}${weight === undefined ? '' : `=${weight}`}`)
            .join(between),
      }),
    ),
    {
      name: 'externalIds',
      cell: (values) =>
        ((values as RecordItem).externalIds ?? []).map(({ source, id }) => `${source}:${id}`).join(between),
    },
  ]
}

async function* recordRows(snapshot: Snapshot, kind: RecordKind): AsyncGenerator<WritableCell[]> {
  const columns = recordColumns(kind)
  yield columns.map((column) => column.name)
  for await (const page of snapshot.read({ only: { kind: kind.kind }, withoutRows: true }))
    if (page.of === 'records')
      for (const item of page.items) if (!item.context) yield columns.map((column) => column.cell(item, page.codes))
}

async function* plainRows(snapshot: Snapshot, kind: RecordKind, name: string): AsyncGenerator<WritableCell[]> {
  const columns = Object.entries(kind.rows[name]!.fields).flatMap(([field, declared]) => columnsOf(field, declared))
  yield ['code', 'record', ...columns.map((column) => column.name)]
  for await (const page of snapshot.read({ only: { kind: kind.kind, rows: name } }))
    if (page.of === 'rows')
      for (const row of page.item.values)
        yield [
          page.codes.get(page.item.record) ?? '',
          page.item.record,
          ...columns.map((column) => column.cell(row, page.codes)),
        ]
}

/** One ZIP entry at a time, each as it is read. */
async function* packed(snapshot: Snapshot): AsyncGenerator<Uint8Array> {
  const archive = new ZipFile()
  const out = new PassThrough()
  archive.outputStream.pipe(out)
  const filled = (async () => {
    for (const kind of snapshot.kinds) {
      await add(archive, `${kind.kind}.csv`, recordRows(snapshot, kind))
      for (const name of Object.keys(kind.rows))
        await add(archive, `${kind.kind}.${name}.csv`, plainRows(snapshot, kind, name))
    }
    archive.end()
  })()
  filled.catch((error: Error) => out.destroy(error))
  for await (const piece of out as AsyncIterable<Buffer>) yield piece
  await filled
}

async function add(archive: ZipFile, name: string, rows: AsyncGenerator<WritableCell[]>): Promise<void> {
  const header = await rows.next()
  const first = await rows.next()
  // A kind that is only referred to gets no table.
  if (first.done) return
  async function* all(): AsyncGenerator<WritableCell[]> {
    yield header.value as WritableCell[]
    yield first.value as WritableCell[]
    yield* rows
  }
  const entry = new PassThrough()
  archive.addReadStream(entry, name)
  await pipeline(Readable.from(writeTable(all()), { objectMode: false }), entry)
}

async function* write({ snapshot, header }: WriterInput): AsyncGenerator<string | Uint8Array> {
  if (header.scope !== 'list') yield* packed(snapshot)
  else {
    const kind = snapshot.registry.kind(header.about!).declaration
    yield* writeTable(recordRows(snapshot, kind))
  }
}

export const csvFormat: Format = {
  name: 'csv',
  extension: 'csv',
  mediaType: 'text/csv; charset=utf-8',
  packed: { scopes: ['plan', 'all'], extension: 'csv.zip', mediaType: 'application/zip' },
  holds: ['plan', 'list', 'all'],
  write,
}
