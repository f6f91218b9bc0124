/** Steps for many records of a list: a box for each in its table, and one page for those that are ticked or found. */
import { type RawBuilder, sql } from 'kysely'
import type { AnyRecord } from '#kernel/record.ts'
import type { AppContext, PageDefinition } from '#platform/page.ts'
import { conditionsOf, count, read } from '#platform/records/index.ts'
import type { ListActs } from '#web/list/page.tsx'
import { actsOffered, maxActed, usualActs } from '../acts/act.ts'
import { actPage } from '../acts/page.ts'
import { may } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { type Asked, addressWith, type Query, readAddress } from './address.ts'
import type { List } from './declare.ts'

/** The steps that a list offers: those it declares, else those that follow from the kind. */
export const actsOf = (ctx: Pick<AppContext, 'registry'>, { kind, acts }: List): readonly string[] =>
  acts ?? usualActs(kind, ctx.registry.kind(kind.kind).verbs)

/** What is asked below the table, and which records of the page have a box. Null for those who may take no step. */
export function actsBelow(
  ctx: AppContext,
  list: List,
  { query }: Asked,
  records: readonly AnyRecord[],
): ListActs | null {
  const { text, signedIn } = presenterOf(ctx)
  if (!signedIn) return null
  const acts = actsOffered(ctx, [list.kind.kind], actsOf(ctx, list))
  if (acts.length === 0) return null
  const picks = records.map((record) =>
    acts.some(({ permission }) => may(ctx, permission, record)) ? { id: record.id, ...text(record.title) } : null,
  )
  return { action: addressOfActs(list, query), acts: acts.map(({ name, label }) => ({ value: name, label })), picks }
}

/** What narrows the list goes along; how it is shown does not. */
function addressOfActs(list: List, query: Query): string {
  const kept = Object.fromEntries(
    Object.entries(query).filter(([name]) => !['as', 'group', 'month', 'columns', 'after'].includes(name)),
  )
  const address = addressWith(list, kept, {})
  return `${list.path}/act${address.slice(list.path.length)}`
}

export const listActsPage = (list: List, section: string | undefined): PageDefinition =>
  actPage({
    path: `${list.path}/act`,
    policy: list.policy === 'anyone' ? 'signed in' : list.policy,
    ...(section ? { section } : {}),
    title: (say) => say('record.act.title', { plural: say(`${list.kind.kind}.plural`) }),
    lead: (say) => say('record.act.lead'),
    kinds: () => [list.kind.kind],
    acts: (ctx) => actsOf(ctx, list),
    back: (query) => addressWith(list, query, {}),
    found: async (ctx, query) => {
      const { where } = await readAddress(ctx, list, query)
      const [ids, counted] = await Promise.all([idsWhere(ctx, list, where), count(ctx, list.kind, where)])
      const told = presenterOf(ctx).say('record.act.found', { count: counted.count, more: String(counted.more) })
      return { ids, count: counted.count, told }
    },
  })

const idsWhere = (ctx: AppContext, { kind }: List, where: Asked['where']): Promise<string[]> => {
  const conditions: RawBuilder<unknown>[] = conditionsOf(ctx, kind, where)
  return read(ctx, kind).where(sql.join(conditions, sql` and `)).sort('code').limit(maxActed).ids()
}
