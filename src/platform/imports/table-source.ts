/**
 * A table, or the tables of a workbook, as something to import: each streams through the reader once, and a profile
 * says what its columns mean.
 */

import type { Registry } from '#kernel/registry.ts'
import { openTableFile } from '../table-file.ts'
import { type Profile, prepareConversion } from '../tabular/index.ts'
import type { AllOffers } from './offers.ts'
import { openParts, type Part, PartPlaces, stepsOf, unreadSheets } from './parts.ts'
import { type ImportProblem, weightOf } from './problems.ts'
import type { Note } from './report.ts'
import type { Sink, Source } from './source.ts'
/** Opens a file of tables; the profile says which subject on offer, or which kind of record, its rows are. */
export function tableSource(
  registry: Registry,
  offers: AllOffers,
  source: string | AsyncIterable<Uint8Array>,
  profile: Profile,
): Source {
  const places = new PartPlaces()
  return {
    importer: () => ({
      steps: stepsOf(places.parts),
      begin: async (ctx) => {
        for (const { importer } of places.parts) await importer.begin(ctx)
      },
      notes: () => places.parts.flatMap(({ importer }) => importer.notes()),
    }),
    read: async (sink) => {
      const file = await openTableFile(source)
      try {
        sink.problem(...file.problems)
        for await (const part of openParts(registry, file, profile, offers)) {
          places.add(part)
          if (!(await readRows(part, places, sink))) return
        }
        sink.problem(...unreadSheets(file, places))
      } finally {
        await file.close()
      }
    },
    note: () => noteOf(places),
    sheets: () => places.sheets,
    place: (problem) => places.of(problem),
  }
}

/** Reads one table; returns whether reading may continue. */
async function readRows(part: Part, places: PartPlaces, sink: Sink): Promise<boolean> {
  const { table, importer, profile } = part
  const conversion = prepareConversion(profile, table.header)
  const placed = (list: readonly ImportProblem[]) => list.map((problem) => places.within(part, problem))
  // If the file cannot be read at all, that is reported; columns the profile misses are then beside the point.
  const before = table.problems.stop ? [] : placed([...conversion.problems, ...importer.problems])
  sink.problem(...before)
  if (table.problems.stop || before.some((problem) => weightOf(problem.code) === 'stop')) {
    sink.problems(table.problems, placed)
    await table.close()
    return false
  }
  for await (const own of table.rows) {
    const row = part.offset === 0 ? own : { ...own, number: own.number + part.offset }
    const converted = conversion.convertRow(row)
    const found: ImportProblem[] = [...converted.problems]
    sink.row(converted.kept)
    if (converted.kept) {
      const { items, problems } = importer.read(row, converted)
      found.push(...problems)
      const wrong = [...row.problems, ...found].some((problem) => weightOf(problem.code) === 'reject')
      if (wrong) await sink.reject(row.number)
      else for (const item of items) await sink.item({ ...item, step: item.step + part.firstStep })
      sink.problem(...found.map((problem) => places.of(problem)))
    }
    sink.progress(table.sheet ? 0 : table.summary().bytes)
  }
  sink.problems(table.problems, placed)
  return !table.problems.stop
}

function noteOf({ parts, sheets }: PartPlaces): Note {
  const [first] = parts
  const sha256 = first?.table.summary().sha256 ?? ''
  const rows = parts.reduce((sum, { table }) => sum + table.summary().rows, 0)
  return sheets.length > 0
    ? { code: 'import.note.workbook', values: { rows, count: sheets.length, sheets: sheets.join(', '), sha256 } }
    : { code: 'import.note.file', values: { rows, encoding: first?.table.encoding ?? '', sha256 } }
}
