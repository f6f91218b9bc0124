/** What the outline of a plan (activities within summary activities) implies for its network. */
import type { Activity, Plan } from './plan.ts'

/** Shared by all activities without children. */
const none: readonly number[] = []

/** Places of the activities directly within each activity. */
export function childrenOf(activities: readonly Activity[]): readonly (readonly number[])[] {
  const children: (readonly number[])[] = new Array(activities.length).fill(none)
  for (let index = 0; index < activities.length; index++) {
    const { parent } = activities[index]!
    if (parent === undefined) continue
    if (children[parent] === none) children[parent] = [index]
    else (children[parent] as number[]).push(index)
  }
  return children
}

/** Whether an activity itself says how late it may be. */
export const hasLateLimit = ({ deadline, constraint }: Activity): boolean =>
  deadline !== undefined || constraint?.kind === 'finish-no-later' || constraint?.kind === 'must-finish'

/** Which summaries need a gate, and which a node of their own. */
export function summaryNeeds(
  plan: Plan,
  children: readonly (readonly number[])[],
): { readonly gate: Uint8Array; readonly summary: Uint8Array } {
  const { activities, links } = plan
  const gate = new Uint8Array(activities.length)
  const summary = new Uint8Array(activities.length)
  const isSummary = (index: number) => children[index]!.length > 0
  for (const { from, to } of links) {
    if (activities[from]!.inactive || activities[to]!.inactive) continue
    if (isSummary(to)) gate[to] = 1
    if (isSummary(from)) summary[from] = 1
  }
  for (const [index, activity] of activities.entries()) {
    if (!isSummary(index)) continue
    const kind = activity.constraint?.kind
    if (kind === 'start-no-earlier' || kind === 'must-start') gate[index] = 1
    if (hasLateLimit(activity)) summary[index] = 1
  }
  // What applies to a summary applies to the summaries within it. From the outside in, without recursion.
  const open = activities.flatMap(({ parent }, index) => (parent === undefined && isSummary(index) ? [index] : []))
  for (let index = open.pop(); index !== undefined; index = open.pop())
    for (const child of children[index]!) {
      if (!isSummary(child)) continue
      if (gate[index]) gate[child] = 1
      if (summary[index]) summary[child] = 1
      open.push(child)
    }
  return { gate, summary }
}
