/**
 * One import from the first byte to the report: the file streams once through the reader into staging, everything is
 * checked, and what is right is saved in one transaction. Whatever ends it before the commit leaves nothing behind.
 */
import { inTransaction } from '../app.ts'
import type { WriteContext } from '../context.ts'
import type { AppContext } from '../page.ts'
import { newId } from '../records/index.ts'
import { prepareConversion } from '../tabular/convert.ts'
import { ProblemList } from '../tabular/problems.ts'
import { type Profile, readOptionsOf } from '../tabular/profile.ts'
import { readTable, type Table } from '../tabular/read.ts'
import { type ImportProblem, weightOf } from './problems.ts'
import { Cancelled, Progress } from './progress.ts'
import type { Note, StoredReport } from './report.ts'
import { beginRun, endRun, endRunWithin, sweepRuns } from './runs.ts'
import { type Round, type RoundParts, saveRound } from './saving.ts'
import { Staging } from './staging.ts'
import type { Importer } from './steps.ts'

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
  readonly #rows = { read: 0, left: 0 }

  constructor(ctx: AppContext, options: ImportOptions, run: string, staging: Staging, progress: Progress) {
    this.#ctx = ctx
    this.#options = options
    this.#run = run
    this.#staging = staging
    this.#progress = progress
  }

  async perform(): Promise<StoredReport> {
    const { profile, importerFor, file } = this.#options
    await this.#progress.enter('reading', this.#options.bytes ?? 0)
    const table = await readTable(file, readOptionsOf(profile))
    const importer = importerFor({ header: table.header, profile })
    await this.#read(table, importer)
    if (this.#problems.stop) return this.#refuse(importer, table, 'stopped')
    return this.#save(importer, table)
  }

  async #read(table: Table, importer: Importer): Promise<void> {
    const conversion = prepareConversion(this.#options.profile, table.header)
    // A file that cannot be read at all says so by itself; what the profile misses in it is no news then.
    if (!table.problems.stop) this.#problems.add(...conversion.problems, ...importer.problems)
    this.#problems.stop ??= this.#problems.shown.find((problem) => weightOf(problem.code) === 'stop') ?? null
    if (this.#problems.stop || table.problems.stop) {
      absorb(this.#problems, table.problems)
      await table.close()
      return
    }
    for await (const row of table.rows) {
      const converted = conversion.convertRow(row)
      this.#rows.read += 1
      const found: ImportProblem[] = [...converted.problems]
      if (!converted.kept) this.#rows.left += 1
      else {
        const { items, problems } = importer.read(row, converted)
        found.push(...problems)
        const wrong = [...row.problems, ...found].some((problem) => weightOf(problem.code) === 'reject')
        if (wrong) await this.#staging.reject(row.number)
        else for (const item of items) await this.#staging.add(item, item.shared)
        this.#problems.add(...found)
      }
      this.#progress.report(table.summary().bytes, this.#options.bytes ?? 0)
    }
    await this.#staging.flush()
    absorb(this.#problems, table.problems)
  }

  async #save(importer: Importer, table: Table): Promise<StoredReport> {
    const own = importer.steps.filter((step) => !step.shared).map((step) => step.step)
    const staged = this.#staging.staged
    await this.#progress.enter('checking', staged)
    for (let round = 1; ; round += 1) {
      await this.#staging.dropRejected()
      const some = (await this.#staging.countStaged(own)) > 0
      const last = round === mostRounds || !some
      try {
        return await inTransaction(this.#ctx, async (ctx) => {
          const problems = new ProblemList(keptProblems)
          const outcome = some ? await this.#round(ctx, importer, problems, staged) : nothing
          if (outcome.rejected > 0 && !last) throw new RolledBack(outcome, problems)
          absorb(this.#problems, problems)
          const report = await this.#report(importer, table, outcome)
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
        const report = await this.#report(importer, table, error.round)
        await this.#progress.settle()
        await endRun(this.#ctx, this.#run, report.refused ? 'refused' : 'done', report)
        return report
      }
    }
  }

  async #round(ctx: WriteContext, importer: Importer, problems: ProblemList, total: number): Promise<Round> {
    const { name, profile } = this.#options
    await importer.begin(ctx)
    const say = ctx.house.words.say(ctx.house.language)
    const parts: RoundParts = {
      staging: this.#staging,
      steps: importer.steps,
      facts: {
        source: `import:${name}`.slice(0, 300),
        why: say('import.why', { file: name, profile: profile.name, version: profile.version }),
      },
      problem: (problem) => problems.add(problem),
      progress: (done) => this.#progress.report(done, total),
    }
    const outcome = await saveRound(ctx, parts)
    await this.#staging.flushRejected()
    return outcome
  }

  async #report(importer: Importer, table: Table, outcome: Round): Promise<StoredReport> {
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
      problems: inOrder(this.#problems.shown),
      problemCounts: this.#problems.byCode,
      notes: [...importer.notes(), ...this.#notesOfFile(table)],
      changeSet: refused || this.#options.dryRun ? null : outcome.changeSet,
      dryRun: this.#options.dryRun ?? false,
      refused,
    }
  }

  async #refuse(importer: Importer, table: Table, refused: 'stopped'): Promise<StoredReport> {
    const base = await this.#report(importer, table, nothing)
    const report: StoredReport = { ...base, rows: { ...base.rows, taken: 0 }, notes: [], refused }
    await this.#progress.settle()
    await endRun(this.#ctx, this.#run, 'refused', report)
    return report
  }

  #notesOfFile(table: Table): Note[] {
    const { rows, sha256 } = table.summary()
    const { encoding } = table.dialect
    const hidden = this.#problems.hidden
    return [
      { code: 'import.note.file', values: { rows, encoding, sha256: sha256 ?? '' } },
      ...(this.#rows.left > 0 ? [{ code: 'import.note.filtered', values: { count: this.#rows.left } }] : []),
      ...(hidden > 0 ? [{ code: 'import.note.more-problems', values: { count: hidden } }] : []),
    ]
  }
}

const nothing: Round = { counts: new Map(), changeSet: null, rejected: 0 }

/** Adds what another list holds, the problems it only counted included. */
function absorb(list: ProblemList, other: ProblemList): void {
  list.add(...other.shown)
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

/** By line, those of the whole file first. */
const inOrder = (problems: readonly ImportProblem[]) =>
  [...problems].sort((left, right) => (left.row ?? 0) - (right.row ?? 0))
