import { parseArgs } from 'node:util'
import { RestoreRefused, restore } from '#platform/backup/index.ts'
import { takeLease } from '#platform/db/index.ts'
import { verify } from '#platform/records/index.ts'
import type { Command } from '../command.ts'
import { migrationFolders } from '../modules.ts'

const usage = 'restore FILE.zip [--json]'

/** Restores a backup into an empty database, all or nothing, and checks its history. */
export const restoreCommand: Command = {
  name: 'restore',
  summary: 'bring a backup into an empty database',
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
    if (file === undefined) {
      io.err(`Name the archive to restore. Usage: ${usage}`)
      return 2
    }
    // Without opening the application: the database must not be migrated to the newest schema before the archive is
    // loaded.
    const database = await io.database()
    try {
      const lease = await takeLease(database.pool, { name: 'application', onLost: () => {} })
      try {
        const { manifest, applied } = await restore(database, migrationFolders, file)
        const verdict = await verify(database.kysely)
        if (json)
          io.out(JSON.stringify({ madeAt: manifest.madeAt, tables: manifest.tables.length, applied, history: verdict }))
        else {
          io.out(
            `Restored the backup of ${manifest.madeAt} (${manifest.program}): ${manifest.tables.length} tables${applied.length > 0 ? `, then brought up to date by ${applied.length} migrations` : ''}.`,
          )
          io.out(
            `${verdict.whole ? 'The history is whole' : 'The history is NOT whole'}: ${verdict.position} entries. Head ${verdict.position}:${verdict.hash}`,
          )
        }
        return verdict.whole ? 0 : 1
      } finally {
        await lease.release()
      }
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      if (error instanceof RestoreRefused) io.err(error.message)
      else if (syscall === 'open' || code === 'EISDIR')
        io.err(`The file ${file} cannot be read (${code}): check the path and that you may read it.`)
      else throw error
      return 1
    }
  },
}
