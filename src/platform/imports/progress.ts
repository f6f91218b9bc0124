/**
 * How far an import has got, reported outside its transaction so that a page can show it, and whether somebody
 * cancelled it. Reporting never waits: at most one update is in flight.
 */
import { sql } from 'kysely'
import type { Database } from '../db/index.ts'

export type Phase = 'reading' | 'checking' | 'saving'

/** Thrown when whoever started the import cancelled it. */
export class ImportCancelled extends Error {
  constructor() {
    super('The import was cancelled.')
    this.name = 'Cancelled'
  }
}

const everyMs = 500

export class ImportProgress {
  readonly #database: Database
  readonly #run: string
  #reported = 0
  #telling: Promise<void> | null = null
  #cancelled = false
  #phase: Phase = 'reading'

  constructor(database: Database, run: string) {
    this.#database = database
    this.#run = run
  }

  /** Begins a phase; reported immediately. */
  async enter(phase: Phase, total: number): Promise<void> {
    await this.#telling
    this.#phase = phase
    await this.#tell(0, total)
    if (this.#cancelled) throw new ImportCancelled()
  }

  /** @throws ImportCancelled */
  report(done: number, total: number): void {
    if (this.#cancelled) throw new ImportCancelled()
    const now = Date.now()
    if (this.#telling || now - this.#reported < everyMs) return
    this.#reported = now
    this.#telling = this.#tell(done, total)
      .catch(() => {})
      .finally(() => {
        this.#telling = null
      })
  }

  /** Waits for the update in flight, before the run itself is written. */
  async settle(): Promise<void> {
    await this.#telling
  }

  async #tell(done: number, total: number): Promise<void> {
    const { rows } = await sql<{ cancelAskedAt: string | null }>`
      update imports.run set phase = ${this.#phase}, done = ${done}, total = ${total}, "beatAt" = now()
      where id = ${this.#run} and state = 'running' returning "cancelAskedAt"`.execute(this.#database.kysely)
    if (rows.length === 0 || rows[0]!.cancelAskedAt) this.#cancelled = true
  }
}
