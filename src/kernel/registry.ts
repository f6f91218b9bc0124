/**
 * The declarations of all modules joined and checked together: every reference and link must name a kind that
 * exists, and no two kinds may share a code or an address. One registry is built when the program starts.
 */

import { assertCheck, type Check, type RowCheck } from './check.ts'
import { targetKinds } from './fields/reference.ts'
import { addressOf } from './projections/endpoints.ts'
import { type Parser, rowSchema, valueParser, writeSchema } from './projections/parser.ts'
import { nameOf, type RecordKind, schemaOf } from './record.ts'
import { assertVerb, type Block, type Verb } from './verb.ts'
import type { Language, Words } from './words.ts'

export type KnownKind = {
  readonly declaration: RecordKind
  readonly create: Parser
  readonly change: Parser
  readonly rowParsers: Readonly<Record<string, Parser>>
  readonly checks: readonly Check[]
  /** Rules for rows, by the name of their table. */
  readonly rowChecks: Readonly<Record<string, readonly RowCheck[]>>
  readonly verbs: readonly Verb[]
  /** What other rooms hold against verbs of this kind. */
  readonly blocks: readonly Block[]
}

/**
 * Kinds that every record, and every part of the machinery, may need to name. The one place below the rooms that knows
 * them.
 */
export type WellKnownKinds = {
  /** What `organisation` of every record points to. */
  readonly organisation: string
  /** What `owner` of every record points to. */
  readonly post: string
  /** What is exported and imported whole, with everything that belongs to it. */
  readonly plan: string
}

export type Registry = {
  readonly wellKnown: WellKnownKinds
  readonly kinds: ReadonlyMap<string, KnownKind>
  readonly kind: (name: string) => KnownKind
  /** Link names that lead towards the vision when followed from → to, and those that do so when followed to → from. */
  readonly towardsVision: { readonly forward: readonly string[]; readonly backward: readonly string[] }
  readonly words: Words
  /** The language the city always writes. */
  readonly language: Language
  /** Changes that language, when the city is founded or the demo city leaves. */
  readonly setLanguage: (language: Language) => void
}

export type RegistryParts = {
  readonly kinds: readonly RecordKind[]
  readonly checks: readonly Check[]
  readonly rowChecks?: readonly RowCheck[]
  readonly verbs: readonly Verb[]
  readonly blocks?: readonly Block[]
  readonly words: Words
  readonly language: Language
  readonly wellKnown: WellKnownKinds
}

/** Actions the gate knows for every kind, and names used in addresses: no verb may be called by one of them. */
const actions = [
  ...['create', 'change', 'retire', 'restore', 'publish', 'withdraw', 'erase', 'undo'],
  ...['read', 'manage', 'bulk', 'history'],
]

/** Joins declarations; throws, naming whatever does not fit. */
export function createRegistry(parts: RegistryParts): Registry {
  const names = new Set(parts.kinds.map((kind) => kind.kind))
  const unique = (what: string, values: string[]) => {
    const seen = new Set<string>()
    for (const value of values) {
      if (seen.has(value)) throw new Error(`Two kinds share the ${what} "${value}".`)
      seen.add(value)
    }
  }
  unique(
    'name',
    parts.kinds.map((kind) => kind.kind),
  )
  unique(
    'code',
    parts.kinds.map((kind) => kind.code),
  )
  unique('address', parts.kinds.map(addressOf))
  unique(
    'table',
    parts.kinds.flatMap((kind) =>
      [nameOf(kind.kind), ...Object.keys(kind.rows)].map((table) => `${schemaOf(kind.kind)}.${table}`),
    ),
  )
  let spoken = parts.language
  const forward: string[] = []
  const backward: string[] = []
  for (const kind of parts.kinds) {
    const tables = [
      ['', kind.fields] as const,
      ...Object.entries(kind.rows).map(([name, each]) => [`${name}.`, each.fields] as const),
    ]
    for (const [table, fields] of tables)
      for (const [name, field] of Object.entries(fields)) {
        const targets = targetKinds(field)
        for (const to of targets === 'any' ? [] : targets)
          if (!names.has(to)) throw new Error(`${kind.kind}.${table}${name} points to ${to}, which no module declares.`)
      }
    for (const [name, link] of Object.entries(kind.links)) {
      for (const to of link.to)
        if (!names.has(to)) throw new Error(`${kind.kind}.${name} links to ${to}, which no module declares.`)
      const full = `${kind.kind}.${name}`
      if (link.towards === 'vision') forward.push(full)
      else backward.push(full)
    }
  }
  for (const verb of parts.verbs) {
    const kind = parts.kinds.find((each) => each.kind === verb.kind)
    if (!kind) throw new Error(`The verb ${verb.name} is for ${verb.kind}, which no module declares.`)
    if (actions.includes(verb.name))
      throw new Error(
        `The verb ${verb.kind}.${verb.name} needs a name of its own: ${actions.join(', ')} are taken by every kind.`,
      )
    if (!/^[a-z][A-Za-z-]*$/.test(verb.name))
      throw new Error(
        `The verb ${verb.kind}.${verb.name} needs a name that begins with a small letter and has no other signs.`,
      )
    if (parts.verbs.some((each) => each !== verb && each.kind === verb.kind && each.name === verb.name))
      throw new Error(`The verb ${verb.kind}.${verb.name} is declared twice.`)
    assertVerb(kind, verb)
  }
  for (const { on, verb } of parts.blocks ?? [])
    if (!parts.verbs.some((each) => each.kind === on && each.name === verb))
      throw new Error(`A block is on the verb ${on}.${verb}, which no module declares.`)
  const declared = (name: string) => parts.kinds.find((each) => each.kind === name)
  for (const { kind, needs } of parts.checks) {
    const known = declared(kind)
    if (!known) throw new Error(`There is a check for ${kind}, which no module declares.`)
    assertCheck(known, needs, declared)
  }
  for (const { kind, rows } of parts.rowChecks ?? [])
    if (!parts.kinds.some((each) => each.kind === kind && Object.hasOwn(each.rows, rows)))
      throw new Error(`There is a check for the rows ${kind}/${rows}, which no module declares.`)
  const kinds = new Map<string, KnownKind>(
    parts.kinds.map((declaration) => [
      declaration.kind,
      {
        declaration,
        create: valueParser(writeSchema(declaration, 'create'), declaration.fields),
        change: valueParser(writeSchema(declaration, 'change'), declaration.fields),
        rowParsers: Object.fromEntries(
          Object.entries(declaration.rows).map(([name, each]) => [
            name,
            valueParser(rowSchema(each.fields), each.fields),
          ]),
        ),
        checks: parts.checks.filter((each) => each.kind === declaration.kind),
        rowChecks: Object.fromEntries(
          Object.keys(declaration.rows).map((name) => [
            name,
            (parts.rowChecks ?? []).filter((each) => each.kind === declaration.kind && each.rows === name),
          ]),
        ),
        verbs: parts.verbs.filter((verb) => verb.kind === declaration.kind),
        blocks: (parts.blocks ?? []).filter((block) => block.on === declaration.kind),
      },
    ]),
  )
  return {
    wellKnown: parts.wellKnown,
    kinds,
    kind: (name) => {
      const found = kinds.get(name)
      if (!found) throw new Error(`There is no kind "${name}".`)
      return found
    },
    towardsVision: { forward, backward },
    words: parts.words,
    get language() {
      return spoken
    },
    setLanguage: (language) => {
      spoken = language
    },
  }
}
