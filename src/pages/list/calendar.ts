/** A list as a calendar: a month of days, each with what falls on it. */
import { addDays, addMonths, type Day, weekday } from '#kernel/day.ts'
import type { AnyRecord } from '#kernel/record.ts'
import { filterShapesOf } from '#platform/http/index.ts'
import type { AppContext } from '#platform/page.ts'
import { count, type Filter, list as listOf } from '#platform/records/index.ts'
import { dayAt, todayOf } from '#platform/today.ts'
import { startOfDay } from '#values/moment.ts'
import type { CalendarView } from '#web/list/calendar.tsx'
import { presenterOf } from '../presenter.ts'
import { type Asked, addressWith, isMonth, none } from './address.ts'
import type { List } from './declare.ts'
import { labelOf } from './filters.ts'

/** Most records of a month that are read; a fuller month says so. */
const maxShown = 200

export async function calendarOf(ctx: AppContext, list: List, asked: Asked): Promise<CalendarView> {
  const { kind } = list
  const field = list.calendar!
  const { named, say } = presenterOf(ctx)
  const from = `${asked.month ?? todayOf(ctx).slice(0, 7)}-01`
  const to = addMonths(from, 1)
  const shapes = filterShapesOf(kind)
  const lasts = Object.hasOwn(shapes, `${field}.to`)
  const at = (day: Day) => (shapes[field]!.as === 'instant' ? startOfDay(day, ctx.city.timeZone) : day)
  const within: Filter[] = [
    { field, is: 'lt', value: at(to) },
    lasts ? { field: `${field}.to`, is: 'gt', value: from } : { field, is: 'gte', value: at(from) },
  ]
  const where = { ...asked.where, filters: [...(asked.where.filters ?? []), ...within] }
  const without = [...(asked.where.filters ?? []), { field, is: 'empty' as const, value: true }]
  const [{ rows, next }, all, missing] = await Promise.all([
    listOf(ctx, kind, { ...where, sort: field, limit: maxShown }),
    count(ctx, kind, where),
    shapes[field]!.comparisons.includes('empty')
      ? count(ctx, kind, { ...asked.where, filters: without })
      : { count: 0 },
  ])
  const daysOf = (row: AnyRecord): readonly [Day, Day] => {
    const value = row[field] as string | { from: Day; to: Day | null }
    if (typeof value === 'object') return [value.from, value.to ?? addDays(value.from, 1)]
    const day = shapes[field]!.as === 'instant' ? dayAt(ctx, value) : value
    return [day, addDays(day, 1)]
  }
  const days: CalendarView['days'][number][] = []
  for (let day = from; day < to; day = addDays(day, 1))
    days.push({
      day,
      weekday: weekday(day),
      today: day === todayOf(ctx),
      entries: (rows as AnyRecord[]).flatMap((row) => {
        const [begins, ends] = daysOf(row)
        return begins <= day && day < ends ? [{ ...named(row), code: row.code, began: begins < day }] : []
      }),
    })
  const month = (text: string) => (isMonth(text) ? addressWith(list, asked.query, { month: text }) : null)
  return {
    label: labelOf(ctx, list, field),
    month: new Intl.DateTimeFormat(ctx.language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
      new Date(from),
    ),
    days,
    before: from === '0001-01-01' ? null : month(addMonths(from, -1).slice(0, 7)),
    after: month(to.slice(0, 7)),
    shown: say(next ? 'record.list.month-cut' : 'record.list.month', { shown: rows.length, count: all.count }),
    ...(missing.count > 0
      ? {
          without: {
            count: missing.count,
            href: addressWith(list, asked.query, { as: undefined, month: undefined, [field]: none }),
          },
        }
      : {}),
  }
}
