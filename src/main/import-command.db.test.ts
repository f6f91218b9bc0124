/** What the command line says to somebody whose file is not what it should be. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemCaller } from '#platform/caller.ts'
import { jsonFormat, writeContent } from '#platform/exchange/index.ts'
import { type ImportHouse, openImportHouse } from '#test/kit/imports.ts'
import type { Output } from './command.ts'
import { importCommand } from './commands/import.ts'

let house: ImportHouse
let folder: string
beforeAll(async () => {
  house = await openImportHouse()
  folder = await mkdtemp(join(tmpdir(), 'commonweal-command-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await house.close()
})

async function run(args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const [out, err]: [string[], string[]] = [[], []]
  const io: Output = {
    app: async () => ({ app: house.app, close: async () => {} }) as Awaited<ReturnType<Output['app']>>,
    database: () => Promise.reject(new Error('needs no database')),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  }
  return { code: await importCommand.run(args, io), out, err }
}

test('a packed file that was cut off on the way imports nothing and says so in a sentence', async () => {
  let text = ''
  const ctx = { ...house.ctx, caller: systemCaller }
  for await (const piece of writeContent(ctx, { format: jsonFormat, scope: { of: 'all' } })) text += piece
  const packed = gzipSync(text)
  for (const [name, length] of [
    ['half', Math.floor(packed.length / 2)],
    ['last', packed.length - 3],
  ] as const) {
    const path = join(folder, `${name}.json.gz`)
    await writeFile(path, packed.subarray(0, length))
    const { code, out, err } = await run([path])
    expect([code, out]).toEqual([1, []])
    expect(err).toEqual([expect.stringMatching(/is not whole.*Nothing was imported/)])
  }
})

test('a folder and a missing file are distinguished', async () => {
  expect((await run([folder])).err).toEqual([expect.stringContaining('is not a file')])
  expect((await run([join(folder, 'none.json')])).err).toEqual([expect.stringContaining('ENOENT')])
})
