/** What day it is, in the city. */
import type { Day } from '#kernel/day.ts'
import { instantOf } from '#values/moment.ts'
import type { Context } from './context.ts'

const days = new Map<string, Intl.DateTimeFormat>()

/** Today as 'YYYY-MM-DD' in a time zone. */
export function dayIn(timeZone: string, at: Date): Day {
  let format = days.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    days.set(timeZone, format)
  }
  return format.format(at)
}

/** Today in the city. */
export const todayOf = (ctx: Pick<Context, 'city' | 'now'>): Day => dayIn(ctx.city.timeZone, ctx.now())

/** The city's calendar day of an instant from the database. */
export const dayAt = (ctx: Pick<Context, 'city'>, at: string): Day => dayIn(ctx.city.timeZone, instantOf(at))
