import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import type { Language } from '#kernel/words.ts'
import { importFile, mappingFor } from '#modules/indicators'
import { contextOf } from '#platform/app.ts'
import { theHouse } from '#platform/caller.ts'
import { catchUp } from '#platform/events.ts'
import { hasRejections, inWords, messageOf, type Report, type StoredReport } from '#platform/imports/index.ts'
import type { AppContext } from '#platform/page.ts'
import type { Profile } from '#platform/tabular/profile.ts'
import { parseProfile } from '#platform/tabular/profile-check.ts'
import { subscribers } from '../app.ts'
import type { Command, Output } from '../command.ts'
import { importContent } from '../content-import.ts'
import { composeHouse, exchange } from '../modules.ts'

const usage =
  'import FILE [--profile PROFILE.json] [--unpublished] [--dry-run] [--all-or-nothing] [--json] | import FILE --guess [--sheet NAME] [--kind KIND]'

/**
 * Imports a table or workbook by a mapping profile, or a file that says by itself what it holds; ends with 1 where
 * something was rejected. For a table without a profile one that fits is found. A guess is written out to be looked at,
 * and never imported.
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
    const given = asked.profile === undefined ? null : await readProfile(asked.profile, io)
    if (given === 'bad') return 2
    const { app } = await io.app()
    const ctx = contextOf(app, theHouse, app.city().language as Language)
    const content = given || asked.guess ? null : await importContent(app, { ...asked, bytes })
    const stored = content ?? (await importTable(ctx, { ...asked, given, bytes }, io))
    if (stored === 'told') return asked.guess ? 0 : 2
    // Without a worker nobody else would bring performance and other derived results up to date.
    if (stored.changeSet) await catchUp(ctx, app.database, subscribers())
    const report = inWords(stored, app.house.words.say(ctx.language))
    if (asked.json) io.out(JSON.stringify(report))
    else print(report, io)
    return hasRejections(stored) ? 1 : 0
  },
}

/** Imports a table by the profile given or one that fits; 'told' where a guess or the reason was written out instead. */
async function importTable(
  ctx: AppContext,
  asked: Asked & { given: Profile | null; bytes: number },
  io: Output,
): Promise<StoredReport | 'told'> {
  const { file, bytes, dryRun, allOrNothing, given } = asked
  const name = basename(file)
  const mapping = given ? null : await mappingFor(ctx, file, name, asked)
  if (asked.guess && mapping) {
    io.out(JSON.stringify(mapping.guess, null, 2))
    return 'told'
  }
  const profile = given ?? mapping?.fitting
  if (profile) return (await importFile(ctx, { file, name, bytes, profile, dryRun, allOrNothing })).report
  const say = ctx.house.words.say(ctx.language)
  for (const problem of mapping?.problems.slice(0, 5) ?? []) io.err(messageOf(problem, say))
  const formats = exchange.formats.filter((each) => each.read).map((each) => each.name)
  io.err(
    `${name} is none of the formats that say by themselves what they hold (${formats.join(', ')}), and no mapping that is known here fits it as a table. Name one with --profile, or begin with a guess: import FILE --guess.`,
  )
  return 'told'
}

type Asked = {
  file: string
  unpublished: boolean
  profile?: string
  dryRun: boolean
  allOrNothing: boolean
  json: boolean
  guess: boolean
  sheet?: string
  kind?: string
}

async function readProfile(path: string, io: Output): Promise<Profile | 'bad'> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    io.err(`The profile ${path} cannot be read (${error.code}): check the path and that you may read it.`)
    return null
  })
  if (text === null) return 'bad'
  const parsed = parseProfile(text)
  if (!('problems' in parsed)) return parsed.profile
  const say = composeHouse().house.words.say('en')
  const [first, ...others] = parsed.problems
  io.err(`${path}: ${messageOf(first!, say)}${others.length > 0 ? ` (${others.length} more)` : ''}`)
  return 'bad'
}

function optionsOf(args: string[], io: Output): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        profile: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        'all-or-nothing': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        unpublished: { type: 'boolean', default: false },
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
      ...(values.profile === undefined ? {} : { profile: values.profile }),
      ...(values.sheet === undefined ? {} : { sheet: values.sheet }),
      ...(values.kind === undefined ? {} : { kind: values.kind }),
      guess: values.guess,
      unpublished: values.unpublished,
      dryRun: values['dry-run'],
      allOrNothing: values['all-or-nothing'],
      json: values.json,
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
