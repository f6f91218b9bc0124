/** The lines of a form as the page shows them: titles, controls, what is wrong, what somebody else did meanwhile. */
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import type { ControlView } from '#web/record-pages/controls.tsx'
import type { LineView, RowsPageView } from '#web/record-pages/rows.tsx'
import { presenterOf } from '../presenter.ts'
import type { FormValues } from '../record/form-values.ts'
import { oneOf } from '../record/kind-pages.ts'
import { isTouched, type Line, lineMessages, slotOf } from './lines.ts'
import type { Clash } from './save.ts'
import { type Column, idIn, isAside, rowWriter, storedById, type TableForm } from './table.ts'

export type Drawn = {
  readonly ctx: AppContext
  readonly table: TableForm
  readonly columns: readonly Column[]
  readonly record: AnyRecord
  readonly lines: readonly Line[]
  readonly typed: FormValues
  readonly clashes: ReadonlyMap<number, Clash> | undefined
}

type Messages = Awaited<ReturnType<typeof lineMessagesFor>>

/** Up to this many stored rows lie open; of more each is folded away until somebody changes it. */
const maxOpen = 6

/** What lines are called: the key of the stored row, else what was typed first, else their number among the new. */
async function lineTitles({ ctx, table, columns, record, lines, typed }: Drawn) {
  const { say } = presenterOf(ctx)
  const ids = lines.map((line) => idIn(line.seen)).filter(Boolean)
  const stored = await storedById(ctx, table, record.id, ids)
  const writer = await rowWriter(
    ctx,
    table,
    record,
    columns,
    [...stored.values()].map((row) => row.values),
  )
  const fresh = lines.filter((line) => line.seen === '')
  const plain = columns.find(
    (column) =>
      column.writes.some((name) => table.rows.key.includes(name)) && ['text', 'whole'].includes(column.field.type),
  )
  const rowAt = (at: number) => stored.get(idIn(lines.find((each) => each.at === at)?.seen ?? ''))
  const titleOf = (at: number): string => {
    const row = rowAt(at)
    const typedFirst = plain ? oneOf(typed[slotOf(at, plain)]).trim() : ''
    return (
      (row && writer.title(row.values)) ||
      typedFirst ||
      say('record.rows.new-line', { number: fresh.findIndex((each) => each.at === at) + 1 })
    )
  }
  const wholeOf = (at: number): string => {
    const row = rowAt(at)
    return row ? writer.whole(row.values) : ''
  }
  return { titleOf, wholeOf }
}

export async function lineMessagesFor(drawn: Drawn, problems: readonly FieldProblem[]) {
  const { ctx, table, columns, clashes } = drawn
  const { titleOf, wholeOf } = await lineTitles(drawn)
  const messages = lineMessages(ctx, table, columns, problems, titleOf)
  const { say } = presenterOf(ctx)
  const sentences = new Map<number, string>()
  const now = [...(clashes ?? [])].flatMap(([, clash]) => (clash.now ? [clash.now.values] : []))
  const writer = await rowWriter(ctx, table, drawn.record, columns, now)
  for (const [at, clash] of clashes ?? [])
    sentences.set(at, say(`record.rows.clash.${clash.kind}`, { now: clash.now ? writer.whole(clash.now.values) : '' }))
  const mistakes = [
    ...[...sentences].map(([at, text]) => ({
      field: `line-${at}`,
      text: say('record.rows.line-problem', { line: titleOf(at), problem: text }),
    })),
    ...messages.mistakes,
  ]
  return { ...messages, mistakes, titleOf, wholeOf, sentences }
}

/** New lines, and those that show stored rows. */
export async function linesView(
  { ctx, columns, lines, typed, clashes }: Drawn,
  controls: readonly ControlView[],
  messages: Messages,
  leads: ReadonlyMap<number, string>,
): Promise<Pick<RowsPageView, 'fresh' | 'stored' | 'count'>> {
  const byName = new Map(controls.map((control) => [control.field.name, control]))
  const folds = lines.filter((line) => line.seen !== '').length > maxOpen
  const view = (line: Line): LineView => {
    const of = (aside: boolean) =>
      columns.filter((column) => isAside(column) === aside).map((column) => byName.get(slotOf(line.at, column))!)
    const aside = of(true)
    return {
      at: line.at,
      title: messages.titleOf(line.at),
      lead: leads.get(line.at),
      seen: line.seen,
      was: line.was,
      remove: line.remove,
      controls: of(false),
      aside,
      asideOpen: messages.aside.has(line.at),
      asideFilled: aside.some((control) => Object.values(control.value).some((part) => oneOf(part) !== '')),
      folded: folds && !isTouched(ctx, columns, line, typed) && !isWrong(line) ? messages.wholeOf(line.at) : undefined,
      clash: messages.sentences.get(line.at),
    }
  }
  const isWrong = (line: Line) =>
    clashes?.has(line.at) || columns.some((column) => messages.byField.has(slotOf(line.at, column)))
  const isStored = (line: Line) => line.seen !== '' && clashes?.get(line.at)?.kind !== 'taken'
  return {
    fresh: lines.filter((line) => !isStored(line)).map(view),
    stored: lines.filter(isStored).map(view),
    count: lines.length,
  }
}
