import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { Language } from '#kernel/words.ts'
import { importFile, mappingFor } from '#modules/imports'
import { type App, contextOf } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { hasRejections, inWords, messageOf, type Report, type StoredReport } from '#platform/imports/index.ts'
import type { AppContext } from '#platform/page.ts'
import { type Profile, parseProfile } from '#platform/tabular/index.ts'
import { subscribers } from '../app.ts'
import type { Command, Output } from '../command.ts'
import { contentFormats, importContent } from '../content-import.ts'
import { importOffers } from '../modules.ts'

const usage =
  'import FILE [--profile PROFILE.json] [--unpublished] [--dry-run] [--all-or-nothing] [--json] | import FILE --guess [--sheet NAME] [--kind KIND]'

/**
 * Imports a table or workbook by a mapping profile, or a self-describing file; exits with 1 if something was rejected.
 * Without a profile a matching one is looked for; a guessed one is written out for review, never imported.
 */
export const importCommand: Command = {
  name: 'import',
  summary: 'bring in a workbook or table by its profile, or content in an open format',
  usage,
  run: async (args, io) => {
    const asked = optionsOf(args, io)
    if (!asked) return 2
    const bytes = await sizeOf(asked.file, io)
    if (bytes === null) return 2
    const { app } = await io.app()
    const ctx = contextOf(app, systemCaller, app.city().language as Language)
    if (asked.guess) {
      const { guess } = await mappingFor(ctx, importOffers, asked.file, basename(asked.file), asked)
      if (guess) io.out(JSON.stringify(guess, null, 2))
      else
        io.err(
          `Rows cannot become "${asked.kind}": name a kind of record, such as ${[...app.registry.kinds.keys()][0]}.`,
        )
      return guess ? 0 : 2
    }
    const content = await contentOf(app, { ...asked, bytes }, io)
    if (content === 'damaged') return 1
    const stored = content ?? (await importTable(ctx, { ...asked, bytes }, io))
    if (!stored) return 2
    // Without a worker, nothing else would bring performance and other derived results up to date.
    if (stored.changeSet) await catchUp(ctx, app.database, subscribers())
    const report = inWords(stored, app.registry.words.say(ctx.language))
    if (asked.json) io.out(JSON.stringify(report))
    else print(report, io)
    return hasRejections(stored) ? 1 : 0
  },
}

type Asked = {
  file: string
  profile: string | undefined
  unpublished: boolean
  dryRun: boolean
  allOrNothing: boolean
  json: boolean
  guess: boolean
  sheet?: string
  kind?: string
}

/** What the file itself says it holds; undefined if it does not say. */
async function contentOf(
  app: App,
  asked: Asked & { bytes: number },
  io: Output,
): Promise<StoredReport | 'damaged' | undefined> {
  if (asked.profile !== undefined) return undefined
  try {
    return await importContent(app, asked)
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error
    io.err(
      `The packed file ${asked.file} is not whole: it ends too early or was changed on the way. Nothing was imported; bring another copy.`,
    )
    return 'damaged'
  }
}

async function importTable(
  ctx: AppContext,
  asked: Asked & { bytes: number },
  io: Output,
): Promise<StoredReport | null> {
  const profile =
    asked.profile === undefined ? await fittingProfile(ctx, asked, io) : await readProfile(ctx, asked.profile, io)
  if (!profile) return null
  const { file, bytes, dryRun, allOrNothing } = asked
  return (await importFile(ctx, importOffers, { file, name: basename(file), bytes, profile, dryRun, allOrNothing }))
    .report
}

/** A mapping that fits the file: one of our templates, or one saved here. */
async function fittingProfile(ctx: AppContext, asked: Asked, io: Output): Promise<Profile | null> {
  const name = basename(asked.file)
  const { fitting, problems } = await mappingFor(ctx, importOffers, asked.file, name, {})
  if (fitting) return fitting
  const say = ctx.registry.words.say('en')
  for (const problem of problems.slice(0, 5)) io.err(messageOf(problem, say))
  io.err(
    `${name} is none of the formats that say by themselves what they hold (${contentFormats().join(', ')}), and no mapping that is known here fits it. If it is a table or workbook, add --profile PROFILE.json, or begin with --guess.`,
  )
  return null
}

async function readProfile(ctx: AppContext, path: string, io: Output): Promise<Profile | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    io.err(`The profile ${path} cannot be read (${error.code}): check the path and that you may read it.`)
    return null
  })
  if (text === null) return null
  const parsed = parseProfile(text)
  if ('problems' in parsed) {
    const say = ctx.registry.words.say('en')
    const [first, ...others] = parsed.problems
    io.err(`${path}: ${messageOf(first!, say)}${others.length > 0 ? ` (${others.length} more)` : ''}`)
    return null
  }
  return parsed.profile
}

function optionsOf(args: string[], io: Output): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        profile: { type: 'string' },
        unpublished: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        'all-or-nothing': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        guess: { type: 'boolean', default: false },
        sheet: { type: 'string' },
        kind: { type: 'string' },
      },
    })
    const [file, ...others] = positionals
    if (file === undefined || others.length > 0 || (values.guess && values.profile !== undefined)) {
      io.err(`Name one file: ${usage}`)
      return null
    }
    return {
      file,
      profile: values.profile,
      unpublished: values.unpublished,
      dryRun: values['dry-run'],
      allOrNothing: values['all-or-nothing'],
      json: values.json,
      guess: values.guess,
      ...(values.sheet === undefined ? {} : { sheet: values.sheet }),
      ...(values.kind === undefined ? {} : { kind: values.kind }),
    }
  } catch (error) {
    io.err(`${(error as Error).message.split('\n')[0]} Usage: ${usage}`)
    return null
  }
}

async function sizeOf(file: string, io: Output): Promise<number | null> {
  try {
    const facts = await stat(file)
    if (facts.isFile()) return facts.size
    io.err(`${file} is not a file: name the table to import.`)
  } catch (error) {
    io.err(
      `The file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}): check the path and that you may read it.`,
    )
  }
  return null
}

const shownProblems = 50

function print(report: Report, io: Output): void {
  const { created, changed, unchanged, rejected } = report
  const head = report.refused
    ? `Nothing was imported${report.refused === 'stopped' ? '' : ', because not every row could be taken'}.`
    : report.dryRun
      ? 'Tried only; nothing was written.'
      : 'Imported.'
  io.out(`${head} Records: ${created} created, ${changed} changed, ${unchanged} unchanged. Rows rejected: ${rejected}.`)
  for (const note of report.notes) io.out(`  ${note.message}`)
  for (const problem of report.problems.slice(0, shownProblems)) io.err(`${problem.severity}: ${problem.message}`)
  const more = Object.values(report.problemCounts).reduce((sum, count) => sum + count, 0) - shownProblems
  if (more > 0) io.err(`… and ${more} more; --json lists the first 1,000.`)
}
