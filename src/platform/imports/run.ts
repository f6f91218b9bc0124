/**
 * One import from the first byte to the report: the file streams through the reader into staging once, everything is
 * checked, and what is valid is saved in one transaction. If it ends before the commit, nothing is left behind.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '#kernel/problem.ts'
import { inTransaction } from '../app.ts'
import type { WriteContext } from '../context.ts'
import type { AppContext } from '../page.ts'
import { newId } from '../records/index.ts'
import { ProblemList, type Profile } from '../tabular/index.ts'
import { type ImportProblem, weightOf } from './problems.ts'
import { ImportCancelled, ImportProgress } from './progress.ts'
import type { Note, StoredReport } from './report.ts'
import { endRun, endRunWithin, startRun, sweepRuns } from './runs.ts'
import { type RoundParts, type RoundResult, saveRound } from './saving.ts'
import type { LocateProblems, Sink, Source } from './source.ts'
import { StagingTable } from './staging.ts'

export type ImportOptions = {
  /** Name used in the report, the history and the ledger's source `import:NAME`. */
  readonly name: string
  readonly bytes?: number
  /** What the columns of a table mean; null for a self-describing file, in the format named. */
  readonly profile: Profile | null
  readonly format?: string
  /** Does everything but save: the report says what would happen. */
  readonly dryRun?: boolean
  /** Take all rows or none. Otherwise valid rows are taken and the others listed. */
  readonly allOrNothing?: boolean
  /** A run that is already waiting (uploaded on a page); otherwise a new one is created. */
  readonly run?: string
  /** Opens the file. */
  readonly open: () => Source
}

export type Imported = { readonly run: string; readonly report: StoredReport }

/** After this many rounds, whatever is still wrong is left out and the rest is saved. */
const maxRounds = 6
const keptProblems = 1000

/**
 * Imports a file with the permissions of the caller.
 * @throws ImportCancelled if somebody cancelled it; StagingLost if the database server crashed meanwhile; errors of the
 * database and of the stream.
 */
export async function runImport(ctx: AppContext, options: ImportOptions): Promise<Imported> {
  await sweepRuns(ctx)
  const run = options.run ?? newId()
  await startRun(ctx, run, options)
  const staging = new StagingTable(ctx.database, run)
  const progress = new ImportProgress(ctx.database, run)
  try {
    await staging.begin()
    const report = await new ImportRun(ctx, options, run, staging, progress).perform()
    return { run, report }
  } catch (error) {
    await progress.settle().catch(() => {})
    await patiently(() => endRun(ctx, run, error instanceof ImportCancelled ? 'cancelled' : 'failed', null))
    throw error
  } finally {
    await staging.clear().catch(() => {})
  }
}

/** The database may be away for a moment, and then the run must still get its end: half a minute, in growing pauses. */
async function patiently(write: () => Promise<void>): Promise<void> {
  for (let pauseMs = 250; pauseMs <= 16_000; pauseMs *= 2)
    try {
      return await write()
    } catch {
      await sleep(pauseMs)
    }
}

/** Carries the outcome of a round out of a transaction that must not commit. */
class ImportRolledBack extends Error {
  readonly round: RoundResult
  readonly problems: ProblemList

  constructor(round: RoundResult, problems: ProblemList) {
    super('rolled back')
    this.round = round
    this.problems = problems
  }
}

class ImportRun {
  readonly #ctx: AppContext
  readonly #options: ImportOptions
  readonly #run: string
  readonly #staging: StagingTable
  readonly #progress: ImportProgress
  readonly #problems = new ProblemList(keptProblems)
  readonly #rows = { read: 0, left: 0 }

  constructor(ctx: AppContext, options: ImportOptions, run: string, staging: StagingTable, progress: ImportProgress) {
    this.#ctx = ctx
    this.#options = options
    this.#run = run
    this.#staging = staging
    this.#progress = progress
  }

  async perform(): Promise<StoredReport> {
    await this.#progress.enter('reading', this.#options.bytes ?? 0)
    const source = this.#options.open()
    await source.read(this.#sink())
    await this.#staging.flush()
    if (this.#problems.stop) return this.#refuse(source, 'stopped')
    return this.#save(source)
  }

  #sink(): Sink {
    const problem: Sink['problem'] = (...problems) => {
      this.#problems.add(...problems)
      this.#problems.stop ??= problems.find(({ code }) => weightOf(code) === 'stop') ?? null
    }
    return {
      item: (item) => this.#staging.add(item, item.shared),
      reject: (line) => this.#staging.reject(line),
      problem,
      problems: (list, placed) => absorb(this.#problems, list, placed),
      row: (kept) => {
        this.#rows.read += 1
        if (!kept) this.#rows.left += 1
      },
      progress: (bytes) => this.#progress.report(bytes, this.#options.bytes ?? 0),
    }
  }

  async #save(source: Source): Promise<StoredReport> {
    const importer = source.importer()
    const own = importer.steps.filter((step) => !step.shared).map((step) => step.step)
    const staged = this.#staging.staged
    await this.#progress.enter('checking', staged)
    for (let round = 1; ; round += 1) {
      await this.#staging.dropRejected()
      const some = (await this.#staging.countStaged(own)) > 0
      const last = round === maxRounds || !some
      try {
        return await inTransaction(this.#ctx, async (ctx) => {
          const problems = new ProblemList(keptProblems)
          const outcome = some ? await this.#round(ctx, source, problems, staged) : nothing
          if (outcome.rejected > 0 && !last) throw new ImportRolledBack(outcome, problems)
          absorb(this.#problems, problems)
          const report = await this.#report(source, outcome)
          await this.#staging.checkWhole(ctx.db)
          if (this.#options.dryRun || report.refused) throw new ImportRolledBack(outcome, problems)
          await this.#progress.settle()
          await endRunWithin(ctx, this.#run, report)
          return report
        })
      } catch (error) {
        // Somebody else has just created or changed one of these records: planning again will find it.
        if (error instanceof Problem && met.has(error.reason) && round < maxRounds) continue
        if (!(error instanceof ImportRolledBack)) throw error
        if (error.round.rejected > 0 && !last) {
          absorb(this.#problems, error.problems)
          continue
        }
        const report = await this.#report(source, error.round)
        await this.#progress.settle()
        await endRun(this.#ctx, this.#run, report.refused ? 'refused' : 'done', report)
        return report
      }
    }
  }

  async #round(ctx: WriteContext, source: Source, problems: ProblemList, total: number): Promise<RoundResult> {
    const { name, profile, format } = this.#options
    const importer = source.importer()
    await importer.begin(ctx)
    const say = ctx.registry.words.say(ctx.registry.language)
    const parts: RoundParts = {
      staging: this.#staging,
      steps: importer.steps,
      facts: {
        source: `import:${name}`.slice(0, 300),
        why: profile
          ? say('import.why', { file: name, profile: profile.name, version: profile.version })
          : say('import.why-format', { file: name, format: format ?? '' }),
      },
      problem: (problem) => problems.add(source.place?.(problem) ?? problem),
      progress: (done) => this.#progress.report(done, total),
    }
    const outcome = await saveRound(ctx, parts)
    await this.#staging.flushRejected()
    return outcome
  }

  async #report(source: Source, outcome: RoundResult): Promise<StoredReport> {
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
      problems: inOrder(this.#problems.shown, source.sheets?.() ?? []),
      problemCounts: this.#problems.byCode,
      notes: [...source.importer().notes(), ...this.#notesOfFile(source)],
      changeSet: refused || this.#options.dryRun ? null : outcome.changeSet,
      dryRun: this.#options.dryRun ?? false,
      refused,
    }
  }

  async #refuse(source: Source, refused: 'stopped'): Promise<StoredReport> {
    const base = await this.#report(source, nothing)
    const report: StoredReport = { ...base, rows: { ...base.rows, taken: 0 }, notes: [], refused }
    await this.#progress.settle()
    await endRun(this.#ctx, this.#run, 'refused', report)
    return report
  }

  #notesOfFile(source: Source): Note[] {
    const hidden = this.#problems.hidden
    return [
      source.note(),
      ...(this.#rows.left > 0 ? [{ code: 'import.note.filtered', values: { count: this.#rows.left } }] : []),
      ...(hidden > 0 ? [{ code: 'import.note.more-problems', values: { count: hidden } }] : []),
    ]
  }
}

/** What a concurrent write does to a round. */
const met = new Set(['records.exists', 'records.stale'])

const nothing: RoundResult = { counts: new Map(), changeSet: null, rejected: 0 }

/** Adds another list, including the problems it only counted. */
function absorb(list: ProblemList, other: ProblemList, placed: LocateProblems = (problems) => problems): void {
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

/** By line, those of the whole file first; in a workbook by the order in which its sheets are read. */
function inOrder(problems: readonly ImportProblem[], sheets: readonly string[]): ImportProblem[] {
  const place = (problem: ImportProblem) => (problem.sheet === undefined ? -1 : sheets.indexOf(problem.sheet))
  return [...problems].sort((left, right) => place(left) - place(right) || (left.row ?? 0) - (right.row ?? 0))
}
