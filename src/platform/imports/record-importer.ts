/**
 * Import of records of any kind: a row is a record, and a column is a field, reference or link of the declaration.
 * Rooms with richer files (series of values) add an importer of their own.
 */
import type { RecordKind } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import { type Language, languages } from '#kernel/words.ts'
import type { WriteContext } from '../context.ts'
import type { Change, LinkEnd } from '../records/index.ts'
import { newId } from '../records/index.ts'
import { type CellValue, type ConvertedRow, nearest, type Profile, type Row, rulesOf } from '../tabular/index.ts'
import { type ExistingRecord, existingRecords, type Localized, linksToKeep, localizedChange } from './known.ts'
import type { ImportProblem } from './problems.ts'
import { type EndRequest, RecordEnds, type ResolvedEnds } from './record-ends.ts'
import { fieldValue, isItsOwnOrganisation, partsOf, type RecordTarget, recordTargets } from './record-targets.ts'
import type { Group, Importer, Planned, ReadRow, RowPreview } from './steps.ts'

/** First the records, then what they say about records of their own kind, which may come later in the file. */
const steps = { record: 1, own: 2 } as const
const maxIdLength = 200

/** What a row says, as staged: plain values by target. */
type Content = { readonly id: string; readonly code: string | null; readonly said: Readonly<Record<string, CellValue>> }

/** What rows of a table become with a mapping to one kind. */
export function recordImporter(registry: Registry, profile: Profile, header: readonly string[]): Importer {
  const kind = registry.kinds.get(profile.kind ?? '')?.declaration
  if (!kind) {
    const values = { kind: profile.kind ?? '', nearest: nearest(profile.kind ?? '', registry.kinds.keys()) }
    return empty([{ row: null, column: null, code: 'import.profile-unknown-kind', values }])
  }
  return new RecordImport(registry, kind, profile, header).importer()
}

const empty = (problems: readonly ImportProblem[]): Importer => ({
  problems,
  read: () => ({ items: [], problems: [] }),
  shown: () => [],
  steps: [],
  begin: async () => {},
  notes: () => [],
})

class RecordImport {
  readonly #registry: Registry
  readonly #kind: RecordKind
  readonly #source: string
  readonly #columns: ReadonlyMap<string, string>
  readonly #problems: readonly ImportProblem[]
  readonly #targets: ReadonlyMap<string, RecordTarget>
  /** Targets the mapping fills. */
  readonly #used: readonly string[]
  readonly #ends: RecordEnds
  /** Records of this round by key. */
  readonly #ids = new Map<string, string>()

  constructor(registry: Registry, kind: RecordKind, profile: Profile, header: readonly string[]) {
    this.#registry = registry
    this.#kind = kind
    this.#source = profile.externalId?.source ?? ''
    this.#targets = recordTargets(kind, registry.wellKnown)
    const columns = new Map<string, string>()
    for (const [column, entry] of Object.entries(profile.columns))
      for (const rule of rulesOf(entry))
        for (const to of [rule.to, ...(rule.split?.into ?? [])]) if (!columns.has(to)) columns.set(to, column)
    this.#columns = columns
    const all = new Set([
      ...columns.keys(),
      ...Object.keys(profile.constants ?? {}),
      ...(profile.set ?? []).flatMap(({ values }) => Object.keys(values)),
    ])
    this.#used = [...all].filter((to) => this.#targets.has(to))
    this.#problems = this.#check(profile, all, header)
    this.#ends = new RecordEnds(this.#source)
  }

  #check(profile: Profile, all: ReadonlySet<string>, header: readonly string[]): ImportProblem[] {
    const problems: ImportProblem[] = []
    const add = (what: string, values: Record<string, string | number> = {}) =>
      problems.push({ row: null, column: null, code: `import.profile-${what}`, values })
    if (!profile.externalId && !all.has('code')) add('no-identity')
    for (const to of all)
      if (!this.#targets.has(to)) {
        const name = this.#columns.get(to) ?? ''
        const hint = nearest(to, this.#targets.keys())
        add('unknown-target', {
          target: to,
          kind: this.#kind.kind,
          nearest: hint,
          name: header.includes(name) ? name : to,
        })
      }
    if (!this.#used.includes('title') && !this.#used.includes('code')) add('no-title', { kind: this.#kind.kind })
    return problems
  }

  importer(): Importer {
    const deferred = this.#used.some((target) => this.#isDeferred(target))
    const step = (number: number, plan: typeof this.planRecords) => ({
      ...{ step: number, shared: false },
      plan: plan.bind(this) as unknown as Importer['steps'][number]['plan'],
      saved: (key: string, id: string | null) => {
        if (id === null) this.#ids.delete(key)
        else this.#ids.set(key, id)
      },
    })
    return {
      problems: this.#problems,
      read: (row, converted) => this.#read(row, converted, deferred),
      shown: (_, { values }) => [shownRow(this.#kind.kind, values)],
      steps: [step(steps.record, this.planRecords), ...(deferred ? [step(steps.own, this.planOwn)] : [])],
      begin: async () => {
        this.#ids.clear()
        this.#ends.begin()
      },
      notes: () => [],
    }
  }

  /** Does the target point at records of the same kind, which may come later in the file? */
  #isDeferred(name: string): boolean {
    const target = this.#targets.get(name)
    if (target?.what === 'weight') return this.#isDeferred(`links.${target.name}`)
    return (target?.what === 'reference' || target?.what === 'link') && target.kinds.includes(this.#kind.kind)
  }

  #read(row: Row, { values, externalId }: ConvertedRow, deferred: boolean): ReadRow {
    const code = textOf(values.code)
    const id = externalId?.id ?? ''
    if (id === '' && code === null) return { items: [], problems: [] }
    const problems: ImportProblem[] = []
    const at = { row: row.number, column: null }
    if (id.length > maxIdLength)
      problems.push({ ...at, code: 'import.identifier-too-long', values: { limit: maxIdLength } })
    const said: Record<string, CellValue> = {}
    for (const name of this.#used) if (values[name] !== undefined && values[name] !== null) said[name] = values[name]
    const content: Content = { id, code, said }
    const key = (code === null ? `id ${id}` : `code ${code}`).slice(0, 400)
    const item = { key, slot: '', line: row.number, content }
    return {
      items: [
        { ...item, step: steps.record },
        ...(deferred && Object.keys(said).some((name) => this.#isDeferred(name)) ? [{ ...item, step: steps.own }] : []),
      ],
      problems,
    }
  }

  async planRecords(ctx: WriteContext, groups: ReadonlyArray<Group<Content>>): Promise<Planned[]> {
    return this.#plan(ctx, groups, false)
  }

  async planOwn(ctx: WriteContext, groups: ReadonlyArray<Group<Content>>): Promise<Planned[]> {
    // A refused record has nothing to add.
    const there = groups.filter((group) => this.#ids.has(group.key))
    const planned = new Map((await this.#plan(ctx, there, true)).map((each) => [each.key, each]))
    return groups.map(
      (group) => planned.get(group.key) ?? { key: group.key, change: null, lines: linesOf(group), problems: [] },
    )
  }

  async #plan(ctx: WriteContext, groups: ReadonlyArray<Group<Content>>, own: boolean): Promise<Planned[]> {
    const contents = groups.map(joined)
    const met = await this.#meet(ctx, contents)
    const stored = contents.flatMap((_, index) => {
      const each = met[index]
      return each && each !== 'hidden' ? [each.id] : []
    })
    const names = this.#used.filter((name) => this.#isDeferred(name) === own)
    const links = names.flatMap((name) => {
      const target = this.#targets.get(name)
      return target?.what === 'link' ? [target.name] : []
    })
    const kept = new Map<string, Awaited<ReturnType<typeof linksToKeep>>>()
    for (const name of links) kept.set(name, await linksToKeep(ctx, `${this.#kind.kind}.${name}`, this.#source, stored))
    const ends = await this.#ends.find(ctx, this.#asked(contents, names))
    return groups.map((group, index) => {
      const content = contents[index]!
      const problems: ImportProblem[] = this.#repeated(group)
      const found = met[index]
      const line = group.items[0]!.line
      const lines = [line]
      const refused = (code: string, values: Record<string, string> = {}) => ({
        ...{ key: group.key, change: null, lines },
        problems: [...problems, { row: line, column: this.#columns.get('code') ?? null, code, values }],
      })
      if (found === 'hidden') return refused('import.not-yours')
      if (found?.retired) return refused('import.retired')
      if (!found && content.code !== null) return refused('import.unknown-code', { text: content.code })
      const given = this.#values(content, names, found ?? null, { ends, kept, line }, problems)
      if (problems.some((problem) => problem.row === line)) return { key: group.key, change: null, lines, problems }
      const id = found?.id ?? newId()
      return {
        ...{ key: group.key, lines, problems },
        columnOf: (at: string) => this.#columnOf(at),
        change: this.#change(id, found ?? null, content, given, own),
      }
    })
  }

  #change(
    id: string,
    found: ExistingRecord | null,
    content: Content,
    given: Readonly<Record<string, unknown>>,
    own: boolean,
  ): Change {
    const base = { kind: this.#kind.kind, id }
    if (found || own) return { ...base, action: 'change', values: given }
    const body = isItsOwnOrganisation(this.#kind, this.#registry.wellKnown) ? { organisation: id } : {}
    const externalIds = content.id === '' ? {} : { externalIds: [{ source: this.#source, id: content.id }] }
    return { ...base, action: 'create', values: { ...body, ...given, ...externalIds } }
  }

  /** The stored record for the identity or code of each row. */
  async #meet(ctx: WriteContext, contents: readonly Content[]): Promise<Array<ExistingRecord | 'hidden' | undefined>> {
    const ids = contents.flatMap(({ id, code }) => (code === null && id !== '' ? [id] : []))
    const codes = contents.flatMap(({ code }) => (code === null ? [] : [code]))
    const byId = await existingRecords(ctx, this.#kind.kind, this.#source, ids)
    const byCode = await this.#ends.byCode(ctx, this.#kind.kind, codes)
    return contents.map(({ id, code }) => (code === null ? byId.get(id) : byCode.get(code)))
  }

  /** Several rows may describe one record, each in part; a contradiction is reported. */
  #repeated(group: Group<Content>): ImportProblem[] {
    const [first, ...others] = group.items
    const { said, code, id } = joined(group)
    return others
      .filter(({ content }) => Object.entries(content.said).some(([name, cell]) => textOf(cell) !== textOf(said[name])))
      .map(({ line }) => ({
        ...{ row: line, column: null, code: 'import.duplicate-id' },
        values: { id: code ?? id, first: first!.line },
      }))
  }

  #asked(contents: readonly Content[], names: readonly string[]): EndRequest[] {
    return names.flatMap((name) => {
      const target = this.#targets.get(name)
      if (target?.what !== 'reference' && target?.what !== 'link') return []
      const texts = contents.flatMap(({ said }) => {
        const text = textOf(said[name])
        return text === null ? [] : [text, ...(isMany(target) ? partsOf(text) : [])]
      })
      return [{ kinds: target.kinds, texts }]
    })
  }

  #values(
    content: Content,
    names: readonly string[],
    found: ExistingRecord | null,
    facts: { ends: ResolvedEnds; kept: Map<string, Map<string, LinkEnd[]>>; line: number },
    problems: ImportProblem[],
  ): Record<string, unknown> {
    const language = this.#registry.language
    const values: Record<string, unknown> = {}
    const texts: Record<string, Localized> = {}
    const links: Record<string, LinkEnd[]> = {}
    const parts: Record<string, Record<string, CellValue>> = {}
    const cellsOf = (name: string) => {
      parts[name] ??= {}
      return parts[name]
    }
    const say = (name: string, text: string, of: string) => {
      const before = texts[name] ?? (found?.record[name] as Localized | null) ?? {}
      const changed = localizedChange(text, before, of)
      if (changed) texts[name] = changed
    }
    for (const name of names) {
      const cell = content.said[name]
      const target = this.#targets.get(name)!
      if (cell === undefined) continue
      if (target.what === 'title') {
        if (this.#kind.title.localized) say('title', textOf(cell) ?? '', language)
        else values.title = textOf(cell)
      } else if (target.what === 'text') say(target.name, textOf(cell) ?? '', target.language)
      else if (target.what === 'field') {
        if (target.field.localized) say(target.name, textOf(cell) ?? '', language)
        else cellsOf(target.name)[''] = cell
      } else if (target.what === 'part') {
        cellsOf(target.name)[target.part] = cell
      } else if (target.what === 'reference') {
        const ids = this.#resolve(name, target, textOf(cell), facts, problems)
        if (ids.length > 0) values[target.name] = target.many ? ids : ids[0]
      } else if (target.what === 'link') {
        const to = this.#resolve(name, target, textOf(cell), facts, problems)
        const weight = textOf(content.said[`links.${target.name}.weight`])
        const before = found ? (facts.kept.get(target.name)?.get(found.id) ?? []) : []
        links[target.name] = [...before, ...to.map((each) => (weight === null ? { to: each } : { to: each, weight }))]
      }
    }
    for (const [name, cells] of Object.entries(parts))
      values[name] = fieldValue(this.#registry, this.#kind, name, this.#kind.fields[name]!, cells)
    return { ...values, ...texts, ...(Object.keys(links).length > 0 ? { links } : {}) }
  }

  /** Records that a text names: the whole text, or its parts if several are allowed. */
  #resolve(
    name: string,
    target: Extract<RecordTarget, { kinds: readonly string[] }>,
    text: string | null,
    { ends, line }: { ends: ResolvedEnds; line: number },
    problems: ImportProblem[],
  ): string[] {
    if (text === null) return []
    const whole = ends.of(target.kinds, text)
    const texts = typeof whole === 'string' || !isMany(target) ? [text] : partsOf(text)
    return texts.flatMap((each) => {
      const found = ends.of(target.kinds, each)
      if (typeof found === 'string') return [found]
      const values = { text: each, nearest: found.nearest, kind: target.kinds[0]! }
      const code = found.ambiguous ? 'import.ambiguous-name' : 'import.unknown-name'
      problems.push({ row: line, column: this.#columns.get(name) ?? null, code, values })
      return []
    })
  }

  #columnOf(at: string): string | null {
    const [, first = '', second = ''] = at.split('/')
    const name = first === 'links' ? `links.${second}` : first
    const localized = languages.includes(second as Language) ? this.#columns.get(`${name}.${second}`) : undefined
    // The amount of money stands in the column of the whole; other parts have columns of their own.
    return localized ?? this.#columns.get(`${name}.${second}`) ?? this.#columns.get(name) ?? null
  }
}

/** Everything the rows of one record say about it; the first row that says something counts. */
function joined({ items }: Group<Content>): Content {
  const said: Record<string, CellValue> = {}
  for (const { content } of items)
    for (const [name, cell] of Object.entries(content.said)) if (!(name in said)) said[name] = cell
  return { ...items[0]!.content, said }
}

const isMany = (target: RecordTarget): boolean => target.what === 'link' || (target.what === 'reference' && target.many)

const textOf = (value: CellValue | undefined): string | null => {
  if (value === null || value === undefined) return null
  const text = (typeof value === 'object' ? value.label : String(value)).trim()
  return text === '' ? null : text
}

/** What identifies the record, and everything else its row says. */
function shownRow(kind: string, { title, organisation, code, ...others }: ConvertedRow['values']): RowPreview {
  const texts = Object.values(others).flatMap((value) => textOf(value) ?? [])
  return {
    kind,
    title: textOf(title) ?? textOf(code) ?? '',
    organisation: textOf(organisation) ?? '',
    above: '',
    values: texts
      .slice(0, 6)
      .map((text) => text.slice(0, 80))
      .join(' · '),
    count: 0,
    more: [],
  }
}

const linesOf = (group: Group<unknown>) => group.items.map((item) => item.line)
