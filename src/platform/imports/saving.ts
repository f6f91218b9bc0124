/** One round of saving: every staged record through the gate in batches, in one change set of one transaction. */
import { Problem } from '#kernel/problem.ts'
import type { WriteContext } from '../context.ts'
import {
  altersNothing,
  authorize,
  type ChangeSet,
  openChangeSet,
  Permit,
  type Prepared,
  prepare,
  save,
} from '../records/index.ts'
import type { ImportProblem } from './problems.ts'
import type { RecordCounts } from './report.ts'
import type { StagedRow, StagingTable } from './staging.ts'
import type { Group, Planned, Step } from './steps.ts'

/** Records per batch, and items of one record at a time. */
const batchRecords = 500
const batchItems = 2000
/** How many records' counts are remembered. */
const maxCached = 100_000

export type RoundResult = {
  readonly counts: Map<string, RecordCounts>
  readonly changeSet: string | null
  /** How much was found to be wrong in this round. */
  readonly rejected: number
}

export type RoundParts = {
  readonly staging: StagingTable
  readonly steps: readonly Step[]
  readonly facts: { readonly source: string; readonly why: string }
  readonly problem: (problem: ImportProblem) => void
  readonly progress: (items: number) => void
}

/**
 * Saves what is staged. Bad lines are reported and marked as rejected; the caller decides what becomes of the round.
 */
export async function saveRound(ctx: WriteContext, parts: RoundParts): Promise<RoundResult> {
  const counts = new Map<string, RecordCounts>()
  let changeSet: ChangeSet | null = null
  const seen = new Map<string, keyof RecordCounts>()
  let rejected = 0
  let done = 0
  const reject = async (problem: ImportProblem, lines: readonly number[]) => {
    rejected += 1
    parts.problem(problem)
    for (const line of lines) await parts.staging.reject(line)
  }
  for (const step of parts.steps) {
    for await (const groups of pagesOf(ctx, parts.staging, step.step)) {
      const planned = await step.plan(ctx, groups as unknown as ReadonlyArray<Group<never>>)
      for (const each of planned)
        for (const problem of each.problems) await reject(problem, problem.row ? [problem.row] : [])
      const prepared = await admit(ctx, planned, reject)
      const writing = prepared.filter(({ one }) => !altersNothing(one)).map(({ one }) => one)
      if (writing.length > 0) {
        const permit = Permit.for(ctx, writing)
        changeSet ??= await openChangeSet(ctx, parts.facts)
        await save({ ...changeSet, ctx }, permit)
      }
      const kept = new Map(prepared.map(({ plan, one }) => [plan.key, one]))
      for (const each of planned) {
        const one = kept.get(each.key)
        step.saved?.(each.key, one?.after.id ?? null)
        if (one) count(counts, seen, one)
      }
      done += groups.reduce((sum, group) => sum + group.items.length, 0)
      parts.progress(done)
    }
  }
  return { counts, changeSet: changeSet?.id ?? null, rejected }
}

/**
 * A record that occurs several times is counted once, by the most that happened to it. Only recent ones are remembered.
 */
function count(counts: Map<string, RecordCounts>, seen: Map<string, keyof RecordCounts>, one: Prepared): void {
  const kind = one.change.kind
  const { id } = one.after
  const of = counts.get(kind) ?? { created: 0, changed: 0, unchanged: 0 }
  counts.set(kind, of)
  const what = !one.before ? 'created' : altersNothing(one) ? 'unchanged' : 'changed'
  const before = seen.get(id)
  if (before !== undefined && (before !== 'unchanged' || what === 'unchanged')) return
  if (before) of[before] -= 1
  of[what] += 1
  seen.delete(id)
  seen.set(id, what)
  if (seen.size > maxCached) seen.delete(seen.keys().next().value!)
}

type Admitted = { readonly plan: Planned; readonly one: Prepared }
type Reject = (problem: ImportProblem, lines: readonly number[]) => Promise<void>

/** Submits the changes to the gate; what it refuses is reported at its lines, the rest may be written. */
async function admit(ctx: WriteContext, planned: readonly Planned[], reject: Reject): Promise<Admitted[]> {
  const asked = planned.filter((plan) => plan.change !== null)
  if (asked.length === 0) return []
  const prepared = await prepare(
    ctx,
    asked.map((plan) => plan.change!),
  )
  const good: Admitted[] = []
  for (const [index, one] of prepared.entries()) {
    const plan = asked[index]!
    const wrong = wrongWith(ctx, one)
    if (wrong.length === 0) good.push({ plan, one })
    for (const { at, code, values } of wrong) {
      const place = plan.placeOf?.(at) ?? null
      const column = place ? place.column : (plan.columnOf?.(at) ?? null)
      // A fault of the whole record concerns every line that mentions it; it is reported at the first.
      const lines = place ? [place.line] : plan.lines
      const row = lines.find((line) => line > 0) ?? null
      await reject({ row, column, code, values: { ...values, lines: lines.length } }, lines)
    }
  }
  return good
}

function wrongWith(
  ctx: WriteContext,
  one: Prepared,
): ReadonlyArray<{ at: string; code: string; values: Record<string, string | number> }> {
  if (one.refusal) return [{ at: '/', code: one.refusal.reason, values: one.refusal.values }]
  try {
    if (!altersNothing(one)) authorize(ctx, one)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [{ at: '/', code: error.reason, values: error.values }]
  }
  return one.problems.map(({ at, code, values }) => ({ at, code, values: values ?? {} }))
}

/** The groups of a step, page by page; a record that does not fit on one page continues on the next. */
async function* pagesOf(ctx: WriteContext, staging: StagingTable, step: number): AsyncGenerator<Array<Group<unknown>>> {
  let after: StagedRow | null = null
  let open: string | null = null
  for (;;) {
    const rows: StagedRow[] = await staging.page(ctx.db, step, after, batchItems)
    if (rows.length === 0) return
    const groups = [...Map.groupBy(rows, (row) => row.key)]
    // The last group may continue: it is left for the next page unless it alone fills this one.
    const whole = rows.length < batchItems || groups.length === 1 ? groups : groups.slice(0, -1)
    const taken = whole.slice(0, batchRecords)
    yield taken.map(([key, list], index) => ({
      key,
      first: !(index === 0 && key === open),
      items: list.map(({ line, slot, content }) => ({ line, slot, content: JSON.parse(content) as unknown })),
    }))
    after = taken.at(-1)![1].at(-1)!
    open = after.key
  }
}
