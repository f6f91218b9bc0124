/** The order in which kinds are created, so that what is pointed at exists before what points at it. */
import { targetKinds } from '#kernel/fields/reference.ts'
import type { RecordKind } from '#kernel/record.ts'
import type { WellKnownKinds } from '#kernel/registry.ts'

export type LoadOrder = {
  /** All kinds; those that others point at come first. */
  readonly kinds: readonly string[]
  /** Reserved names and fields of a kind that close a cycle: they are set once all records exist. */
  readonly later: ReadonlyMap<string, ReadonlySet<string>>
  /** Links that a state of a kind requires, so that a record cannot be made without; all others follow later. */
  readonly linksAtOnce: ReadonlyMap<string, ReadonlySet<string>>
}

type Edge = {
  readonly from: string
  readonly to: string
  readonly name: string
  readonly weight: number
  readonly isLink?: boolean
}

/**
 * Sorts by references, the required ones first, and postpones whatever would close a cycle.
 * @throws Error if required references alone close one: such kinds cannot be created at all.
 */
export function loadOrder(kinds: readonly RecordKind[], wellKnown: WellKnownKinds): LoadOrder {
  const all = kinds.map((kind) => kind.kind)
  const edges = kinds.flatMap((kind) => edgesOf(kind, wellKnown, all)).sort((left, right) => left.weight - right.weight)
  const above = new Map<string, Set<string>>(kinds.map((kind) => [kind.kind, new Set()]))
  const later = new Map<string, Set<string>>(kinds.map((kind) => [kind.kind, new Set()]))
  const linksAtOnce = new Map(kinds.map((kind) => [kind.kind, new Set(requiredLinks(kind).map(([name]) => name))]))
  const reaches = (from: string, goal: string, seen = new Set<string>()): boolean => {
    if (from === goal) return true
    if (seen.has(from)) return false
    seen.add(from)
    return [...(above.get(from) ?? [])].some((next) => reaches(next, goal, seen))
  }
  for (const { from, to, name, weight, isLink } of edges) {
    if (!above.has(to)) continue
    if (!reaches(to, from)) above.get(from)!.add(to)
    else if (isLink) linksAtOnce.get(from)!.delete(name)
    else if (weight > 0) later.get(from)!.add(name)
    else throw new Error(`The required reference ${from}.${name} closes a circle.`)
  }
  const sorted: string[] = []
  const place = (kind: string) => {
    if (sorted.includes(kind)) return
    for (const next of [...above.get(kind)!].sort()) place(next)
    sorted.push(kind)
  }
  for (const kind of [...above.keys()].sort()) place(kind)
  return { kinds: sorted, later, linksAtOnce }
}

const requiredLinks = (kind: RecordKind) => Object.entries(kind.links).filter(([, link]) => link.requiredFrom)

/** Weight 0: needed immediately; 1: needed from some state on; 2: optional. */
function edgesOf(kind: RecordKind, wellKnown: WellKnownKinds, all: readonly string[]): Edge[] {
  const from = kind.kind
  return [
    { from, to: wellKnown.organisation, name: 'organisation', weight: kind.organisation.requiredFrom ? 1 : 2 },
    // An organisation may hold a record until a post does, so the post can always come later.
    { from, to: wellKnown.post, name: 'owner', weight: 2 },
    ...Object.entries(kind.fields).flatMap(([name, field]) => {
      const targets = targetKinds(field)
      const weight = field.required ? 0 : field.requiredFrom ? 1 : 2
      return (targets === 'any' ? all : targets).map((to) => ({ from, to, name, weight }))
    }),
    ...requiredLinks(kind).flatMap(([name, link]) =>
      link.to.map((to) => ({ from, to, name, weight: 1, isLink: true })),
    ),
  ]
}
