import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isSingleReference } from '#kernel/fields/reference.ts'
import { migrationOf } from '#kernel/projections/columns.ts'
import { referencePage } from '#kernel/projections/reference.ts'
import { moduleOf, type RecordKind, schemaOf } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import { type List, ordersOf } from '#pages/list/declare.ts'
import type { Manifest } from '#platform/module.ts'
import type { Command, Output } from '../command.ts'
import { composeRegistry, modules } from '../modules.ts'

const folder = join(import.meta.dirname, '../../../docs/reference/records')

/** References are asked from their other end, lists are read in the orders that they declare: each needs an index. */
const indexedOf = (kind: RecordKind, lists: readonly List[]): string[] => [
  ...new Set([
    ...Object.keys(kind.fields).filter((name) => isSingleReference(kind.fields[name]!)),
    ...lists.filter((each) => each.kind.kind === kind.kind).flatMap(ordersOf),
  ]),
]

/**
 * The first draft of a migration for these kinds of one room. It creates the schema unless a migration of the room
 * does already, and the indexes that references and declared lists are read by.
 */
export async function migrationDraft(
  room: Pick<Manifest, 'folder' | 'lists'>,
  kinds: readonly RecordKind[],
): Promise<string> {
  const migrations = join(room.folder, 'migrations')
  const files = (await readdir(migrations).catch(() => [])).filter((name) => name.endsWith('.sql'))
  const written = (await Promise.all(files.map((name) => readFile(join(migrations, name), 'utf8')))).join('\n')
  const has = (schema: string) => new RegExp(`^create schema [^;]*\\b${schema};`, 'mi').test(written)
  return kinds
    .map((kind, index) =>
      migrationOf(kind, {
        inSchema: index > 0 || has(schemaOf(kind.kind)),
        orders: indexedOf(kind, (room.lists ?? []) as readonly List[]),
      }),
    )
    .join('\n')
}

/** Writes a draft among the migrations of the room, under the minute in which it is written; returns the file. */
export async function writeDraft(folder: string, name: string, text: string, now = new Date()): Promise<string> {
  const minute = now.toISOString().replaceAll(/\D/g, '').slice(0, 12)
  const file = join(folder, 'migrations', `${minute}-${name}.sql`)
  await mkdir(join(folder, 'migrations'), { recursive: true })
  await writeFile(file, text, { flag: 'wx' })
  return file
}

/** Drafts a migration: printed, or with `as NAME` written, once nothing can go wrong any more. */
async function draftMigration(args: readonly string[], registry: Registry, io: Output): Promise<number> {
  const at = args.indexOf('--as')
  const [wanted, names] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at + 1)]
  const unknown = wanted.length === 0 ? [''] : wanted.filter((name) => !registry.kinds.has(name))
  const [room, ...others] = new Set(wanted.map(moduleOf))
  const misnamed = at >= 0 && !(names.length === 1 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(names[0]!))
  if (unknown.length > 0)
    io.err(`There is no kind "${unknown.join('", "')}". Known: ${[...registry.kinds.keys()].join(', ')}`)
  else if (others.length > 0) io.err('A migration belongs to one room: name kinds of one room.')
  else if (misnamed) io.err('After --as comes what the migration is about, in small letters: --as trees')
  if (unknown.length > 0 || others.length > 0 || misnamed) return 2
  const { folder, lists } = modules.find(({ name }) => name === room)!
  const declarations = wanted.map((name) => registry.kind(name).declaration)
  const draft = await migrationDraft({ folder, ...(lists ? { lists } : {}) }, declarations)
  io.out(names[0] ? relative(process.cwd(), await writeDraft(folder, names[0], draft)) : draft)
  return 0
}

/**
 * Writes the reference pages from the declarations; `--check` says whether they are current, `--migration KIND…` drafts
 * SQL.
 */
export const referenceCommand: Command = {
  name: 'reference',
  summary: 'write docs/reference/records from the declarations, or draft a migration',
  usage: 'reference [--check | --migration KIND… [--as NAME]]',
  run: async (args, io) => {
    const { registry } = composeRegistry()
    if (args[0] === '--migration') return draftMigration(args.slice(1), registry, io)
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
