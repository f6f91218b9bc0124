/**
 * Whose hands a benefit went through: the posts that owned, delivered or received it at any time, and who validated it.
 * The gate sees a record before and after one change; only the history shows that a post was put elsewhere first.
 */
import { sql } from 'kysely'
import { postsHeldBy } from '#modules/directory'
import { dayIn } from '#platform/app.ts'
import { theHouse } from '#platform/caller.ts'
import { getMany } from '#platform/records/index.ts'
import type { BenefitNow, ReadContext } from './queries-register.ts'

const interested = ['owner', 'deliveredBy', 'receivingPost'] as const
const validating = new Set(['realize', 'sustain'])
type Entry = { record: string; content: string; at: string; account: string | null }
type Content = { action: string; after: Record<string, unknown> | null }

/** Benefits that were validated, or confirmed by finance, by somebody who had a part in them before. One query for all histories. */
export async function validatedByOwn(ctx: ReadContext, benefits: readonly BenefitNow[]): Promise<Set<string>> {
  const asked = benefits.filter(
    ({ record, confirmations }) => ['realized', 'sustained'].includes(record.state) || confirmations.length > 0,
  )
  if (asked.length === 0) return new Set()
  const { rows } = await sql<Entry>`
    select e.record, e.content, c.at, c.account from records.entry e join records."changeSet" c on c.id = e."changeSet"
    where e.record = any(${asked.map(({ record }) => record.id)}::uuid[]) order by e.sequence`.execute(ctx.db)
  const histories = Map.groupBy(rows, (row) => row.record)
  const found = new Set<string>()
  const deeds: Array<{ benefit: string; account: string; day: string; ever: ReadonlySet<string> }> = []
  for (const { record, confirmations } of asked) {
    const ever = new Set<string>()
    for (const { content, account, at } of histories.get(record.id) ?? []) {
      const { action, after } = JSON.parse(content) as Content
      for (const name of interested) if (typeof after?.[name] === 'string') ever.add(after[name])
      if (account && validating.has(action))
        deeds.push({ benefit: record.id, account, day: dayIn(ctx.city?.timeZone ?? 'UTC', new Date(at)), ever })
    }
    if (confirmations.some(({ post }) => ever.has(post))) found.add(record.id)
  }
  const kind = ctx.house.kind('identity.account').declaration
  const people = await getMany(
    { ...ctx, caller: theHouse },
    kind,
    deeds.map((deed) => deed.account),
  )
  const held = new Map<string, string[]>()
  for (const { benefit, account, day, ever } of deeds) {
    const person = (people.get(account) as { person?: string | null } | undefined)?.person
    if (!person) continue
    const slot = `${person} ${day}`
    const posts = held.get(slot) ?? (await postsHeldBy(ctx.db, person, day))
    held.set(slot, posts)
    if (posts.some((post) => ever.has(post))) found.add(benefit)
  }
  return found
}
