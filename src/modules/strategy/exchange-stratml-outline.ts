/** The outline of a plan as StratML sees it: Goals, their Objectives, and the indicators in those; ids only. */
import type { RecordItem } from '#platform/exchange/index.ts'

/** One step of writing. `of` opens the element of a record; an aside holds the Goal's own indicators. */
export type OutlineStep =
  | {
      readonly open: 'goal' | 'objective' | 'indicator'
      readonly kind: string
      readonly id: string
      readonly sequence: string
    }
  | { readonly open: 'aside'; readonly sequence: string }
  | { readonly close: 'goal' | 'objective' }

type Goal = { readonly kind: string; readonly above: readonly string[]; readonly order: string }

const outcomeKind = 'strategy.outcome'
const objectiveKind = 'strategy.objective'
const indicatorKind = 'indicators.indicator'

const ends = (item: RecordItem, name: string): string[] => (item.links?.[name] ?? []).map((end) => end.to)

export class PlanOutline {
  readonly #part: 1 | 2
  readonly #goals = new Map<string, Goal>()
  readonly #measures = new Map<string, readonly string[]>()

  constructor(part: 1 | 2) {
    this.#part = part
  }

  /** Notes a record; true if it is written as an element, or if only the complete outline can tell. */
  take(item: RecordItem): boolean {
    if (item.context) return false
    if (item.kind === outcomeKind) this.#goals.set(item.id, { kind: item.kind, above: [], order: `0 ${item.code}` })
    else if (item.kind === objectiveKind) {
      const above = [...ends(item, 'under'), ...ends(item, 'contributesTo')]
      this.#goals.set(item.id, { kind: item.kind, above, order: `${item.level} ${item.code}` })
    } else if (item.kind === indicatorKind && this.#part === 2) this.#measures.set(item.id, ends(item, 'measures'))
    else return item.kind === 'strategy.plan'
    return true
  }

  /** Is it an indicator whose rows are in its element? */
  holds(id: string): boolean {
    return this.#measures.has(id)
  }

  /** Indicators that measure nothing that is written. */
  *loose(): Generator<string> {
    for (const [id, goals] of this.#measures) if (!goals.some((goal) => this.#goals.has(goal))) yield id
  }

  *steps(): Generator<OutlineStep> {
    const below = new Map<string | null, string[]>()
    for (const [id, { above }] of this.#goals) {
      const parent = above.find((each) => each !== id && this.#goals.has(each)) ?? null
      const list = below.get(parent)
      if (list) list.push(id)
      else below.set(parent, [id])
    }
    const order = (ids: string[] | undefined) =>
      (ids ?? []).sort((left, right) => (this.#goals.get(left)!.order < this.#goals.get(right)!.order ? -1 : 1))
    const measured = new Map<string, string[]>()
    for (const [id, goals] of this.#measures) {
      const first = goals.find((goal) => this.#goals.has(goal))
      if (!first) continue
      const list = measured.get(first)
      if (list) list.push(id)
      else measured.set(first, [id])
    }
    for (const [index, goal] of order(below.get(null)).entries()) {
      const sequence = String(index + 1)
      yield { open: 'goal', kind: this.#goals.get(goal)!.kind, id: goal, sequence }
      const own = measured.get(goal)
      if (own) {
        yield { open: 'aside', sequence: `${sequence}.0` }
        for (const id of own) yield { open: 'indicator', kind: indicatorKind, id, sequence: '' }
        yield { close: 'objective' }
      }
      // Everything below, upper levels first in each branch; walked without recursion, whatever the depth.
      const open: Array<{ id: string; sequence: string }> = []
      // The last one is taken first.
      const push = (parent: string, number: string) => {
        const children = order(below.get(parent))
        for (let place = children.length; place > 0; place -= 1)
          open.push({ id: children[place - 1]!, sequence: `${number}.${place}` })
      }
      push(goal, sequence)
      for (let next = open.pop(); next; next = open.pop()) {
        yield { open: 'objective', kind: this.#goals.get(next.id)!.kind, ...next }
        for (const id of measured.get(next.id) ?? []) yield { open: 'indicator', kind: indicatorKind, id, sequence: '' }
        yield { close: 'objective' }
        push(next.id, next.sequence)
      }
      yield { close: 'goal' }
    }
  }
}
