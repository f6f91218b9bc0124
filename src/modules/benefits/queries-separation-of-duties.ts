/**
 * What only a benefit's history shows. Separation of duties: the posts that owned, delivered or received it at any
 * time, and who validated it, because the gate sees a record before and after one change, not that a post was moved
 * elsewhere first. And whether the results are still those that were validated.
 */

import { sql } from 'kysely'
import { postsHeldBy } from '#modules/directory'
import type { Context } from '#platform/context.ts'
import { getMany, type RowChange, unrestricted } from '#platform/records/index.ts'
import { dayAt } from '#platform/today.ts'
import type { CurrentBenefit } from './queries-register.ts'

const interested = ['owner', 'deliveredBy', 'receivingPost'] as const
const validating = new Set(['realize', 'sustain'])
type Entry = { record: string; content: string; at: string; account: string | null }
type Content = {
  action: string
  after: Record<string, unknown> | null
  rows?: Readonly<Record<string, ReadonlyArray<Pick<RowChange, 'before' | 'after'>>>>
}

export type Validations = {
  /** Benefits that were validated, or confirmed by finance, by somebody who had been involved in them. */
  readonly byOwn: ReadonlySet<string>
  /** Benefits with results that were corrected or removed after they were last validated. */
  readonly resultsChanged: ReadonlySet<string>
}

/** One query for all histories. */
export async function validationsOf(ctx: Context, benefits: readonly CurrentBenefit[]): Promise<Validations> {
  const asked = benefits.filter(({ record, confirmations }) => isValidated(record.state) || confirmations.length > 0)
  const found = new Set<string>()
  const resultsChanged = new Set<string>()
  if (asked.length === 0) return { byOwn: found, resultsChanged }
  const { rows } = await sql<Entry>`
    select e.record, e.content, c.at, c.account from records.entry e join records."changeSet" c on c.id = e."changeSet"
    where e.record = any(${asked.map(({ record }) => record.id)}::uuid[]) order by e.sequence`.execute(ctx.db)
  const histories = Map.groupBy(rows, (row) => row.record)
  const acts: Array<{ benefit: string; account: string; day: string; ever: ReadonlySet<string> }> = []
  for (const { record, confirmations } of asked) {
    const ever = new Set<string>()
    for (const { content, account, at } of histories.get(record.id) ?? []) {
      const { action, after, rows } = JSON.parse(content) as Content
      if (validating.has(action)) resultsChanged.delete(record.id)
      else if (rows?.result?.some(isCorrection) && isValidated(record.state)) resultsChanged.add(record.id)
      for (const name of interested) if (typeof after?.[name] === 'string') ever.add(after[name])
      if (account && validating.has(action)) acts.push({ benefit: record.id, account, day: dayAt(ctx, at), ever })
    }
    if (confirmations.some(({ post }) => ever.has(post))) found.add(record.id)
  }
  const kind = ctx.registry.kind('identity.account').declaration
  const people = await getMany(
    unrestricted('which person is behind an account is asked, and nobody is named', ctx),
    kind,
    acts.map((act) => act.account),
  )
  const held = new Map<string, string[]>()
  for (const { benefit, account, day, ever } of acts) {
    const person = (people.get(account) as { person?: string | null } | undefined)?.person
    if (!person) continue
    const slot = `${person} ${day}`
    const posts = held.get(slot) ?? (await postsHeldBy(ctx.db, person, day))
    held.set(slot, posts)
    if (posts.some((post) => ever.has(post))) found.add(benefit)
  }
  return { byOwn: found, resultsChanged }
}

const isValidated = (state: string) => state === 'realized' || state === 'sustained'

/** Later periods may be added while tracking continues; existing figures must be unchanged. */
const counted = ['value', 'runningCost', 'status'] as const
const isCorrection = ({ before, after }: Pick<RowChange, 'before' | 'after'>): boolean =>
  before !== null && (after === null || counted.some((name) => (before[name] ?? null) !== (after[name] ?? null)))
