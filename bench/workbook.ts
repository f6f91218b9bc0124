/**
 * A large workbook compared with the same rows as CSV, each read in a separate process; and how fast one is written.
 */
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { writeTable } from '#platform/tabular/index.ts'
import { type WorkbookCell, writeWorkbook } from '#platform/workbook/index.ts'
import { type Figure, inTurns, milliseconds } from './figure.ts'

const run = promisify(execFile)
const register = join(import.meta.dirname, '../src/main/tsx.ts')

type Read = { readonly rows: number; readonly milliseconds: number; readonly megabytes: number; readonly stop: unknown }

async function readApart(path: string): Promise<Read> {
  const script = join(import.meta.dirname, 'read-table.ts')
  const { stdout } = await run(process.execPath, ['--import', register, script, path])
  return JSON.parse(stdout) as Read
}

const names = ['measure', 'agency', 'unit', 'year', 'month', 'day', 'value', 'share', 'target', 'note']

function* rowsOf(count: number): Generator<WorkbookCell[]> {
  yield names
  for (let row = 0; row < count; row += 1)
    yield [
      `Measure ${row % 997}`,
      `Agency ${row % 37}`,
      ['t', 'h', '%', 'km'][row % 4]!,
      2000 + (row % 25),
      1 + (row % 12),
      { day: `20${String(10 + (row % 15))}-0${1 + (row % 9)}-15` },
      (row * 7919) % 100_000,
      ((row * 31) % 1000) / 1000,
      row % 3 === 0 ? null : row % 500,
      row % 10 === 0 ? `Remark on row ${row}` : null,
    ]
}

const plain = (cell: WorkbookCell) =>
  typeof cell === 'object' && cell && 'day' in cell ? cell.day : (cell as string | number | null)

export const workbook: Figure = {
  name: 'workbook',
  measure: async (stage) => {
    const count = stage.short ? 20_000 : 200_000
    const [book, text] = [join(stage.folder, 'large.xlsx'), join(stage.folder, 'large.csv')]
    const write = (pieces: AsyncIterable<Buffer | string>, path: string) =>
      pipeline(Readable.from(pieces), createWriteStream(path))
    const csv = function* () {
      for (const row of rowsOf(count)) yield row.map(plain)
    }
    const sheet = { name: 'Values', headerRows: 1, columns: [], rows: rowsOf(count) }
    const writing = {
      ours: await milliseconds(() => write(writeWorkbook({ sheets: [sheet] }), book)),
      csv: await milliseconds(() => write(writeTable(csv()), text)),
    }
    const peaks = { book: 0, csv: 0 }
    const read = async (what: keyof typeof peaks, path: string) => {
      const found = await readApart(path)
      if (found.rows !== count || found.stop) throw new Error(`only ${found.rows} of ${count} rows were read`)
      peaks[what] = Math.max(peaks[what], found.megabytes)
      return (count * 1000) / found.milliseconds
    }
    const found = await inTurns(Math.min(stage.turns, 2), {
      csv: () => read('csv', text),
      ours: () => read('book', book),
    })
    const note = `${count.toLocaleString('en')} rows of ${names.length} columns`
    return [
      {
        name: 'workbook, rows read',
        unit: '/s',
        ours: found.ours,
        limit: { name: 'the same rows as CSV', value: found.csv },
        note,
      },
      {
        name: 'workbook, memory at most while reading',
        unit: 'MB',
        ours: peaks.book,
        limit: { name: 'the same rows as CSV', value: peaks.csv },
        target: { text: '≤ 300 MB', holds: (ours) => ours <= 300 },
        note: 'the whole process, the runtime included',
      },
      {
        name: 'workbook, rows written',
        unit: '/s',
        ours: (count * 1000) / writing.ours,
        limit: { name: 'the same rows as CSV', value: (count * 1000) / writing.csv },
        note,
      },
    ]
  },
}
