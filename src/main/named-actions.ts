/** Policies and findings name verbs, tables of rows and fields by string: what no kind has is refused at the start. */
import type { RecordKind } from '#kernel/record.ts'
import type { Act, Finding } from '#platform/finding.ts'
import type { Manifest } from '#platform/module.ts'

/** What may be done to records of every kind. */
const always = ['create', 'change', 'retire', 'publish', 'erase']

type Named = Pick<Manifest, 'kinds' | 'verbs' | 'policy' | 'findings'>

/** @throws Error naming the action, who names it, and what there is instead. */
export function checkNamedActions(rooms: readonly Named[]): void {
  const kinds = new Map(rooms.flatMap((room) => room.kinds ?? []).map((kind) => [kind.kind, kind]))
  const verbs = Map.groupBy(
    rooms.flatMap((room) => room.verbs ?? []),
    ({ kind }) => kind,
  )
  const verbsOf = (kind: RecordKind) => (verbs.get(kind.kind) ?? []).map(({ name }) => name)
  const actionsOf = (kind: RecordKind) => [...verbsOf(kind), ...Object.keys(kind.rows).map((name) => `rows.${name}`)]
  const fieldsOf = (kind: RecordKind) => ['title', 'owner', 'organisation', 'links', ...Object.keys(kind.fields)]
  /** Subjects that are not records, and kinds of rooms that a test leaves out, have actions that nobody can know. */
  const demand = (
    who: string,
    name: string,
    about: readonly string[],
    namesOf: (kind: RecordKind) => readonly string[],
  ) => {
    const known = about.flatMap((kind) => kinds.get(kind) ?? [])
    if (known.length < about.length) return
    const there = new Set(known.flatMap(namesOf))
    if (!there.has(name))
      throw new Error(`${who} names "${name}", which ${about.join(', ')} has not; there is ${[...there].join(', ')}.`)
  }
  for (const { actions, kinds: about } of rooms.flatMap((room) => room.policy ?? []))
    for (const action of actions)
      if (!always.includes(action)) demand(`A policy of ${about.join(', ')}`, action, about, actionsOf)
  const checkAct = (who: string, about: readonly string[], act: Act) => {
    if ('verb' in act) for (const verb of [act.verb].flat()) demand(who, verb, about, verbsOf)
    else if ('rows' in act) demand(who, act.rows, about, (kind) => Object.keys(kind.rows))
    else if ('edit' in act) {
      if (act.edit !== true) demand(who, act.edit, about, fieldsOf)
    } else if (!always.includes(act.may)) demand(who, act.may, act.on ? [act.on] : about, actionsOf)
  }
  for (const { key, kinds: about, act, together } of rooms.flatMap((room): readonly Finding[] => room.findings ?? [])) {
    if (about !== 'any') checkAct(`The finding ${key}`, about, act)
    if (together && !always.includes(together.may)) demand(`The finding ${key}`, together.may, [together.on], actionsOf)
  }
}
