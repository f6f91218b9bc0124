/** What people do to benefits beyond their fields and steps: fill in tables, confirm cash, begin the framework. */
import { conflict, notAllowed } from '#kernel/problem.ts'
import type { Localized } from '#kernel/words.ts'
import { inTransaction } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, type Saved, write } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { addDays } from '#values/period.ts'
import { startingFramework } from './queries-framework.ts'
import type { Benefit, CurrentBenefit } from './queries-register.ts'
import { framework } from './records.ts'
import type { EnteredRow, EntryName } from './rules-entry.ts'
import { type Course, plannedPath } from './rules-path.ts'

const source = 'page'
const localizedFields = new Set(['sourceText', 'note'])

async function change(ctx: AppContext, why: string | null, changes: readonly Change[]): Promise<Saved[]> {
  return (await inTransaction(ctx, (tx) => write(tx, { source, why }, changes))).saved
}

/** Typed text is in the writer's language. */
const inWriting = (ctx: AppContext, row: EnteredRow) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      localizedFields.has(name) && typeof value === 'string' ? ({ [ctx.language]: value } satisfies Localized) : value,
    ]),
  )

/** Writes one table of a benefit or business change: rows by their keys, and those cleared. */
export async function enterRows(
  ctx: AppContext,
  record: Pick<Benefit, 'id' | 'kind'>,
  name: EntryName,
  rows: { readonly set: readonly EnteredRow[]; readonly remove: readonly EnteredRow[] },
  why: string | null,
): Promise<void> {
  await change(ctx, why, [
    {
      kind: record.kind,
      id: record.id,
      action: 'change',
      rows: { [name]: { set: rows.set.map((row) => inWriting(ctx, row)), remove: rows.remove } },
    },
  ])
}

/** The path that a benefit's fields describe; null if start, full value or end are still missing. */
export function courseOf({ record, shape }: CurrentBenefit): Course | null {
  const last = record.trackUntil ?? record.dueOn
  const fullValue = record.worth?.amount ?? record.fullValue
  if (!record.startOn || fullValue === null || !last || last < record.startOn) return null
  return {
    startOn: record.startOn,
    lagMonths: record.lagMonths ?? 0,
    rampMonths: record.rampMonths ?? 0,
    fullValue,
    until: addDays(last, 1),
    shape: shape === 'level' ? 'level' : record.recurrence === 'one-off' ? 'once' : 'flow',
    ...(record.baseline === null ? {} : { base: record.baseline }),
  }
}

/** Lays the planned path out from start, lag, ramp and full value, replacing the existing one. */
export async function replacePath(ctx: AppContext, now: CurrentBenefit): Promise<number> {
  const course = courseOf(now)
  if (!course) throw conflict('benefits.no-course')
  const rows = plannedPath(course)
  const kept = new Set(rows.map((row) => `${row.from}|${row.to}`))
  const remove = now.path.filter((row) => !kept.has(`${row.from}|${row.to}`)).map(({ from, to }) => ({ from, to }))
  await enterRows(ctx, now.record, 'path', { set: rows, remove }, null)
  return rows.length
}

export type Confirmation = {
  readonly budgetCode: string
  readonly year: number
  readonly verdict: 'confirmed' | 'refused'
  readonly amount: string
  readonly note: string | null
}

/** Finance records what it found in a budget line, with the post that says so. The gate checks the permission. */
export async function confirmCash(ctx: AppContext, record: Benefit, found: Confirmation, why: string | null) {
  const post = ctx.caller.posts[0]
  if (!post) throw notAllowed('benefits.confirm-with-a-post')
  const { note, ...row } = found
  await change(ctx, why, [
    {
      kind: record.kind,
      id: record.id,
      action: 'change',
      rows: {
        confirmation: {
          set: [{ ...row, confirmedOn: todayOf(ctx), post, note: note ? { [ctx.language]: note } : null }],
        },
      },
    },
  ])
}

/** A draft of the framework with our starting text in both languages, for the city to change. */
export async function startFramework(ctx: AppContext, organisation: string | null): Promise<string> {
  const [saved] = await change(ctx, null, [
    {
      kind: framework.kind,
      action: 'create',
      values: {
        ...startingFramework,
        ...(organisation ? { organisation } : {}),
      },
    },
  ])
  return saved!.code
}
