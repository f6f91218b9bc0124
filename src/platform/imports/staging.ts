/**
 * Rows of a file between reading and saving: in a table, sorted by what they become, so that a file of five million
 * rows needs no more memory than one of a thousand. Rejected lines are kept in a separate list; a line is taken or
 * rejected as a whole, however many records it mentions.
 */
import { sql } from 'kysely'
import type { Database, Executor } from '../db/index.ts'

/** One thing that a line of the file says about one record. */
export type StagedItem = {
  /** Which kind of record, in the order of saving. */
  readonly step: number
  /** Identity of the record within the file, at most 500 characters. */
  readonly key: string
  /**
   * Which part of the record the line is about ('' the record, or cell and period); two lines with the same slot are
   * duplicates.
   */
  readonly slot: string
  readonly line: number
  readonly content: unknown
}

export type StagedRow = { key: string; slot: string; line: number; content: string }

const batch = 1000
/** Characters of content buffered before writing. */
const batchCharacters = 4_000_000
/** How many lines are kept of content that many rows repeat. */
const repeats = 50
/** Step of the marker row that is staged first: if any row is gone, so is this one. */
const markStep = -1

/** The server crashed during the import and emptied the staging tables, which are unlogged. */
export class StagingLost extends Error {
  constructor() {
    super(
      'The database server crashed during the import, and the rows read until then are lost. Nothing was saved: import the file again.',
    )
    this.name = 'StagingLost'
  }
}

export class StagingTable {
  readonly #database: Database
  readonly #run: string
  #items: StagedItem[] = []
  #characters = 0
  #lines: number[] = []
  /** How often the same was recently said about a record. */
  readonly #seen = new Map<string, { content: string; lines: number }>()
  /** Items written. */
  staged = 0

  constructor(database: Database, run: string) {
    this.#database = database
    this.#run = run
  }

  /** Writes the marker by which `checkWhole` knows that no crash has emptied the tables since. */
  async begin(): Promise<void> {
    await sql`insert into imports.row (run, step, key, slot, line, content) values (${this.#run}, ${markStep}, '', '', 0, '')
      on conflict do nothing`.execute(this.#database.kysely)
  }

  /**
   * Is everything that was staged still there, and every rejected line? Call it in the transaction that saves: what
   * commits then came from the whole file.
   * @throws StagingLost
   */
  async checkWhole(db: Executor): Promise<void> {
    const { rows } = await sql`select 1 from imports.row where run = ${this.#run} and step = ${markStep}`.execute(db)
    if (rows.length === 0) throw new StagingLost()
  }

  /**
   * Stages an item. `shared` is for content that many rows repeat (their organisation): it is kept for the first lines
   * that say it, and once more for line 0, which represents all the others and is never rejected.
   */
  async add(item: StagedItem, shared = false): Promise<void> {
    const content = JSON.stringify(item.content)
    let { line } = item
    if (shared) {
      const place = `${item.step} ${item.key} ${item.slot}`
      const seen = this.#seen.get(place)
      const lines = seen?.content === content ? seen.lines + 1 : 1
      if (!seen && this.#seen.size > 20_000) this.#seen.clear()
      this.#seen.set(place, { content, lines })
      if (lines > repeats + 1) return
      if (lines > repeats) line = 0
    }
    this.#items.push({ ...item, line, content })
    this.#characters += content.length
    if (this.#items.length >= batch || this.#characters > batchCharacters) await this.flush()
  }

  /** Rejects a line of the file: nothing on it is saved. */
  async reject(line: number): Promise<void> {
    if (line > 0 && this.#lines.at(-1) !== line) this.#lines.push(line)
    if (this.#lines.length >= batch) await this.flushRejected()
  }

  /** Writes what is buffered. */
  async flush(): Promise<void> {
    const items = this.#items
    this.#items = []
    this.#characters = 0
    await this.flushRejected()
    if (items.length === 0) return
    this.staged += items.length
    await sql`insert into imports.row (run, step, key, slot, line, content)
      select ${this.#run}, * from unnest(${items.map((item) => item.step)}::smallint[], ${items.map((item) => item.key)}::text[],
        ${items.map((item) => item.slot)}::text[], ${items.map((item) => item.line)}::integer[], ${items.map((item) => item.content)}::text[])
      on conflict do nothing`.execute(this.#database.kysely)
  }

  async flushRejected(): Promise<void> {
    const lines = this.#lines
    this.#lines = []
    if (lines.length === 0) return
    await sql`insert into imports.rejected (run, line) select ${this.#run}, * from unnest(${lines}::integer[]) on conflict do nothing`.execute(
      this.#database.kysely,
    )
  }

  /** Removes everything from rejected lines from staging. */
  async dropRejected(): Promise<void> {
    await this.flush()
    await sql`delete from imports.row r using imports.rejected x where r.run = ${this.#run} and x.run = r.run and x.line = r.line`.execute(
      this.#database.kysely,
    )
  }

  async countRejected(): Promise<number> {
    await this.flushRejected()
    const { rows } = await sql<{
      n: string
    }>`select count(*) as n from imports.rejected where run = ${this.#run}`.execute(this.#database.kysely)
    return Number(rows[0]!.n)
  }

  /** How many items are staged for some steps. */
  async countStaged(steps: readonly number[]): Promise<number> {
    await this.flush()
    const { rows } = await sql<{ n: string }>`
      select count(*) as n from imports.row where run = ${this.#run} and step = any(${[...steps]}::smallint[])`.execute(
      this.#database.kysely,
    )
    return Number(rows[0]!.n)
  }

  /** A page of one step in the order of its records. */
  async page(db: Executor, step: number, after: StagedRow | null, limit: number): Promise<StagedRow[]> {
    const beyond = after ? sql`and (key, slot, line) > (${after.key}, ${after.slot}, ${after.line})` : sql``
    const { rows } = await sql<StagedRow>`
      select key, slot, line, content from imports.row where run = ${this.#run} and step = ${step} ${beyond}
      order by key, slot, line limit ${limit}`.execute(db)
    return rows
  }

  /** Deletes the run's rows. */
  async clear(): Promise<void> {
    this.#items = []
    this.#lines = []
    await sql`delete from imports.row where run = ${this.#run}`.execute(this.#database.kysely)
    await sql`delete from imports.rejected where run = ${this.#run}`.execute(this.#database.kysely)
  }
}
