/** An order in which everything comes after what it waits for, or the loop that makes one impossible. */

/** Kinds of nodes. */
export const kinds = { open: 0, started: 1, done: 2, fixed: 3, inactive: 4, gate: 5, summary: 6 } as const

/** Types of links between nodes; `within`: from an activity to the summary it belongs to. */
export const types = { FS: 0, SS: 1, FF: 2, SF: 3, within: 4 } as const

export type Arc = {
  readonly from: number
  readonly to: number
  readonly type: number
  readonly lag: number
  readonly share: number
  readonly calendar: number
  readonly link: number
}

/** Kahn's algorithm, first in first out, so that the order follows the order of the plan. O(nodes + arcs), no recursion. */
export function orderOf(
  count: number,
  isNode: (node: number) => boolean,
  arcs: readonly Arc[],
): { sequence: Int32Array } | { loop: number[]; arcs: number[] } {
  const waiting = new Int32Array(count)
  const outAt = new Int32Array(count + 1)
  for (const { from, to } of arcs) {
    waiting[to] = waiting[to]! + 1
    outAt[from + 1] = outAt[from + 1]! + 1
  }
  for (let node = 0; node < count; node++) outAt[node + 1] = outAt[node + 1]! + outAt[node]!
  const out = new Int32Array(arcs.length)
  const next = outAt.slice()
  for (const [index, { from }] of arcs.entries()) {
    out[next[from]!] = index
    next[from] = next[from]! + 1
  }
  const sequence = new Int32Array(count)
  let known = 0
  let nodes = 0
  for (let node = 0; node < count; node++) {
    if (!isNode(node)) continue
    nodes++
    if (waiting[node] === 0) sequence[known++] = node
  }
  for (let done = 0; done < known; done++) {
    const node = sequence[done]!
    for (let index = outAt[node]!; index < outAt[node + 1]!; index++) {
      const { to } = arcs[out[index]!]!
      waiting[to] = waiting[to]! - 1
      if (waiting[to] === 0) sequence[known++] = to
    }
  }
  return known === nodes ? { sequence: sequence.slice(0, known) } : loopIn(waiting, arcs)
}

/** Walks back from any node that still waits until one comes up a second time. */
function loopIn(waiting: Int32Array, arcs: readonly Arc[]): { loop: number[]; arcs: number[] } {
  const into = new Map<number, number>()
  for (const [index, { from, to }] of arcs.entries()) if (waiting[from]! > 0 && waiting[to]! > 0) into.set(to, index)
  const seen = new Map<number, number>()
  const walked: number[] = []
  const steps: number[] = []
  let node = waiting.findIndex((each) => each > 0)
  // A node that waits only for the loop may itself not be on it; going back always leads onto one.
  while (!seen.has(node)) {
    seen.set(node, walked.length)
    walked.push(node)
    const arc = into.get(node)!
    steps.push(arc)
    node = arcs[arc]!.from
  }
  const from = seen.get(node)!
  return { loop: walked.slice(from).reverse(), arcs: steps.slice(from).reverse() }
}
