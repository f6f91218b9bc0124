/**
 * The home page of a large city asks a lot of the database and is opened all day, while the answer changes only when
 * something is written or derived, or a day begins. So it is remembered until then, for everybody who may read the same.
 */
import { sql } from 'kysely'
import { dayIn } from '#platform/app.ts'
import type { Database } from '#platform/db/connection.ts'
import type { AppContext } from '#platform/page.ts'

/** Answers kept at a time, and for how long at most: derived results can be rebuilt without a change. */
const mostKept = 60
const longestMs = 60_000

type Kept = { readonly state: string; readonly until: number; readonly answer: Promise<unknown> }
const memories = new WeakMap<Database, Map<string, Kept>>()

/**
 * What everything that is read depends on: the newest change, how far the seal has come (a change that commits late has an
 * older id and is sealed later), how far derived results have come, and the day.
 */
async function stateOf(ctx: AppContext): Promise<string> {
  const { rows } = await sql<{ state: string }>`
    select concat((select id from records."changeSet" order by id desc limit 1), ' ', (select position from records."sealHead"), ' ',
      (select string_agg(position::text, ',' order by subscriber) from records.cursor)) as state`.execute(ctx.db)
  return `${rows[0]!.state} ${dayIn(ctx.city.timeZone, ctx.now())}`
}

/** Who may read the same, in the same language. */
const readerOf = ({ caller, language }: AppContext): string =>
  JSON.stringify([language, caller.account !== null, caller.house, [...caller.posts].sort(), caller.grants])

/** Loads, or gives what was loaded for the same reader while nothing has changed since. One query where it has not. */
export async function remembered<Data>(ctx: AppContext, what: string, load: () => Promise<Data>): Promise<Data> {
  const memory = memories.get(ctx.database) ?? new Map<string, Kept>()
  memories.set(ctx.database, memory)
  const key = `${what} ${readerOf(ctx)}`
  const state = await stateOf(ctx)
  const known = memory.get(key)
  if (known && known.state === state && known.until > Date.now()) return known.answer as Promise<Data>
  if (memory.size >= mostKept) memory.clear()
  const answer = load()
  memory.set(key, { state, until: Date.now() + longestMs, answer })
  try {
    return await answer
  } catch (error) {
    memory.delete(key)
    throw error
  }
}
