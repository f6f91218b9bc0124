/** Scarce resources of a network in JSON: how many there are, and which activities need them. */
import type { Demand, FileProblem, NamedResource } from './named-plan.ts'

type Keyed = Readonly<Record<string, unknown>>
const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reports a problem: code, JSON Pointer, the activity concerned, and what the message names. */
type ReportProblem = (code: string, at: string, activity: string | null, values?: FileProblem['values']) => void

/** `needs` of each activity, with how messages name it. */
export type ActivityNeeds = { readonly needs: unknown; readonly at: string; readonly known: string }

export function readResources(
  value: unknown,
  activities: readonly ActivityNeeds[],
  report: ReportProblem,
): { readonly resources: NamedResource[]; readonly demands: Demand[] } {
  const places = new Map<string, number>()
  const resources: NamedResource[] = []
  if (value !== undefined && !Array.isArray(value)) report('resources.no-list', '/resources', null)
  for (const [index, each] of (Array.isArray(value) ? value : []).entries()) {
    const at = `/resources/${index}`
    const { id, name, capacity = 1 } = isKeyed(each) ? each : {}
    if (typeof id !== 'string' && typeof id !== 'number') {
      report('resources.id-missing', at, null)
      continue
    }
    if (places.has(String(id))) report('resources.id-twice', at, null, { text: String(id).slice(0, 40) })
    if (typeof capacity !== 'number' || !(capacity >= 0) || !Number.isFinite(capacity))
      report('resources.capacity', `${at}/capacity`, null, { text: String(capacity).slice(0, 40) })
    places.set(String(id), resources.length)
    resources.push({ uid: id, name: typeof name === 'string' ? name : String(id), capacity: Number(capacity) })
  }
  const demands: Demand[] = []
  for (const [activity, { needs, at, known }] of activities.entries()) {
    if (needs === undefined) continue
    if (!isKeyed(needs)) {
      report('resources.needs', `${at}/needs`, known)
      continue
    }
    for (const [id, units] of Object.entries(needs)) {
      const resource = places.get(id)
      const place = `${at}/needs/${id.slice(0, 40).replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (resource === undefined) report('resources.unknown', place, known, { text: id.slice(0, 40) })
      else if (typeof units !== 'number' || !(units >= 0) || !Number.isFinite(units))
        report('resources.units', place, known, { text: String(units).slice(0, 40) })
      else if (units > 0) demands.push({ activity, resource, units })
    }
  }
  return { resources, demands }
}
