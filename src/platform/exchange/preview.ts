/** Preview of a content file: what it holds, by kind, and its first records. Nothing is written. */
import type { Format } from '../content/index.ts'
import { isRows } from '../content/index.ts'
import type { ImportProblem } from '../imports/index.ts'
import { weightOf } from '../imports/index.ts'
import type { AppContext } from '../page.ts'
import { checkedItem } from './checked.ts'
import { loadOrder } from './order.ts'

/** Limits: items examined, records shown of each kind, problems shown. */
const looked = 5000
const shownOfKind = 5
const reported = 50

export type ContentPreview = {
  /** Records and rows by kind, as far as examined; `more` says that the file continues. */
  readonly kinds: ReadonlyArray<{ readonly kind: string; readonly records: number; readonly rows: number }>
  readonly more: boolean
  readonly records: ReadonlyArray<{
    readonly line: number
    readonly kind: string
    readonly title: Readonly<Record<string, string>>
  }>
  readonly problems: readonly ImportProblem[]
  /** The file cannot be imported at all. */
  readonly stopped: boolean
}

export async function previewContent(
  ctx: AppContext,
  format: Format,
  file: AsyncIterable<Uint8Array>,
): Promise<ContentPreview> {
  const problems: ImportProblem[] = []
  const kinds = new Map<string, { records: number; rows: number }>()
  const records: Array<ContentPreview['records'][number]> = []
  let stopped = false
  let place = (problem: ImportProblem): ImportProblem => problem
  let count = 0
  const part = {
    registry: ctx.registry,
    problem: (problem: ImportProblem) => {
      if (problems.length < reported) problems.push(place(problem))
      if (weightOf(problem.code) === 'stop') stopped = true
    },
    head: () => {},
    place: (of: typeof place) => {
      place = of
    },
  }
  for await (const { line, item } of format.read!(file, part)) {
    if (stopped || count >= looked) break
    count += 1
    const checked = checkedItem(item, line)
    if ('problem' in checked) {
      part.problem(checked.problem)
      continue
    }
    const { kind } = checked.item
    const of = kinds.get(kind) ?? { records: 0, rows: 0 }
    if (ctx.registry.kinds.has(kind)) kinds.set(kind, of)
    if (isRows(checked.item)) of.rows += checked.item.values.length
    else {
      of.records += 1
      const title = checked.item.title as unknown
      const named = typeof title === 'object' && title !== null ? (title as Record<string, string>) : {}
      if (!checked.item.context && of.records <= shownOfKind && ctx.registry.kinds.has(kind))
        records.push({ line, kind, title: named })
    }
  }
  // What others depend on comes first, as it does when saving.
  const { kinds: order } = loadOrder(
    [...ctx.registry.kinds.values()].map((known) => known.declaration),
    ctx.registry.wellKnown,
  )
  const inOrder = <Each extends { kind: string }>(all: Each[]) =>
    all.sort((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind))
  inOrder(records)
  return {
    kinds: inOrder([...kinds].map(([kind, counts]) => ({ kind, ...counts }))),
    more: count >= looked,
    records,
    problems,
    stopped,
  }
}
