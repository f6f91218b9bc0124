import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { backup } from '#platform/backup/index.ts'
import { writePieces } from '#platform/pieces.ts'
import { sealAll, verify } from '#platform/records/index.ts'
import type { Command } from '../command.ts'
import { migrationFolders } from '../modules.ts'

const usage = 'backup FILE.zip [--json]'

const programVersion = async (): Promise<string> => {
  const text = await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8')
  return `commonweal ${(JSON.parse(text) as { version: string }).version}`
}

/** Writes everything the rooms keep into one archive, while people go on working. */
export const backupCommand: Command = {
  name: 'backup',
  summary: 'write everything into one archive',
  usage,
  run: async (args, io) => {
    let file: string | undefined
    let json = false
    try {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: { json: { type: 'boolean', default: false } },
      })
      json = values.json
      file = positionals.length === 1 ? positionals[0] : undefined
    } catch (error) {
      io.err((error as Error).message.split('\n')[0]!)
    }
    if (file === undefined || file.endsWith('.gz')) {
      io.err(`Name the archive to write. Usage: ${usage}`)
      return 2
    }
    const { app } = await io.app()
    // Everything committed is sealed first, so that the head in the archive covers all of it.
    await sealAll(app.database)
    const before = await verify(app.database.kysely)
    if (!before.whole)
      io.err(
        'The history is NOT whole (see the command verify). The backup is made all the same: it holds what is there.',
      )
    const { pieces, manifest } = await backup(app.database.pool, {
      modules: migrationFolders,
      program: await programVersion(),
      now: app.now,
    })
    try {
      await writePieces(file, pieces)
    } catch (error) {
      const { code, path } = error as NodeJS.ErrnoException
      if (!code || !path?.startsWith(file)) throw error
      io.err(`${file} cannot be written (${code}): check the path, the space and that you may write there.`)
      return 1
    }
    const made = await manifest
    const bytes = made.tables.reduce((sum, table) => sum + table.bytes, 0)
    if (json) io.out(JSON.stringify({ file, tables: made.tables.length, bytes, head: made.head, madeAt: made.madeAt }))
    else
      io.out(
        `Backed up to ${file}: ${made.tables.length} tables, ${bytes.toLocaleString('en')} bytes before packing. Head of the history ${made.head}. The archive holds personal data and password hashes: keep it where few can read it.`,
      )
    return 0
  },
}
