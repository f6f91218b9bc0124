/**
 * One import from the first byte to the report: the file streams once through the reader into staging, everything is
 * checked, and what is right is saved in one transaction. Whatever ends it before the commit leaves nothing behind.
 */
import { inTransaction } from '../app.ts'
import type { WriteContext } from '../context.ts'
import type { AppContext } from '../page.ts'
import { newId } from '../records/index.ts'
import { prepareConversion } from '../tabular/convert.ts'
import { openTableFile } from '../tabular/open.ts'
import { ProblemList } from '../tabular/problems.ts'
import type { Profile } from '../tabular/profile.ts'
import { openParts, type Part, Places, stepsOf, unreadSheets } from './parts.ts'
import { type ImportProblem, weightOf } from './problems.ts'
import { Cancelled, Progress } from './progress.ts'
import type { Note, StoredReport } from './report.ts'
import { beginRun, endRun, endRunWithin, sweepRuns } from './runs.ts'
import { type Round, type RoundParts, saveRound } from './saving.ts'
import { Staging } from './staging.ts'
import type { Importer, Step } from './steps.ts'

export type ImportOptions = {
  /** Path of the file, or its bytes. */
  readonly file: string | AsyncIterable<Uint8Array>
  /** Name that the report, the history and the ledger's source `import:NAME` carry. */
  readonly name: string
  readonly bytes?: number
  readonly profile: Profile
  /** Everything but the saving: the report says what would happen. */
  readonly dryRun?: boolean
  /** Take all rows or none. Otherwise valid rows are taken and the others listed. */
  readonly allOrNothing?: boolean
  /** A run that waits already (uploaded in a page); a new one is made otherwise. */
  readonly run?: string
  /** For the tables whose profile names no kind of record. */
  readonly importerFor: (facts: { readonly header: readonly string[]; readonly profile: Profile }) => Importer
}

export type Imported = { readonly run: string; readonly report: StoredReport }

/** After so many rounds what is still found wrong stays out, and the rest is saved as it is. */
const mostRounds = 6
const keptProblems = 1000

/**
 * Imports a file with the permissions of the caller.
 * @throws Cancelled where somebody asked for its end; StagingLost where the database server crashed meanwhile; errors of
 * the database and of the stream.
 */
export async function runImport(ctx: AppContext, options: ImportOptions): Promise<Imported> {
  await sweepRuns(ctx)
  const run = options.run ?? newId()
  await beginRun(ctx, run, options)
  const staging = new Staging(ctx.database, run)
  const progress = new Progress(ctx.database, run)
  try {
    await staging.begin()
    const report = await new Import(ctx, options, run, staging, progress).perform()
    return { run, report }
  } catch (error) {
    await progress.settle()
    await endRun(ctx, run, error instanceof Cancelled ? 'cancelled' : 'failed', null).catch(() => {})
    throw error
  } finally {
    await staging.clear().catch(() => {})
  }
}

/** Carries the outcome of a round out of a transaction that must not commit. */
class RolledBack extends Error {
  readonly round: Round
  readonly problems: ProblemList

  constructor(round: Round, problems: ProblemList) {
    super('rolled back')
    this.round = round
    this.problems = problems
  }
}

class Import {
  readonly #ctx: AppContext
  readonly #options: ImportOptions
  readonly #run: string
  readonly #staging: Staging
  readonly #progress: Progress
  readonly #problems = new ProblemList(keptProblems)
  readonly #places = new Places()
  readonly #rows = { read: 0, left: 0 }

  constructor(ctx: AppContext, options: ImportOptions, run: string, staging: Staging, progress: Progress) {
    this.#ctx = ctx
    this.#options = options
    this.#run = run
    this.#staging = staging
    this.#progress = progress
  }

  async perform(): Promise<StoredReport> {
    const { profile, file: source } = this.#options
    await this.#progress.enter('reading', this.#options.bytes ?? 0)
    const file = await openTableFile(source)
    try {
      this.#problems.add(...file.problems)
      for await (const part of openParts(this.#ctx.house, file, profile, this.#options.importerFor)) {
        this.#places.add(part)
        await this.#read(part)
        if (this.#problems.stop) return await this.#refuse('stopped')
      }
      this.#problems.add(...unreadSheets(file, this.#places))
    } finally {
      await file.close()
    }
    return this.#save()
  }

  async #read(part: Part): Promise<void> {
    const { table, importer, profile } = part
    const conversion = prepareConversion(profile, table.header)
    const placed = (list: readonly ImportProblem[]) => list.map((problem) => this.#places.within(part, problem))
    // A file that cannot be read at all says so by itself; what the profile misses in it is no news then.
    if (!table.problems.stop) this.#problems.add(...placed([...conversion.problems, ...importer.problems]))
    this.#problems.stop ??= this.#problems.shown.find((problem) => weightOf(problem.code) === 'stop') ?? null
    if (this.#problems.stop || table.problems.stop) {
      absorb(this.#problems, table.problems, placed)
      await table.close()
      return
    }
    for await (const own of table.rows) {
      const row = part.offset === 0 ? own : { ...own, number: own.number + part.offset }
      const converted = conversion.convertRow(row)
      this.#rows.read += 1
      const found: ImportProblem[] = [...converted.problems]
      if (!converted.kept) this.#rows.left += 1
      else {
        const { items, problems } = importer.read(row, converted)
        found.push(...problems)
        const wrong = [...row.problems, ...found].some((problem) => weightOf(problem.code) === 'reject')
        if (wrong) await this.#staging.reject(row.number)
        else
          for (const item of items) await this.#staging.add({ ...item, step: item.step + part.firstStep }, item.shared)
        this.#problems.add(...found.map((problem) => this.#places.of(problem)))
      }
      this.#progress.report(table.sheet ? 0 : table.summary().bytes, this.#options.bytes ?? 0)
    }
    await this.#staging.flush()
    absorb(this.#problems, table.problems, placed)
  }

  async #save(): Promise<StoredReport> {
    const steps = stepsOf(this.#places.parts)
    const own = steps.filter((step) => !step.shared).map((step) => step.step)
    const staged = this.#staging.staged
    await this.#progress.enter('checking', staged)
    for (let round = 1; ; round += 1) {
      await this.#staging.dropRejected()
      const some = (await this.#staging.countStaged(own)) > 0
      const last = round === mostRounds || !some
      try {
        return await inTransaction(this.#ctx, async (ctx) => {
          const problems = new ProblemList(keptProblems)
          const outcome = some ? await this.#round(ctx, steps, problems, staged) : nothing
          if (outcome.rejected > 0 && !last) throw new RolledBack(outcome, problems)
          absorb(this.#problems, problems)
          const report = await this.#report(outcome)
          await this.#staging.checkWhole(ctx.db)
          if (this.#options.dryRun || report.refused) throw new RolledBack(outcome, problems)
          await this.#progress.settle()
          await endRunWithin(ctx, this.#run, report)
          return report
        })
      } catch (error) {
        if (!(error instanceof RolledBack)) throw error
        if (error.round.rejected > 0 && !last) {
          absorb(this.#problems, error.problems)
          continue
        }
        const report = await this.#report(error.round)
        await this.#progress.settle()
        await endRun(this.#ctx, this.#run, report.refused ? 'refused' : 'done', report)
        return report
      }
    }
  }

  async #round(ctx: WriteContext, steps: readonly Step[], problems: ProblemList, total: number): Promise<Round> {
    const { name, profile } = this.#options
    for (const { importer } of this.#places.parts) await importer.begin(ctx)
    const say = ctx.house.words.say(ctx.house.language)
    const parts: RoundParts = {
      staging: this.#staging,
      steps,
      facts: {
        source: `import:${name}`.slice(0, 300),
        why: say('import.why', { file: name, profile: profile.name, version: profile.version }),
      },
      problem: (problem) => problems.add(this.#places.of(problem)),
      progress: (done) => this.#progress.report(done, total),
    }
    const outcome = await saveRound(ctx, parts)
    await this.#staging.flushRejected()
    return outcome
  }

  async #report(outcome: Round): Promise<StoredReport> {
    const rejected = await this.#staging.countRejected()
    const refused = this.#options.allOrNothing && rejected > 0 ? 'all-or-nothing' : null
    const kinds = refused ? {} : Object.fromEntries(outcome.counts)
    const sum = (what: 'created' | 'changed' | 'unchanged') =>
      Object.values(kinds).reduce((total, counts) => total + counts[what], 0)
    const { read, left } = this.#rows
    return {
      created: sum('created'),
      changed: sum('changed'),
      unchanged: sum('unchanged'),
      rejected,
      rows: { read, left, taken: refused ? 0 : read - left - rejected },
      kinds,
      problems: inOrder(this.#problems.shown, this.#places.sheets),
      problemCounts: this.#problems.byCode,
      notes: [...this.#places.parts.flatMap(({ importer }) => importer.notes()), ...this.#notesOfFile()],
      changeSet: refused || this.#options.dryRun ? null : outcome.changeSet,
      dryRun: this.#options.dryRun ?? false,
      refused,
    }
  }

  async #refuse(refused: 'stopped'): Promise<StoredReport> {
    const base = await this.#report(nothing)
    const report: StoredReport = { ...base, rows: { ...base.rows, taken: 0 }, notes: [], refused }
    await this.#progress.settle()
    await endRun(this.#ctx, this.#run, 'refused', report)
    return report
  }

  #notesOfFile(): Note[] {
    const hidden = this.#problems.hidden
    const [first] = this.#places.parts
    const { sha256 } = first?.table.summary() ?? { sha256: null }
    const rows = this.#places.parts.reduce((sum, { table }) => sum + table.summary().rows, 0)
    const { sheets } = this.#places
    const file: Note =
      sheets.length > 0
        ? {
            code: 'import.note.workbook',
            values: { rows, count: sheets.length, sheets: sheets.join(', '), sha256: sha256 ?? '' },
          }
        : { code: 'import.note.file', values: { rows, encoding: first?.table.encoding ?? '', sha256: sha256 ?? '' } }
    return [
      file,
      ...(this.#rows.left > 0 ? [{ code: 'import.note.filtered', values: { count: this.#rows.left } }] : []),
      ...(hidden > 0 ? [{ code: 'import.note.more-problems', values: { count: hidden } }] : []),
    ]
  }
}

const nothing: Round = { counts: new Map(), changeSet: null, rejected: 0 }

/** Adds what another list holds, the problems it only counted included. */
function absorb(
  list: ProblemList,
  other: ProblemList,
  placed: (problems: readonly ImportProblem[]) => readonly ImportProblem[] = (problems) => problems,
): void {
  list.add(...placed(other.shown))
  const shown = new Map<string, number>()
  for (const { code } of other.shown) shown.set(code, (shown.get(code) ?? 0) + 1)
  for (const [code, count] of Object.entries(other.byCode)) {
    const more = count - (shown.get(code) ?? 0)
    if (more <= 0) continue
    list.byCode[code] = (list.byCode[code] ?? 0) + more
    list.total += more
  }
  if (other.stop && !list.stop) list.stop = other.stop
}

/** By line, those of the whole file first; in a workbook by the order of its tables. */
function inOrder(problems: readonly ImportProblem[], sheets: readonly string[]): ImportProblem[] {
  const place = (problem: ImportProblem) => (problem.sheet === undefined ? -1 : sheets.indexOf(problem.sheet))
  return [...problems].sort((left, right) => place(left) - place(right) || (left.row ?? 0) - (right.row ?? 0))
}
