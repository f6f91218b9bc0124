import { expect, test } from 'vitest'
import { type FileItem, formatName, formatVersion, type ReadPart } from '../content/index.ts'
import { jsonFormat } from './json.ts'

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

async function read(text: string) {
  const problems: unknown[] = []
  const part = { head: () => {}, problem: (problem: unknown) => problems.push(problem) } as unknown as ReadPart
  const items: FileItem[] = []
  for await (const item of jsonFormat.read!(bytesOf(text), part)) items.push(item)
  return { problems, items: items.length }
}

const head = `{"format":"${formatName}","version":${formatVersion}`

test.each([
  [`${head},"records":[\n{"kind":"a","kind":"b"}]}`, 'repeated', 'kind', '/kind', 2],
  [`${head},"records":[{"kind":"a"},\n{"title":{"en":"a","en":"b"}}]}`, 'repeated', 'en', '/title/en', 2],
  [`${head},"city":{"name":1,"name":2},"records":[]}`, 'repeated', 'name', '/name', 1],
  [`${head},"records":[\n\n{"links":[{"__proto__":{}}]}]}`, 'reserved', '__proto__', '/links/0/__proto__', 3],
  [`{"__proto__":{"format":"x"},"records":[]}`, 'reserved', '__proto__', '/__proto__', 1],
])('%s is refused, and the name is said', async (text, why, name, column, row) => {
  const { problems } = await read(text)
  expect(problems).toEqual([{ row, column, code: `import.file-${why}-member`, values: { name } }])
})

test('a member of the file that stands twice is named too', async () => {
  const { problems } = await read(`${head},"version":1,"records":[]}`)
  expect(problems).toEqual([{ row: 1, column: null, code: 'import.file-repeated-member', values: { name: 'version' } }])
})
