/**
 * Who hands a resource to whom in a levelled plan, as links (a resource flow; Artigues, Michelon & Reusser 2003). With them the
 * plan keeps within its resources whatever its durations turn out to be, so it can be simulated.
 */
import type { Link, Plan } from '../schedule/plan.ts'
import type { LevelInput, Levelled } from './level.ts'
import { summedNeeds } from './staffed.ts'

export type LinkedPlan = {
  /** The plan with the further links, and without delays of an earlier levelling. */
  readonly plan: Plan
  /** Links that were added. */
  readonly added: number
  /** Needs for which no source was found (overloads of fixed activities, or activities already waiting for each other). */
  readonly unmet: number
}

/** `from` is null for units free from the beginning. */
type Holding = { readonly from: number | null; units: number; readonly until: number }

/** Adds a link from finish to start wherever an activity takes over units that another releases. */
export function linkResources(input: LevelInput, { dates }: Pick<Levelled, 'dates'>): LinkedPlan {
  const { plan, capacities } = input
  const summaries = new Set(plan.activities.map(({ parent }) => parent))
  const needs = summedNeeds(input.demands).filter(
    ({ activity }) =>
      !summaries.has(activity) &&
      !plan.activities[activity]!.inactive &&
      dates[activity]!.finish > dates[activity]!.start,
  )
  needs.sort(
    (left, right) =>
      dates[left.activity]!.start - dates[right.activity]!.start ||
      dates[left.activity]!.finish - dates[right.activity]!.finish ||
      left.activity - right.activity,
  )
  const followers = followersOf(plan)
  // As every link points forward in time, a handover in time cannot close a loop.
  const leadsBack = plan.links.some(({ from, to }) => dates[from]!.start > dates[to]!.start)
  const held: Holding[][] = capacities.map((units) => [{ from: null, units, until: Number.NEGATIVE_INFINITY }])
  const links: Link[] = []
  const linked = new Set<string>()
  let unmet = 0
  for (const { activity, resource, units } of needs) {
    const { start, finish } = dates[activity]!
    const isLinked = (from: number | null) => from === null || linked.has(`${from} ${activity}`)
    const free = held[resource]!.filter(({ until }) => until <= start).sort(
      (left, right) => Number(isLinked(right.from)) - Number(isLinked(left.from)) || right.until - left.until,
    )
    let left = units
    for (const holding of free) {
      if (left <= 1e-9) break
      const { from } = holding
      if (from !== null && !isLinked(from)) {
        if (leadsBack && reaches(followers, activity, from)) continue
        linked.add(`${from} ${activity}`)
        links.push({ from, to: activity, type: 'FS', lag: 0 })
        followers[from]!.push(activity)
      }
      const taken = Math.min(left, holding.units)
      holding.units -= taken
      left -= taken
    }
    if (left > 1e-9) unmet += 1
    held[resource] = held[resource]!.filter((holding) => holding.units > 1e-9)
    held[resource].push({ from: activity, units: units - Math.max(0, left), until: finish })
  }
  const activities = plan.activities.map((each) => (each.delay ? { ...each, delay: undefined } : each))
  return { plan: { ...plan, activities, links: [...plan.links, ...links] }, added: links.length, unmet }
}

/** What waits for each activity, through links and through summaries. */
function followersOf({ activities, links }: Plan): number[][] {
  const followers: number[][] = activities.map(() => [])
  for (const { from, to } of links) followers[from]!.push(to)
  // Everything within a summary waits for what the summary waits for; what waits for it waits for all of them.
  for (const [index, { parent }] of activities.entries())
    if (parent !== undefined) {
      followers[parent]!.push(index)
      followers[index]!.push(...followers[parent]!.filter((each) => activities[each]!.parent !== parent))
    }
  return followers
}

function reaches(followers: readonly number[][], from: number, to: number): boolean {
  const seen = new Set([from])
  const open = [from]
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const next of followers[at]!) {
      if (next === to) return true
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  return false
}
