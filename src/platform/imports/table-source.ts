/** A table as something to import: the file streams once through the reader, the profile says what its columns mean. */
import { prepareConversion } from '../tabular/convert.ts'
import { type Profile, readOptionsOf } from '../tabular/profile.ts'
import { readTable, type Table } from '../tabular/read.ts'
import { type ImportProblem, weightOf } from './problems.ts'
import type { Sink, Source } from './source.ts'
import type { Importer } from './steps.ts'

/** Opens a table; `importerFor` says what its rows become under the profile. */
export async function tableSource(
  file: string | AsyncIterable<Uint8Array>,
  profile: Profile,
  importerFor: (facts: { readonly header: readonly string[]; readonly profile: Profile }) => Importer,
): Promise<Source> {
  const table = await readTable(file, readOptionsOf(profile))
  const importer = importerFor({ header: table.header, profile })
  return {
    importer,
    read: (sink) => readRows(table, importer, profile, sink),
    facts: () => {
      const { rows, sha256 } = table.summary()
      return { rows, sha256: sha256 ?? '', encoding: table.dialect.encoding }
    },
  }
}

async function readRows(table: Table, importer: Importer, profile: Profile, sink: Sink): Promise<void> {
  const conversion = prepareConversion(profile, table.header)
  // A file that cannot be read at all says so by itself; what the profile misses in it is no news then.
  const before = table.problems.stop ? [] : [...conversion.problems, ...importer.problems]
  sink.problem(...before)
  if (table.problems.stop || before.some((problem) => weightOf(problem.code) === 'stop')) {
    sink.problems(table.problems)
    await table.close()
    return
  }
  for await (const row of table.rows) {
    const converted = conversion.convertRow(row)
    const found: ImportProblem[] = [...converted.problems]
    sink.row(converted.kept)
    if (converted.kept) {
      const { items, problems } = importer.read(row, converted)
      found.push(...problems)
      const wrong = [...row.problems, ...found].some((problem) => weightOf(problem.code) === 'reject')
      if (wrong) await sink.reject(row.number)
      else for (const item of items) await sink.item(item)
      sink.problem(...found)
    }
    sink.progress(table.summary().bytes)
  }
  sink.problems(table.problems)
}
