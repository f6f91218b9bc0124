/**
 * How far an import has come, told outside its transaction so that a page can show it, and whether somebody asked for
 * its end. Telling never waits: at most one message is under way.
 */
import { sql } from 'kysely'
import type { Database } from '../db/index.ts'

export type Phase = 'reading' | 'checking' | 'saving'

/** Thrown where the person who started the import asked for its end. */
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

  /** Begins a phase; told at once. */
  async enter(phase: Phase, total: number): Promise<void> {
    await this.#telling
    this.#phase = phase
    await this.#tell(0, total)
    if (this.#cancelled) throw new ImportCancelled()
  }

  /** @throws Cancelled */
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

  /** Waits for the message under way, before the run itself is written. */
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
