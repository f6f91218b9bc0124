/** Mapping profiles saved for reuse, by name and version. A saved version never changes. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { newId } from '../records/index.ts'
import type { Profile } from '../tabular/index.ts'

export type SavedProfile = {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly content: Profile
}

/** Newest version of every name first; at most 200. */
export async function listProfiles(ctx: Context): Promise<SavedProfile[]> {
  const { rows } = await sql<SavedProfile>`
    select distinct on (name) id, name, version, content from imports.profile order by name, version desc limit 200`.execute(
    ctx.db,
  )
  return rows
}

export async function findProfile(ctx: Context, id: string): Promise<SavedProfile | undefined> {
  const { rows } = await sql<SavedProfile>`
    select id, name, version, content from imports.profile where id::text = ${id}`.execute(ctx.db)
  return rows[0]
}

/** Saves a profile under its name, as the next version if that name exists with other content. */
export async function saveProfile(ctx: Context, profile: Profile): Promise<SavedProfile> {
  const { rows } = await sql<SavedProfile>`
    select id, name, version, content from imports.profile where name = ${profile.name} order by version desc limit 1`.execute(
    ctx.db,
  )
  const newest = rows[0]
  const plain = ({ version: _, ...rest }: Profile) => JSON.stringify(sorted(rest))
  if (newest && plain(newest.content) === plain(profile)) return newest
  const version = Math.max(profile.version, (newest?.version ?? 0) + 1)
  const saved = { id: newId(), name: profile.name, version, content: { ...profile, version } }
  await sql`insert into imports.profile (id, name, version, content, account, "savedAt")
    values (${saved.id}, ${saved.name}, ${version}, ${JSON.stringify(saved.content)}::jsonb, ${ctx.caller.account}, ${ctx.now().toISOString()})`.execute(
    ctx.db,
  )
  return saved
}

/** jsonb orders keys in its own way. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}
