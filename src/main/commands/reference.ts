import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrationOf } from '#kernel/projections/columns.ts'
import { referencePage } from '#kernel/projections/reference.ts'
import type { Command } from '../command.ts'
import { composeRegistry } from '../modules.ts'

const folder = join(import.meta.dirname, '../../../docs/reference/records')

/** Writes the reference pages from the declarations; `--check` says whether they are current, `--migration KIND` drafts SQL. */
export const referenceCommand: Command = {
  name: 'reference',
  summary: 'write docs/reference/records from the declarations, or draft a migration',
  usage: 'reference [--check | --migration KIND]',
  run: async (args, io) => {
    const { registry } = composeRegistry()
    const wanted = args[0] === '--migration' ? args[1] : undefined
    if (args[0] === '--migration') {
      const known = registry.kinds.get(wanted ?? '')
      if (!known) {
        io.err(`There is no kind "${wanted ?? ''}". Known: ${[...registry.kinds.keys()].join(', ')}`)
        return 2
      }
      io.out(migrationOf(known.declaration))
      return 0
    }
    const say = registry.words.say('en')
    const pages = [...registry.kinds.values()].map(({ declaration }) => ({
      file: join(folder, `${declaration.kind}.md`),
      text: referencePage(declaration, say),
    }))
    if (args[0] === '--check') {
      const stale = []
      for (const { file, text } of pages) if ((await readFile(file, 'utf8').catch(() => '')) !== text) stale.push(file)
      if (stale.length > 0) io.err(`${stale.length} reference pages are not current; run: npm run -s cli -- reference`)
      return stale.length > 0 ? 1 : 0
    }
    await mkdir(folder, { recursive: true })
    for (const { file, text } of pages) await writeFile(file, text)
    io.out(`${pages.length} reference pages written.`)
    return 0
  },
}
