/**
 * Uploaded files, kept in the database until their run has ended, where any process that does the work can find them.
 */
import { createReadStream } from 'node:fs'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Executor } from '../db/index.ts'

const pieceBytes = 1024 * 1024

/** Stores a file. */
export async function storeUpload(ctx: Context, run: string, path: string): Promise<void> {
  let position = 0
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    await sql`insert into imports.piece (run, position, content) values (${run}, ${position}, ${piece})`.execute(ctx.db)
    position += 1
  }
  // An empty file is still a file: the reader says what is wrong with it.
  if (position === 0)
    await sql`insert into imports.piece (run, position, content) values (${run}, 0, ${Buffer.alloc(0)})`.execute(ctx.db)
}

/** Reads it back, piece by piece. */
export async function* uploadOf(db: Executor, run: string): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position += 1) {
    const { rows } = await sql<{ content: Buffer }>`
      select content from imports.piece where run = ${run} and position = ${position}`.execute(db)
    if (!rows[0]) return
    if (rows[0].content.length > 0) yield rows[0].content
  }
}

/** Does the file still exist? */
export async function hasUpload(ctx: Context, run: string): Promise<boolean> {
  const { rows } = await sql`select 1 from imports.piece where run = ${run} limit 1`.execute(ctx.db)
  return rows.length > 0
}
