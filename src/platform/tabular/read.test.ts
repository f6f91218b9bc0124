import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Encoding, encodings } from './encoding.ts'
import { sha256OfFile } from './hash.ts'
import { type ReadOptions, type Row, readTable } from './read.ts'

async function* stream(bytes: Uint8Array, pieceBytes = bytes.length || 1): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function read(source: string | Uint8Array, options: ReadOptions = {}, pieceBytes?: number) {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  const table = await readTable(stream(bytes, pieceBytes), options)
  const rows: Row[] = []
  for await (const row of table.rows) rows.push(row)
  return {
    table,
    rows,
    cells: rows.map((row) => row.cells),
    codes: table.problems.shown.map((problem) => problem.code),
  }
}

const utf16 = (text: string, endian: 'le' | 'be', mark: boolean) => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return endian === 'le' ? bytes : bytes.swap16()
}

describe('encodings', () => {
  const text = 'Größe;Ort\r\n1,5;Köln – Süd\r\n'
  const chinese = '指标,单位,数值\n空气质量优良天数,天,310\n绿化覆盖率,%,43.1\n'
  // 指标,单位 / 空气,天 in GB 2312
  const gb = Buffer.concat([Buffer.from('d6b8b1ea2cb5a5cebb0a', 'hex'), Buffer.from('bfd5c6f8d6cac1bf2cccec0a', 'hex')])
  const latin = Buffer.from('Gr\xf6\xdfe;Ort\r\n1,5;K\xf6ln \x96 S\xfcd\r\n', 'latin1')
  const table: [string, Uint8Array, Encoding, string, string][] = [
    ['UTF-8', Buffer.from(text), 'utf-8', 'valid-utf-8', 'Köln – Süd'],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), 'utf-8', 'byte-order-mark', 'Köln – Süd'],
    ['UTF-16 LE with a mark', utf16(text, 'le', true), 'utf-16le', 'byte-order-mark', 'Köln – Süd'],
    ['UTF-16 BE with a mark', utf16(text, 'be', true), 'utf-16be', 'byte-order-mark', 'Köln – Süd'],
    ['UTF-16 LE without one', utf16(text, 'le', false), 'utf-16le', 'zero-bytes', 'Köln – Süd'],
    ['UTF-16 BE without one', utf16(chinese, 'be', false), 'utf-16be', 'zero-bytes', '天'],
    ['Windows-1252', latin, 'windows-1252', 'not-utf-8', 'Köln – Süd'],
    ['GB 18030', gb, 'gb18030', 'chinese-byte-pairs', '天'],
    ['ASCII', Buffer.from('a,b\n1,2\n'), 'utf-8', 'only-ascii', '2'],
  ]
  test.each(table)('%s is read right, whole and byte by byte', async (_name, bytes, encoding, because, cell) => {
    for (const pieceBytes of [bytes.length, 1, 3]) {
      const { table, cells } = await read(bytes, {}, pieceBytes)
      expect(table.dialect).toMatchObject({ encoding, encodingReason: because })
      expect(cells[0]![1]).toBe(cell)
    }
  })

  test('a Latin-1 byte is named by place, also when the first one comes after megabytes of ASCII', async () => {
    const lines = Array.from({ length: 90_000 }, (_, index) => `${index},plain text\n`).join('')
    const bytes = Buffer.concat([Buffer.from(`id,name\n${lines}`), Buffer.from('x,caf\xe9\n', 'latin1')])
    const { table, rows } = await read(bytes, {}, 65_536)
    expect(rows.at(-1)!.cells).toEqual(['x', 'café'])
    expect(table.dialect.encoding).toBe('windows-1252')
    expect(table.problems.shown).toEqual([
      {
        row: 90_002,
        column: null,
        code: 'file.encoding-guessed',
        values: { encoding: 'windows-1252', byte: bytes.length - 1, hex: 'E9' },
      },
    ])
  })

  test('one damaged byte in UTF-8 names byte, line and cell, and the other rows stay good', async () => {
    const good = 'Zürich,ä\nGenève,é\nŁódź,ó\nMünchen,ü\nMalmö,ö\nKøbenhavn,ø\n'
    const bytes = Buffer.concat([
      Buffer.from(`stadt,x\n${good}`),
      Buffer.from('K\xf6ln,o\n', 'latin1'),
      Buffer.from(good),
    ])
    const { table, rows, codes } = await read(bytes)
    expect(table.dialect.encoding).toBe('utf-8')
    expect(codes).toEqual(['file.bad-bytes', 'cell.unreadable'])
    expect(table.problems.shown[0]).toMatchObject({ row: 8, values: { byte: bytes.indexOf(0xf6) + 1, hex: 'F6' } })
    expect(rows.filter((row) => row.problems.length > 0).map((row) => row.number)).toEqual([8])
  })

  test.each(encodings)('%s can be stated', async (encoding) => {
    const wide = encoding.startsWith('utf-16')
    const bytes = wide ? utf16('a,b\n1,2\n', encoding === 'utf-16le' ? 'le' : 'be', false) : Buffer.from('a,b\n1,2\n')
    const { table, cells } = await read(bytes, { encoding })
    expect(table.dialect).toMatchObject({ encoding, encodingReason: 'stated' })
    expect(cells).toEqual([['1', '2']])
  })

  test('a stated encoding is obeyed', async () => {
    const { cells } = await read(Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xcc, 0xee, 0x2c, 0x31, 0x0a]), {
      encoding: 'windows-1251',
    })
    expect(cells).toEqual([['Мо', '1']])
  })
})

describe('dialects', () => {
  test.each([',', ';', '\t', '|'] as const)('the delimiter %j is recognised with every line end', async (delimiter) => {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = [
        ['id', 'name', 'value'],
        ['1', `"a${delimiter}b"`, '1.5'],
        ['2', 'c', '2.5'],
      ]
      const { table, cells } = await read(lines.map((line) => line.join(delimiter)).join(end))
      expect(table.dialect.delimiter).toBe(delimiter)
      expect(cells).toEqual([
        ['1', `a${delimiter}b`, '1.5'],
        ['2', 'c', '2.5'],
      ])
    }
  })

  test('decimal commas do not hide the semicolon', async () => {
    const { table } = await read('Jahr;Wert;Ziel\n2020;1,5;2,5\n2021;1;3,5\n2022;1,25;4\n')
    expect(table.dialect.delimiter).toBe(';')
  })

  test('a line sep=; states the delimiter and is no row', async () => {
    const { table, cells } = await read('sep=;\r\na;b\r\n1,2;3,4\r\n')
    expect(table.dialect).toMatchObject({ delimiter: ';', headerRow: 2 })
    expect(cells).toEqual([['1,2', '3,4']])
  })

  test('single quotation marks are taken where they make the table even', async () => {
    const { cells } = await read("id,name\n1,'a,b'\n2,'c,d'\n3,e\n")
    expect(cells).toEqual([
      ['1', 'a,b'],
      ['2', 'c,d'],
      ['3', 'e'],
    ])
  })

  test('mixed line ends and quotation marks inside a text are read as they are', async () => {
    const { cells } = await read('id,name\r\n1,5" pipe\n2,"say ""hi"""\r3,"x" y\r\n')
    expect(cells).toEqual([
      ['1', '5" pipe'],
      ['2', 'say "hi"'],
      ['3', '"x" y'],
    ])
  })
})

describe('headers', () => {
  test('an unnamed first column and names used twice are made distinct and reported', async () => {
    const { table, codes } = await read(',Value,Value,Value (2)\n1,2,3,4\n')
    expect(table.header).toEqual(['column 1', 'Value', 'Value (3)', 'Value (2)'])
    expect(codes).toEqual(['header.unnamed', 'header.duplicate'])
  })

  test('titles above the table are left out and reported', async () => {
    const { table, cells } = await read(
      'Annual report,,\nprinted 2024-05-01,,\n\n# draft,,\nid,name,value\n1,a,2\n2,b,3\n',
    )
    expect(table.header).toEqual(['id', 'name', 'value'])
    expect(table.dialect.headerRow).toBe(5)
    expect(cells).toHaveLength(2)
    expect(table.problems.shown[0]).toMatchObject({ code: 'file.preamble', row: 1, values: { count: 3 } })
  })

  test('years as names of columns are a header, numbers are data', async () => {
    expect((await read('name,2019,2020\na,1,2\n')).table.header).toEqual(['name', '2019', '2020'])
    const without = await read('1,2.5,3\n4,5.5,6\n')
    expect(without.table.header).toEqual(['column 1', 'column 2', 'column 3'])
    expect(without.cells).toHaveLength(2)
    expect(without.codes).toEqual(['header.missing'])
  })

  test('empty columns and rows that a spreadsheet leaves behind are dropped and counted', async () => {
    const { table, cells, codes } = await read('a;b;;\n1;2;;\n;;;\n3;4;;\n;;;\n;;;\n')
    expect(table.header).toEqual(['a', 'b'])
    expect(cells).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    expect(codes).toEqual(['header.empty-columns', 'file.blank-rows'])
    expect(table.problems.shown[1]).toMatchObject({ row: 3, values: { count: 3 } })
  })
})

describe('rows', () => {
  test('the number of a row is its line in the file, also after cells over several lines', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['a,b', '1,"x', 'y"', '', '2,z', '"p', '', 'q",3', '4,5'].join(end)
      for (const pieceBytes of [1, 7, 1000]) {
        const { rows } = await read(text, {}, pieceBytes)
        expect(rows.map((row) => row.number)).toEqual([2, 5, 6, 9])
        expect(rows[0]!.cells[1]).toBe(`x${end}y`)
      }
    }
  })

  test('ragged rows are named with line and column, and keep their cells', async () => {
    const { table, rows } = await read('id,name,value\n1,a,2\n2,b\n3,c,4,extra\n4,d,5,,\n')
    expect(table.problems.shown).toEqual([
      { row: 3, column: 'value', code: 'row.too-few-cells', values: { expected: 3, found: 2 } },
      { row: 4, column: null, code: 'row.too-many-cells', values: { expected: 3, found: 4, text: 'extra' } },
    ])
    expect(rows.map((row) => row.cells.length)).toEqual([3, 3, 4, 3])
  })

  test('remarks between the rows are left out and reported, rows that begin with # are not', async () => {
    const { table, cells } = await read('fuel,unit\n# from the yearbook\n#2 fuel oil,t\n# checked, twice\ngas,m3\n')
    expect(cells).toEqual([
      ['#2 fuel oil', 't'],
      ['gas', 'm3'],
    ])
    expect(table.problems.shown).toEqual([{ row: 2, column: null, code: 'file.comments', values: { count: 2 } }])
  })

  test('cells that begin like a formula are kept as text and reported; signed numbers and dashes are not', async () => {
    const { table, cells } = await read('a,b\n=1+2,-5.5\n@x,-\n"+49 30 1",+1e3\n"-3,5",- part\n')
    expect(cells[0]).toEqual(['=1+2', '-5.5'])
    expect(table.problems.shown.map((problem) => [problem.code, problem.row, problem.column])).toEqual([
      ['cell.formula', 2, 'a'],
      ['cell.formula', 3, 'a'],
      ['cell.formula', 4, 'a'],
      ['cell.formula', 5, 'b'],
    ])
  })

  test('50,000 problems: the first 1,000 are shown, all are counted by code', async () => {
    const { table, rows } = await read(`a,b\n${'1\n'.repeat(30_000)}${'1,2,3\n'.repeat(20_000)}`)
    expect(rows).toHaveLength(50_000)
    expect(table.problems.total).toBe(50_000)
    expect(table.problems.shown).toHaveLength(1000)
    expect(table.problems.byCode).toEqual({ 'row.too-few-cells': 30_000, 'row.too-many-cells': 20_000 })
  })
})

describe('files that are no table', () => {
  const zip = Buffer.concat([Buffer.from('504b03041400', 'hex'), Buffer.from('[Content_Types].xml xl/workbook.xml')])
  test.each([
    ['an XLSX workbook', zip, 'xlsx'],
    ['a PDF', Buffer.from('%PDF-1.7\n1,2\n'), 'pdf'],
    ['an old XLS workbook', Buffer.from('d0cf11e0a1b11ae100', 'hex'), 'xls'],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html><body>Error, 404</body>'), 'html'],
    ['JSON', Buffer.from('[{"a": 1, "b": 2}]'), 'json'],
    ['bytes with NUL', Buffer.from('a,b\n1,\0\n'), 'binary'],
  ])('%s is one problem that says what it is', async (_name, bytes, content) => {
    const { table, rows } = await read(bytes)
    expect(rows).toEqual([])
    expect(table.problems.total).toBe(1)
    expect(table.problems.stop).toMatchObject({ code: 'file.not-a-table', values: { content } })
  })

  test('a NUL far inside the file stops there and names the line', async () => {
    const { table, rows } = await read(`a,b\n${'1,2\n'.repeat(100_000)}3,\0\n4,5\n`, {}, 65_536)
    expect(table.problems.stop).toMatchObject({ code: 'file.not-a-table', row: 100_002 })
    expect(rows.length).toBeLessThanOrEqual(100_000)
  })

  test('empty files, files with only a header and missing files are named', async () => {
    expect((await read('')).codes).toEqual(['file.empty'])
    expect((await read('\ufeff\r\n\r\n')).codes).toEqual(['file.empty'])
    expect((await read('a,b\n')).codes).toEqual(['file.no-rows'])
    const missing = await readTable('/does/not/exist.csv')
    expect(missing.problems.stop).toMatchObject({ code: 'file.cannot-open', values: { name: 'exist.csv' } })
  })
})

describe('limits', () => {
  test('a quotation mark that is never closed is named where it opens, and rows before it are read', async () => {
    const { table, rows } = await read(`a,b\n1,2\n3,"open\n${'4,5\n'.repeat(1000)}`)
    expect(rows.map((row) => row.cells)).toEqual([['1', '2']])
    expect(table.problems.stop).toMatchObject({ code: 'row.quote-not-closed', row: 3 })
    const long = await read(`a,b\n1,2\n3,"open\n${'4,5\n'.repeat(400_000)}`, {}, 65_536)
    expect(long.table.problems.stop).toMatchObject({ code: 'row.quote-not-closed', row: 3 })
  })

  test('columns, rows and size stop at their limit', async () => {
    const wide = await read(`a,b\n${'1,'.repeat(3000)}\n`)
    expect(wide.table.problems.stop).toMatchObject({ code: 'row.too-many-columns', row: 2, values: { limit: 2000 } })
    const many = await read('a\n1\n2\n3\n', { limits: { rows: 2 } })
    expect(many.rows).toHaveLength(2)
    expect(many.table.problems.stop).toMatchObject({ code: 'file.too-many-rows', row: 4 })
    const large = await read(`a,b\n${'1,2\n'.repeat(100_000)}`, { limits: { fileBytes: 200_000 } }, 4096)
    expect(large.table.problems.stop?.code).toBe('file.too-large')
    expect(large.table.summary().sha256).toBeNull()
  })

  test('the stop is known even when a thousand problems came before it', async () => {
    const { table } = await read(`a,b\n${'1\n'.repeat(2000)}"`)
    expect(table.problems.stop).toMatchObject({ code: 'row.quote-not-closed', row: 2002 })
  })

  test.each([
    ['letters', 'id,text\n1,ok\n2,', 'x', 'row.too-long'],
    ['delimiters', 'id,text\n1,ok\n2,', ',', 'row.too-long'],
    ['empty quoted cells', 'id,text\n1,ok\n2,', '"",', 'row.too-long'],
    ['line breaks inside quotation marks', 'id,text\n1,ok\n2,"', '\n', 'row.quote-not-closed'],
  ])('a line of 1 GB made of %s stops early within 100 MB', (_name, start, sign, code) => {
    // In a process of its own: the memory of this one belongs to other tests too.
    const script = `
      const { readTable } = await import(${JSON.stringify(new URL('./read.ts', import.meta.url).href)})
      const piece = Buffer.from(${JSON.stringify(sign)}.repeat(2 ** 20 / ${sign.length}))
      let sent = 0
      async function* source() {
        yield Buffer.from(${JSON.stringify(start)})
        for (; sent < 1024; sent += 1) yield piece
      }
      // The peak of this process's own memory: maxRSS still counts what the parent held when it forked.
      const { readFileSync } = await import('node:fs')
      const peak = () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
      const before = peak()
      const table = await readTable(source())
      const rows = []
      for await (const row of table.rows) rows.push(row.cells)
      const grown = (peak() - before) / 1024
      console.log(JSON.stringify({ sent, grown, rows, stop: table.problems.stop }))`
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    const result = JSON.parse(run.stdout) as { sent: number; grown: number; rows: unknown; stop: unknown }
    expect(result.grown).toBeLessThan(100)
    expect(result.sent).toBeLessThan(8)
    expect(result.rows).toEqual([['1', 'ok']])
    expect(result.stop).toMatchObject({ code, row: 3 })
  })

  test('a first line of 1 GB is refused as well', async () => {
    let sent = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; sent < 1024; sent += 1) yield Buffer.alloc(1024 ** 2, 0x61)
    }
    const table = await readTable(endless())
    expect(table.problems.stop).toMatchObject({ code: 'row.too-long', row: 1 })
    expect(sent).toBeLessThan(8)
  })
})

describe('fingerprint', () => {
  test('the hash is taken while reading, is that of the bytes, and is known only at the end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tabular-'))
    const path = join(folder, 'table.csv')
    const bytes = Buffer.from(`id,name\n${'1,ä\n'.repeat(50_000)}`)
    await writeFile(path, bytes)
    const table = await readTable(path)
    expect(table.summary().sha256).toBeNull()
    for await (const _row of table.rows);
    const expected = createHash('sha256').update(bytes).digest('hex')
    expect(table.summary()).toEqual({ rows: 50_000, blankRows: 0, bytes: bytes.length, sha256: expected })
    expect(await sha256OfFile(path)).toBe(expected)
    await rm(folder, { recursive: true })
  })

  test('leaving the rows early ends the source', async () => {
    let ended = false
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.from('1,2\n'.repeat(10_000))
      } finally {
        ended = true
      }
    }
    const table = await readTable(source())
    for await (const _row of table.rows) break
    expect(ended).toBe(true)
    ended = false
    await (await readTable(source())).close()
    expect(ended).toBe(true)
  })
})
