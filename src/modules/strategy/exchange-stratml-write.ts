/**
 * A plan as StratML: an outcome becomes a Goal and the objectives below it its Objectives, in the order of their
 * levels; an objective that serves no outcome is a Goal of its own. Only the outline is held in memory; its content is
 * read again part by part. Anything without a place goes into the extension.
 */
import { invalid } from '#kernel/problem.ts'
import { isRows, type RecordItem, type Snapshot, type WriterInput } from '#platform/exchange/index.ts'
import {
  asideStart,
  goalStart,
  headOf,
  indicatorElement,
  nameIn,
  type Rows,
  tailOf,
  type Writing,
} from './exchange-stratml-elements.ts'
import { escaped, extensionNamespace, instruction } from './exchange-stratml-extension.ts'
import { type OutlineStep, PlanOutline } from './exchange-stratml-outline.ts'
import { dialects } from './exchange-stratml-schema.ts'

/** Elements of the outline that are read and written together. */
const together = 40

/** Writes Part 1 or Part 2 (`options.part`, 2 by default). */
export async function* writeStratml({ snapshot, header, options }: WriterInput): AsyncGenerator<string> {
  const part = options?.part === '1' ? 1 : 2
  const { root, namespace } = dialects.find((each) => each.part === part)!
  const { language } = snapshot.registry
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}"${part === 2 ? ' Type="Performance_Report"' : ''}>\n`
  yield `${instruction('head', { namespace: extensionNamespace, language, ...header })}\n`
  const outline = new PlanOutline(part)
  const bodies = new Map<string, string>()
  const visions = new VisionElement()
  let plan: RecordItem | undefined
  for await (const page of snapshot.read()) {
    let beside = ''
    for (const item of page.of === 'rows' ? [page.item] : page.items) {
      if (isRows(item)) {
        if (!outline.holds(item.record)) beside += `${instruction('item', item)}\n`
        continue
      }
      if (item.kind === 'directory.organisation') bodies.set(item.id, nameIn(item.title, language))
      visions.take(item)
      if (!outline.take(item)) beside += `${instruction('item', item)}\n`
      else if (item.kind === 'strategy.plan') plan = item
    }
    if (beside) yield beside
  }
  if (!plan) throw invalid('strategy.stratml-needs-a-plan')
  const writing: Writing = { part, language, bodies, goal: '' }
  for await (const batch of batches(outline.loose())) {
    const { items, rows } = await read(
      snapshot,
      batch.map((id) => ({ kind: 'indicators.indicator', id })),
    )
    for (const item of items.values()) {
      yield `${instruction('item', item)}\n`
      for (const [name, values] of Object.entries(rows.get(item.id) ?? {}))
        yield `${instruction('item', { rows: name, kind: item.kind, record: item.id, values })}\n`
    }
  }
  const organisation = plan.organisation
    ? (await read(snapshot, [{ kind: 'directory.organisation', id: plan.organisation }])).items.get(plan.organisation)
    : undefined
  yield headOf(writing, { plan, organisation, vision: visions.text(language) })
  let goals = 0
  for await (const batch of batches(outline.steps())) {
    goals += batch.filter((step) => 'open' in step && step.open === 'goal').length
    yield await stepsOf(writing, snapshot, batch)
  }
  // The schema requires at least one goal.
  if (goals === 0)
    yield `<Goal>${instruction('rest', { aside: true })}<Name>${escaped(nameIn(plan.title, language))}</Name><Description/></Goal>\n`
  yield `${tailOf(plan)}</${root}>\n`
}

function* batches<Each>(all: Iterable<Each>): Generator<Each[]> {
  let batch: Each[] = []
  for (const each of all) {
    batch.push(each)
    if (batch.length < together) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function stepsOf(writing: Writing, snapshot: Snapshot, steps: readonly OutlineStep[]): Promise<string> {
  const { items, rows } = await read(
    snapshot,
    steps.filter((step) => 'id' in step),
  )
  return steps
    .map((step) => {
      if ('close' in step) return step.close === 'goal' ? '</Goal>\n' : '</Objective>\n'
      if (step.open === 'aside') return asideStart(writing.goal, step.sequence)
      const item = items.get(step.id)!
      if (step.open === 'goal') writing.goal = nameIn(item.title, writing.language)
      if (step.open === 'indicator') return indicatorElement(writing, item, rows.get(step.id) ?? {})
      return goalStart(writing, step.open === 'goal' ? 'Goal' : 'Objective', item, step.sequence)
    })
    .join('')
}

type Read = { readonly items: Map<string, RecordItem>; readonly rows: Map<string, Rows> }

/** Records with their rows: a few statements for all of them. */
async function read(snapshot: Snapshot, wanted: ReadonlyArray<{ kind: string; id: string }>): Promise<Read> {
  const items = new Map<string, RecordItem>()
  const rows = new Map<string, Record<string, Array<Record<string, unknown>>>>()
  for (const [kind, group] of Map.groupBy(wanted, (each) => each.kind)) {
    for await (const page of snapshot.read({ only: { kind, ids: group.map((each) => each.id) } })) {
      if (page.of === 'records') for (const item of page.items) items.set(item.id, item)
      else {
        const { record, rows: name, values } = page.item
        const of = rows.get(record) ?? {}
        rows.set(record, of)
        of[name] = [...(of[name] ?? []), ...values]
      }
    }
  }
  return { items, rows }
}

/** The vision in force, for the element Vision: its sentences in their order. */
class VisionElement {
  #adopted: string | undefined
  readonly #sentences: Array<{ vision: unknown; position: number; title: Readonly<Record<string, string>> }> = []

  take(item: RecordItem): void {
    if (item.kind === 'strategy.vision' && item.state === 'adopted' && !item.context) this.#adopted ??= item.id
    if (item.kind === 'strategy.sentence' && item.state === 'standing' && this.#sentences.length < 1000)
      this.#sentences.push({ vision: item.vision, position: Number(item.position), title: item.title })
  }

  text(language: string): string {
    return this.#sentences
      .filter((each) => each.vision === this.#adopted)
      .sort((left, right) => left.position - right.position)
      .map((each) => nameIn(each.title, language))
      .join(language.startsWith('zh') ? '' : ' ')
  }
}
