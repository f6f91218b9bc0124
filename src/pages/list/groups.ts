/** What a list adds up to: in all, and by a field. */

import { filterShapesOf } from '#platform/http/index.ts'
import type { AppContext } from '#platform/page.ts'
import { type Amount, namesOf, type Tally, tally } from '#platform/records/index.ts'
import type { GroupsView, SumView } from '#web/list/groups.tsx'
import { presenterOf } from '../presenter.ts'
import { type Asked, addressWith, none } from './address.ts'
import type { List } from './declare.ts'
import { choicesOf, labelOf } from './filters.ts'

/** Amounts in words, each currency and unit by itself. */
function amountsOf(ctx: AppContext, { kind }: List, name: string, amounts: readonly Amount[]): string {
  const { value, say } = presenterOf(ctx)
  const field = kind.fields[name]!
  const shaped = ({ amount, unit }: Amount): unknown =>
    field.type === 'money' ? { amount, currency: unit } : field.type === 'quantity' ? { value: amount, unit } : amount
  const texts = amounts.map((each) => {
    const shown =
      each.unit === null && ['money', 'quantity'].includes(field.type)
        ? null
        : value(field, '', shaped(each), new Map())
    return shown?.as === 'text' ? shown.text : each.amount
  })
  return texts.length > 0 ? texts.join(' · ') : say('record.page.nothing')
}

/** The sums of all that the list holds, whatever the page shows. */
export async function sumsOf(ctx: AppContext, list: List, asked: Asked): Promise<SumView[]> {
  if (list.sums.length === 0) return []
  const [all] = await tally(ctx, list.kind, asked.where, { sums: list.sums })
  return list.sums.flatMap((name) => {
    const amounts = all?.sums[name] ?? []
    if (amounts.length === 0) return []
    return [{ label: labelOf(ctx, list, name), text: amountsOf(ctx, list, name, amounts) }]
  })
}

/** The list counted by a field: each group leads to the list of exactly its records. */
export async function groupsOf(ctx: AppContext, list: List, asked: Asked): Promise<GroupsView | null> {
  const { group: by } = asked
  if (!by) return null
  const tallies = await tally(ctx, list.kind, asked.where, { by, sums: list.sums })
  const nameOf = await namesOfGroups(ctx, list, by, tallies)
  return {
    caption: presenterOf(ctx).say('record.list.by', { field: labelOf(ctx, list, by) }),
    head: labelOf(ctx, list, by),
    sums: list.sums.map((name) => labelOf(ctx, list, name)),
    rows: tallies.map(({ key, count, sums }) => ({
      ...nameOf(key),
      href: addressWith(list, asked.query, { group: undefined, [by]: key ?? none }),
      count,
      sums: list.sums.map((name) => amountsOf(ctx, list, name, sums[name] ?? [])),
    })),
  }
}

async function namesOfGroups(ctx: AppContext, list: List, by: string, tallies: readonly Tally[]) {
  const { say, text } = presenterOf(ctx)
  const shape = filterShapesOf(list.kind)[by]!
  const names =
    shape.as === 'id'
      ? await namesOf(
          ctx,
          tallies.map(({ key }) => key),
        )
      : new Map()
  const labels = new Map(choicesOf(ctx, list, by, shape.choices ?? []).map(({ value, label }) => [value, label]))
  return (key: string | null): { text: string; lang?: string | undefined } => {
    if (key === null) return { text: say('record.list.not-stated') }
    if (shape.as === 'flag') return { text: say(key === 'true' ? 'record.page.yes' : 'record.page.no') }
    if (shape.as === 'id') return names.has(key) ? text(names.get(key)!.title) : { text: say('record.page.hidden') }
    return { text: labels.get(key) ?? key }
  }
}
