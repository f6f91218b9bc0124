/**
 * In a large city some pages (home, the benefits map) ask a lot of the database and are opened all day, while the
 * answer changes only when something is written or derived, or a new day begins. Until then it is cached for everybody
 * who may read the same. A reader's own changes show immediately; those of others may come two seconds late, so that a
 * long import does not make every reader recount the whole city.
 */
import { sql } from 'kysely'
import type { Database } from './db/index.ts'
import type { AppContext } from './page.ts'
import { todayOf } from './today.ts'

/** How many answers are cached, and for how long at most: derived results can be rebuilt without a change. */
const maxKept = 200
const maxAgeMs = 60_000
/** The same delay that the seal and the public pages may have after a change. */
const othersMs = 2000

type State = { readonly newest: string | null; readonly rest: string }
type Kept = { readonly state: State; readonly madeAt: number; readonly answer: Promise<unknown> }
const memories = new WeakMap<Database, Map<string, Kept>>()

/**
 * Everything a read depends on: the newest change, how far the seal has come (a change that commits late has an older
 * id and is sealed later), how far derived results have come, and the day.
 */
async function stateOf(ctx: AppContext): Promise<State> {
  const { rows } = await sql<State>`
    select (select id from records."changeSet" order by id desc limit 1) as newest, concat((select position from records."sealHead"), ' ',
      (select string_agg(position::text, ',' order by subscriber) from records.cursor)) as rest`.execute(ctx.db)
  const { newest, rest } = rows[0]!
  return { newest, rest: `${rest} ${todayOf(ctx)}` }
}

/** Has the reader written anything since a change? */
async function wroteSince(ctx: AppContext, change: string | null): Promise<boolean> {
  const { rows } = await sql`
    select 1 from records."changeSet" where account = ${ctx.caller.account} ${change === null ? sql`` : sql`and id > ${change}`} limit 1`.execute(
    ctx.db,
  )
  return rows.length > 0
}

/** The key shared by readers who may read the same, in the same language. */
const readerOf = ({ caller, language }: AppContext): string =>
  JSON.stringify([
    language,
    caller.account !== null,
    caller.system,
    [...caller.posts].sort(),
    caller.deputises,
    caller.grants,
  ])

async function holds(ctx: AppContext, known: Kept | undefined, state: State): Promise<boolean> {
  const age = known ? Date.now() - known.madeAt : maxAgeMs
  if (!known || age >= maxAgeMs) return false
  if (known.state.newest === state.newest && known.state.rest === state.rest) return true
  return age < othersMs && !(await wroteSince(ctx, known.state.newest))
}

/**
 * Loads, or returns what was loaded for the same kind of reader while it is valid. One small query if nothing has
 * changed.
 */
export async function cachedPerReader<Data>(ctx: AppContext, what: string, load: () => Promise<Data>): Promise<Data> {
  const memory = memories.get(ctx.database) ?? new Map<string, Kept>()
  memories.set(ctx.database, memory)
  const key = `${what} ${readerOf(ctx)}`
  const state = await stateOf(ctx)
  const known = memory.get(key)
  if (await holds(ctx, known, state)) return known!.answer as Promise<Data>
  if (memory.size >= maxKept) memory.clear()
  const answer = load()
  memory.set(key, { state, madeAt: Date.now(), answer })
  try {
    return await answer
  } catch (error) {
    memory.delete(key)
    throw error
  }
}
