import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrationOf } from '#kernel/projections/columns.ts'
import { referencePage } from '#kernel/projections/reference.ts'
import { moduleOf, type RecordKind, schemaOf } from '#kernel/record.ts'
import { type List, ordersOf } from '#pages/list/declare.ts'
import type { Manifest } from '#platform/module.ts'
import type { Command } from '../command.ts'
import { composeRegistry, modules } from '../modules.ts'

const folder = join(import.meta.dirname, '../../../docs/reference/records')

/**
 * The first draft of a migration for these kinds of one room. It creates the schema unless a migration of the room
 * does already, and the indexes that the declared lists of the kinds are read by.
 */
export async function migrationDraft(
  room: Pick<Manifest, 'folder' | 'lists'>,
  kinds: readonly RecordKind[],
): Promise<string> {
  const migrations = join(room.folder, 'migrations')
  const files = (await readdir(migrations).catch(() => [])).filter((name) => name.endsWith('.sql'))
  const written = (await Promise.all(files.map((name) => readFile(join(migrations, name), 'utf8')))).join('\n')
  const has = (schema: string) => new RegExp(`^create schema [^;]*\\b${schema};`, 'mi').test(written)
  const lists = (room.lists ?? []) as readonly List[]
  return kinds
    .map((kind, index) =>
      migrationOf(kind, {
        inSchema: index > 0 || has(schemaOf(kind.kind)),
        orders: [...new Set(lists.filter((each) => each.kind.kind === kind.kind).flatMap(ordersOf))],
      }),
    )
    .join('\n')
}

/**
 * Writes the reference pages from the declarations; `--check` says whether they are current, `--migration KIND…` drafts
 * SQL.
 */
export const referenceCommand: Command = {
  name: 'reference',
  summary: 'write docs/reference/records from the declarations, or draft a migration',
  usage: 'reference [--check | --migration KIND…]',
  run: async (args, io) => {
    const { registry } = composeRegistry()
    if (args[0] === '--migration') {
      const wanted = args.slice(1)
      const unknown = wanted.length === 0 ? [''] : wanted.filter((name) => !registry.kinds.has(name))
      const [room, ...others] = new Set(wanted.map(moduleOf))
      if (unknown.length > 0)
        io.err(`There is no kind "${unknown.join('", "')}". Known: ${[...registry.kinds.keys()].join(', ')}`)
      else if (others.length > 0) io.err('A migration belongs to one room: name kinds of one room.')
      if (unknown.length + others.length > 0) return 2
      const declarations = wanted.map((name) => registry.kind(name).declaration)
      io.out(await migrationDraft(modules.find(({ name }) => name === room)!, declarations))
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
