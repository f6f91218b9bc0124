/** Files that are made to do harm, or that are broken: each ends in a named problem, in bounded memory and time. */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { handMade, partsOf, piecesOf, rowsXml, written, zipOf } from '#test/kit/workbooks.ts'
import { openTableFile } from '../table-file.ts'

async function stopOf(bytes: Uint8Array) {
  const file = await openTableFile(piecesOf(bytes))
  const table = await file.open()
  for await (const _ of table.rows);
  await file.close()
  return table.problems.stop
}

const small = {
  sheets: [
    {
      name: 'S',
      rows: rowsXml([
        ['a', 'b'],
        [1, 2],
      ]),
    },
  ],
}
const sheet = 'xl/worksheets/sheet1.xml'
const sheetXml = (inner: string, head = '') => `${head}<worksheet><sheetData>${inner}</sheetData></worksheet>`
const withSheet = (content: string | Buffer) => handMade({ ...small, parts: { [sheet]: content } })

describe('files that only call themselves workbooks', () => {
  const ole = (text: string) =>
    Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(200_000),
      Buffer.from(text, 'utf16le'),
      Buffer.alloc(5000),
    ])
  test.each<[string, () => Promise<Uint8Array>, Record<string, unknown>]>([
    ['an old workbook', async () => ole('Workbook'), { code: 'file.not-a-table', values: { content: 'xls' } }],
    ['a workbook with a password', async () => ole('EncryptedPackage'), { code: 'workbook.encrypted' }],
    [
      'an OpenDocument spreadsheet',
      () =>
        zipOf([
          ['mimetype', 'x'],
          ['content.xml', '<a/>'],
        ]),
      { values: { content: 'ods' } },
    ],
    [
      'a text document',
      () =>
        zipOf([
          ['[Content_Types].xml', '<a/>'],
          ['word/document.xml', '<a/>'],
        ]),
      { values: { content: 'docx' } },
    ],
    [
      'a binary workbook',
      () =>
        zipOf([
          ['[Content_Types].xml', '<a/>'],
          ['xl/workbook.bin', 'x'],
        ]),
      { values: { content: 'xlsb' } },
    ],
    ['an archive of anything', () => zipOf([['readme.txt', 'hello']]), { values: { content: 'zip' } }],
    ['a web page', async () => Buffer.from('<!doctype html><html></html>'), { values: { content: 'html' } }],
  ])('%s is named', async (_name, bytes, expected) => {
    expect(await stopOf(await bytes())).toMatchObject(expected)
  })

  test('a table as text under a wrong name is read as what it is', async () => {
    expect(await stopOf(Buffer.from('a,b\n1,2\n'))).toBeNull()
  })
})

describe('damage', () => {
  test('an archive that is cut off anywhere is named as damaged', async () => {
    const whole = await written({ sheets: [{ name: 'S', headerRows: 1, columns: [], rows: [['a'], ['x'], ['y']] }] })
    for (const part of [0.1, 0.3, 0.5, 0.8, 0.99])
      expect(await stopOf(whole.subarray(0, Math.floor(whole.length * part))), String(part)).toMatchObject({
        code: 'workbook.damaged',
      })
  })

  test('bytes changed at any place end in a problem or in rows, never in an exception', async () => {
    const whole = await handMade({ ...small, strings: '<si><t>x</t></si>', styles: '<cellXfs><xf/></cellXfs>' })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const bytes = Buffer.from(whole)
          for (const [at, value] of changes) bytes[at] = value
          const stop = await stopOf(bytes)
          expect(stop === null || typeof stop.code === 'string').toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  test.each<[string, string, string]>([
    ['not well-formed', '<worksheet><sheetData><row></sheetData>', 'xml'],
    ['an entity nobody declared', sheetXml('<row><c t="inlineStr"><is><t>&bomb;</t></is></c></row>'), 'xml'],
    [
      'rows out of order',
      sheetXml('<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'),
      'order',
    ],
    ['cells out of order', sheetXml('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'), 'order'],
    ['a text that is not there', sheetXml('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), 'string'],
    ['another encoding', `<?xml version="1.0" encoding="EBCDIC"?>${sheetXml('')}`, 'encoding'],
  ])('%s', async (_name, content, reason) => {
    expect(await stopOf(await withSheet(content))).toMatchObject({ code: 'workbook.damaged', values: { reason } })
  })

  test('a checksum that is wrong and a part that is missing are named with the part', async () => {
    const bytes = await handMade(small)
    const at = bytes.indexOf('PK\u0001\u0002xl/worksheets', 0) // central directory is found below
    expect(at).toBe(-1)
    let entry = bytes.indexOf(Buffer.from('504b0102', 'hex'))
    while (!bytes.subarray(entry + 46, entry + 46 + sheet.length).equals(Buffer.from(sheet)))
      entry = bytes.indexOf(Buffer.from('504b0102', 'hex'), entry + 4)
    bytes[entry + 16]! ^= 0xff
    expect(await stopOf(bytes)).toMatchObject({ code: 'workbook.damaged', values: { reason: 'checksum', part: sheet } })
    const parts = partsOf(small)
    parts.delete(sheet)
    expect(await stopOf(await zipOf(parts))).toMatchObject({ values: { reason: 'missing', part: sheet } })
  })

  test('names that lead out of the archive are refused, and two entries of one name', async () => {
    for (const name of ['../../etc/evil', '/etc/evil', 'C:/evil']) {
      const safe = `${'x'.repeat(name.length)}`
      const bytes = await zipOf([...partsOf(small), [safe, 'x']])
      for (let at = bytes.indexOf(safe); at >= 0; at = bytes.indexOf(safe, at + 1)) bytes.write(name, at)
      expect(await stopOf(bytes), name).toMatchObject({ code: 'workbook.unsafe-name' })
    }
    expect(await stopOf(await zipOf([...partsOf(small), [sheet, '<x/>']]))).toMatchObject({
      values: { reason: 'duplicate' },
    })
  })

  test('a sheet that points outside the archive is a missing part', async () => {
    const relations =
      '<Relationships><Relationship Id="s0" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>'
    const bytes = await handMade({ ...small, parts: { 'xl/_rels/workbook.xml.rels': relations } })
    expect(await stopOf(bytes)).toMatchObject({ code: 'workbook.damaged', values: { reason: 'missing' } })
  })
})

describe('what is dangerous is not followed', () => {
  const doctypes = {
    'billion laughs': `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>`,
    'an external entity': '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    'an external document type': '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/evil.dtd">',
  }
  test.each(Object.entries(doctypes))('%s in any part is refused unread', async (_name, doctype) => {
    for (const part of [sheet, 'xl/workbook.xml', 'xl/sharedStrings.xml', '_rels/.rels', 'xl/styles.xml']) {
      const parts = partsOf({ ...small, strings: '<si><t>x</t></si>', styles: '<cellXfs/>' })
      parts.set(part, `<?xml version="1.0"?>${doctype}${String(parts.get(part))}`)
      expect(await stopOf(await zipOf(parts)), part).toMatchObject({ code: 'workbook.doctype' })
    }
  })

  test('macros are named and nothing of them is read; values of other workbooks are taken as saved', async () => {
    const link =
      '<Relationships><Relationship Id="a" Type="x/externalLinkPath" Target="file:///C:/plans/Budget%202024.xlsx" TargetMode="External"/></Relationships>'
    const rows =
      '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="2"><c r="A2"><f>[1]Sheet1!A1</f><v>42</v></c></row>'
    const bytes = await handMade({
      sheets: [{ name: 'S', rows }],
      relations: '<Relationship Id="e" Type="x/externalLink" Target="externalLinks/externalLink1.xml"/>',
      parts: {
        'xl/vbaProject.bin': Buffer.alloc(1000, 1),
        'xl/externalLinks/externalLink1.xml': '<externalLink/>',
        'xl/externalLinks/_rels/externalLink1.xml.rels': link,
      },
    })
    const file = await openTableFile(piecesOf(bytes))
    const cells = []
    for await (const row of (await file.open()).rows) cells.push(row.cells)
    await file.close()
    expect(cells).toEqual([['42']])
    expect(file.problems).toMatchObject([
      { code: 'workbook.macros' },
      { code: 'workbook.links', values: { count: 1, text: 'Budget%202024.xlsx' } },
    ])
  })

  test('text that looks like a formula is text, written and read', async () => {
    const bytes = await written({
      sheets: [{ name: 'S', headerRows: 1, columns: [], rows: [['a'], ['=HYPERLINK("http://x")']] }],
    })
    const file = await openTableFile(piecesOf(bytes))
    const rows = []
    for await (const row of (await file.open()).rows) rows.push(row)
    await file.close()
    expect(rows).toMatchObject([{ cells: ['=HYPERLINK("http://x")'], problems: [] }])
    expect(bytes.includes('<f>')).toBe(false)
  })

  test('nothing is left behind in the folder for temporary files', async () => {
    const ours = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('commonweal-workbook-'))
    const before = await ours()
    await stopOf(await handMade(small))
    await stopOf((await handMade(small)).subarray(0, 300))
    expect(await ours()).toEqual(before)
  })
})

describe('bounds, measured in a process of its own', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostile-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A workbook whose part is made while it is written, so that this process need not hold it either. */
  async function streamed(name: string, part: string, pieces: () => Iterable<string>): Promise<string> {
    const zip = new ZipFile()
    const parts = partsOf({
      ...small,
      ...(part.includes('Strings') ? { strings: ' ' } : {}),
      ...(part.includes('styles') ? { styles: ' ' } : {}),
    })
    for (const [path, content] of parts) if (path !== part) zip.addBuffer(Buffer.from(content), path)
    zip.addReadStreamLazy(part, { compressionLevel: 6 }, (give) => give(null, Readable.from(pieces())))
    zip.end()
    const path = join(folder, `${name}.xlsx`)
    await pipeline(zip.outputStream, createWriteStream(path))
    return path
  }

  function readApart(path: string) {
    const script = `
      const { openTableFile } = await import(${JSON.stringify(new URL('../table-file.ts', import.meta.url).href)})
      const { readFileSync } = await import('node:fs')
      // The peak of this process's own memory: maxRSS still counts what the parent held when it forked.
      const peak = () => Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
      const before = peak()
      const file = await openTableFile(${JSON.stringify(path)})
      const table = await file.open()
      let rows = 0
      for await (const row of table.rows) rows += 1
      await file.close()
      console.log(JSON.stringify({ rows, grown: (peak() - before) / 1024, stop: table.problems.stop }))`
    const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(run.stderr).toBe('')
    return JSON.parse(run.stdout) as {
      rows: number
      grown: number
      stop: { code: string; values: Record<string, unknown> } | null
    }
  }

  /** Blocks of a thousand units; a unit may include its number, so that it does not compress to nothing. */
  function* repeated(
    head: string,
    unit: string | ((index: number) => string),
    times: number,
    tail = '',
  ): Generator<string> {
    yield head
    const block = typeof unit === 'string' ? unit.repeat(1000) : ''
    for (let done = 0; done < times; done += 1000) yield typeof unit === 'string' ? block : blockOf(unit, done)
    yield tail
  }

  /** Digits that look like chance. */
  const noise = (index: number) => ((index * 2654435761) % 4294967296).toString(36)
  /** Made once: four of the files hold the same ones. */
  const noiseBlocks = new Map<number, string>()
  const blockOf = (unit: (index: number) => string, from: number): string => {
    const known = unit === noise ? noiseBlocks.get(from) : undefined
    const block = known ?? Array.from({ length: 1000 }, (_, index) => unit(from + index)).join('')
    if (unit === noise) noiseBlocks.set(from, block)
    return block
  }

  const head = '<worksheet><sheetData>'
  const tail = '</sheetData></worksheet>'
  test.each<[string, string, () => Iterable<string>, string, number]>([
    ['a zip bomb of blanks', sheet, () => repeated(head, ' '.repeat(100), 1_000_000, tail), 'ratio', 120],
    ['10 million empty rows', sheet, () => repeated(head, '<row/>', 10_000_000, tail), 'ratio', 120],
    [
      'empty rows that pack badly',
      sheet,
      () => repeated(head, (at) => `<row spans="${noise(at)}"/>`, 1_060_000, tail),
      'rows',
      120,
    ],
    ['a tag without an end', sheet, () => repeated(`${head}<row a="`, noise, 2_000_000), 'markup', 120],
    ['a text without an end', sheet, () => repeated(`${head}<row><c><v>`, noise, 2_000_000), 'markup', 120],
    ['a comment without an end', sheet, () => repeated(`${head}<!--`, noise, 2_000_000), 'markup', 120],
    ['a document type without an end', sheet, () => repeated('<!DOCTYPE ', noise, 2_000_000), 'markup', 120],
    ['elements without an end', sheet, () => repeated(head, '<a>', 1_000_000), 'depth', 120],
    [
      'a row of 20,000 cells',
      sheet,
      () => repeated(`${head}<row>`, '<c><v>1</v></c>', 20_000, `</row>${tail}`),
      'columns',
      120,
    ],
    [
      'too many texts',
      'xl/sharedStrings.xml',
      () => repeated('<sst>', (at) => `<si><t>${noise(at)}</t></si>`, 2_010_000, '</sst>'),
      'strings',
      250,
    ],
    [
      'texts that are too long together',
      'xl/sharedStrings.xml',
      () => repeated('<sst>', (at) => `<si><t>${noise(at).repeat(40)}</t></si>`, 600_000, '</sst>'),
      'string-bytes',
      300,
    ],
    [
      'a million formats',
      'xl/styles.xml',
      () => repeated('<styleSheet><cellXfs>', '<xf fillId="1"/>', 100_000, '</cellXfs></styleSheet>'),
      'styles',
      120,
    ],
    [
      'sheets without end',
      'xl/workbook.xml',
      () => repeated('<workbook><sheets>', '<sheet name="a"/>', 10_000),
      'sheets',
      120,
    ],
  ])(
    '%s',
    async (name, part, pieces, reason, megabytes) => {
      const result = readApart(await streamed(name.replaceAll(' ', '-'), part, pieces))
      expect(result.stop).toMatchObject({ code: 'workbook.too-much', values: { reason } })
      expect(result.grown).toBeLessThan(megabytes)
    },
    60_000,
  )

  test('an archive that is larger than is read', async () => {
    const path = join(folder, 'large.xlsx')
    await writeFile(path, await handMade(small))
    const file = createWriteStream(path, { flags: 'a' })
    const block = Buffer.alloc(1024 * 1024)
    for (let written = 0; written < 260; written += 1) if (!file.write(block)) await once(file, 'drain')
    await new Promise<void>((done) => file.end(done))
    const result = readApart(path)
    expect(result.stop).toMatchObject({ code: 'workbook.too-much', values: { reason: 'archive' } })
    expect(result.grown).toBeLessThan(120)
  }, 60_000)
})
