/** Uploaded files, kept in the database until their run has ended: whichever process does the work finds them there. */
import { createReadStream } from 'node:fs'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Executor } from '../db/index.ts'

const pieceBytes = 1024 * 1024

/** Takes a file in. */
export async function storeUpload(ctx: Context, run: string, path: string): Promise<void> {
  let position = 0
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    await sql`insert into imports.piece (run, position, content) values (${run}, ${position}, ${piece})`.execute(ctx.db)
    position += 1
  }
  // An empty file is a file, too: the reader says what is wrong with it.
  if (position === 0)
    await sql`insert into imports.piece (run, position, content) values (${run}, 0, ${Buffer.alloc(0)})`.execute(ctx.db)
}

/** Gives it back, piece by piece. */
export async function* uploadOf(db: Executor, run: string): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position += 1) {
    const { rows } = await sql<{ content: Buffer }>`
      select content from imports.piece where run = ${run} and position = ${position}`.execute(db)
    if (!rows[0]) return
    if (rows[0].content.length > 0) yield rows[0].content
  }
}

/** Is the file still there? */
export async function hasUpload(ctx: Context, run: string): Promise<boolean> {
  const { rows } = await sql`select 1 from imports.piece where run = ${run} limit 1`.execute(ctx.db)
  return rows.length > 0
}
