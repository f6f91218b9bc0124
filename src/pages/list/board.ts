/** A list as a board: a column for each state or choice, and a form on each card that moves it, if the reader may. */
import { invalid, Problem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { inTransaction } from '#platform/app.ts'
import { filterShapesOf } from '#platform/http/index.ts'
import type { AppContext, PageRequest, Redirect } from '#platform/page.ts'
import { type Change, get, isId, list as listOf, tally, write } from '#platform/records/index.ts'
import type { BoardCard, BoardView } from '#web/list/board.tsx'
import { one } from '../form.ts'
import { may } from '../permission.ts'
import { presenterOf } from '../presenter.ts'
import { problemMessages } from '../record/controls.ts'
import { askedByVerb } from '../record/verb.ts'
import { type Asked, addressWith } from './address.ts'
import type { List } from './declare.ts'
import { choicesOf } from './filters.ts'

/** Cards in a column; the others are in the list, one link away. */
const maxCards = 20

export async function boardOf(ctx: AppContext, list: List, asked: Asked, mistake?: string): Promise<BoardView> {
  const { kind } = list
  const by = list.board!
  const presenter = presenterOf(ctx)
  const all = choicesOf(ctx, list, by, filterShapesOf(kind)[by]!.choices!)
  const limited = asked.query[by]?.split(',')
  const choices = limited ? all.filter(({ value }) => limited.includes(value)) : all
  const counts = new Map((await tally(ctx, kind, asked.where, { by })).map(({ key, count }) => [key, count]))
  const columns = await Promise.all(
    choices.map(async ({ value, label }) => {
      const count = counts.get(value) ?? 0
      const filters = [...(asked.where.filters ?? []), { field: by, is: 'eq' as const, value }]
      const page =
        count === 0
          ? []
          : (await listOf(ctx, kind, { ...asked.where, filters, sort: asked.sort, limit: maxCards })).rows
      return {
        label,
        count,
        ...(count > page.length ? { more: addressWith(list, asked.query, { as: undefined, [by]: value }) } : {}),
        rows: page as AnyRecord[],
      }
    }),
  )
  const nameOf = await presenter.names(columns.flatMap(({ rows }) => rows.map((row) => row.organisation)))
  const known = ctx.registry.kind(kind.kind)
  const cardOf = (row: AnyRecord): BoardCard => {
    const moves =
      by === 'state'
        ? known.verbs
            .filter((verb) => verb.from.includes(row.state) && may(ctx, verb.name, row))
            // What a step still needs is asked on the page of the record.
            .filter((verb) => askedByVerb(kind, row, verb).length === 0)
            .map((verb) => ({ value: verb.name, label: presenter.verb(kind.kind, verb.name, verb.to) }))
        : may(ctx, 'change', row, by)
          ? all.filter(({ value }) => value !== row[by]).map(({ value, label }) => ({ value, label }))
          : []
    return {
      ...presenter.named(row),
      id: row.id,
      code: row.code,
      version: row.version,
      organisation: nameOf(row.organisation),
      moves,
    }
  }
  return {
    action: addressWith(list, asked.query, {}),
    columns: columns.map(({ rows, ...column }) => ({ ...column, cards: rows.map(cardOf) })),
    ...(counts.has(null) ? { without: counts.get(null)! } : {}),
    ...(mistake ? { mistake } : {}),
  }
}

/** Moves a card: a verb of its kind and nothing else, or another choice. The gate asks again whether the reader may. */
export async function moveCard(ctx: AppContext, list: List, { form, query }: PageRequest): Promise<Redirect | string> {
  const { kind } = list
  const by = list.board!
  const id = one(form, 'record')
  const to = one(form, 'to')
  const record = (await get(ctx, kind, isId(id) ? id : 'none')) as AnyRecord
  const verbs = ctx.registry.kind(kind.kind).verbs.map(({ name }) => name)
  const target = { kind: kind.kind, id: record.id, version: Number(one(form, 'version')) || record.version }
  const change: Change =
    by === 'state' ? { ...target, action: to } : { ...target, action: 'change', values: { [by]: to } }
  try {
    if (by === 'state' && !verbs.includes(to))
      throw invalid('records.invalid', [
        { at: '/state', code: 'field.not-a-choice', values: { allowed: verbs.join(', ') } },
      ])
    await inTransaction(ctx, (inside) => write(inside, { source: 'page', why: null }, [change]))
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'Invalid') throw error
    const { mistakes } = problemMessages(ctx, kind, error.fields)
    return `${record.code}: ${mistakes.map(({ text }) => text).join(' ')}`
  }
  return { redirect: addressWith(list, query, {}), notice: { key: 'record.list.moved', values: { code: record.code } } }
}
