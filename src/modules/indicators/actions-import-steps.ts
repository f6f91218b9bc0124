/** Indicators of an imported file with their measurements and targets, checked against what is stored. */
import { sql } from 'kysely'
import type { WriteContext } from '#platform/context.ts'
import {
  type ExistingRecord,
  existingRecords,
  type FindNamed,
  type Group,
  type ImportProblem,
  linksToKeep,
  localizedChange,
  type Planned,
  RecordNames,
  type Step,
} from '#platform/imports/index.ts'
import { newId, type RowValues, readableRows } from '#platform/records/index.ts'
import { nearest, type Profile } from '#platform/tabular/index.ts'
import { type IndicatorContent, type MeasurementContent, steps, type TargetContent } from './actions-import-content.ts'
import type { ImportTally } from './actions-import-notes.ts'
import type { RowReader } from './actions-import-read.ts'
import { indicator } from './records.ts'

const kind = indicator.kind
type Item = Group<IndicatorContent>['items'][number]
type Placed<Row> = { readonly row: Row; readonly line: number }
type Opened = { readonly key: string; readonly content: IndicatorContent; readonly line: number; readonly slot: string }

/** Fields of an indicator with text by language. */
const localized = Object.entries(indicator.fields).flatMap(([name, field]) => (field.localized ? [name] : []))

export class IndicatorSteps {
  readonly #source: string
  readonly #profile: Profile
  readonly #reader: RowReader
  readonly #find: FindNamed
  readonly #tally: ImportTally
  /** Parent indicators of parts, by organisation and title. */
  readonly #parents = new Map<string, string>()
  #posts: RecordNames | null = null
  /** The first line of the record being read, if its lines fill more than one page. */
  #open: Opened | null = null
  #id: { key: string; id: string } | null = null
  #known: string[] | null = null

  constructor(profile: Profile, reader: RowReader, find: FindNamed, tally: ImportTally) {
    this.#source = profile.externalId?.source ?? ''
    this.#profile = profile
    this.#reader = reader
    this.#find = find
    this.#tally = tally
  }

  begin(): void {
    this.#parents.clear()
    this.#posts = null
    this.#open = null
    this.#id = null
    this.#known = null
  }

  steps(): Step[] {
    const plan = (ctx: WriteContext, groups: ReadonlyArray<Group<IndicatorContent>>) => this.#planAll(ctx, groups)
    return [steps.indicator, steps.part].map((step) => ({
      step,
      shared: false,
      plan: plan as unknown as Step['plan'],
    }))
  }

  async #planAll(ctx: WriteContext, groups: ReadonlyArray<Group<IndicatorContent>>): Promise<Planned[]> {
    const met = await existingRecords(ctx, kind, this.#source, [
      ...new Set(groups.map((group) => group.items[0]!.content.id)),
    ])
    const known = [...met.values()].flatMap((each) => (each === 'hidden' ? [] : [each.id]))
    const kept = await linksToKeep(ctx, `${kind}.measures`, this.#source, known)
    if (groups.some((group) => group.items.some((item) => item.content.owner !== null)))
      this.#posts ??= await RecordNames.load(ctx, 'directory.post')
    const planned: Array<Planned & { measurements: ReadonlyArray<Placed<RowValues>> }> = []
    for (const group of groups) {
      const found = met.get(group.items[0]!.content.id)
      planned.push(await this.#planOne(ctx, group, found, kept))
    }
    await this.#countRevisions(ctx, planned)
    return planned
  }

  async #planOne(
    ctx: WriteContext,
    group: Group<IndicatorContent>,
    found: ExistingRecord | 'hidden' | undefined,
    kept: Map<string, Array<{ to: string }>>,
  ): Promise<Planned & { measurements: ReadonlyArray<Placed<RowValues>> }> {
    const problems: ImportProblem[] = []
    const items: Item[] = []
    for (const item of group.items) {
      const wrong = this.#checkItem(group, item, found)
      if (wrong.length > 0) problems.push(...wrong)
      else items.push(item)
    }
    const refused = { key: group.key, change: null, lines: [], problems, measurements: [] }
    const first = items[0]
    if (!first || found === 'hidden') return refused
    const before = found ?? null
    const already = this.#id?.key === group.key ? this.#id.id : null
    if (!before && !already && first.content.fields.title === undefined) {
      for (const item of items) problems.push(await this.#unknownIndicator(ctx, item))
      return refused
    }
    const id = before?.id ?? already ?? newId()
    this.#id = { key: group.key, id }
    const { content } = first
    const measurements = items.flatMap((item) =>
      item.content.measurements.map((row) => ({ row: measurementRow(row), line: item.line, column: row.column })),
    )
    const targets = uniqueTargets(items)
    const create = !before && !already
    const values = create || group.first ? this.#values(ctx, content, items, before, kept) : {}
    if (content.part && values.breakdownOf) this.#tally.partsWithParent += 1
    const parent = `${content.organisation ?? ''}|${String(content.fields.title ?? '')}`
    if (!content.part && this.#reader.parents.has(parent) && !this.#parents.has(parent)) this.#parents.set(parent, id)
    const rows = {
      ...(measurements.length > 0 ? { measurement: { set: measurements.map((each) => each.row) } } : {}),
      ...(targets.length > 0 ? { target: { set: targets.map((each) => each.row) } } : {}),
    }
    return {
      key: group.key,
      lines: items.map((item) => item.line),
      problems,
      measurements,
      columnOf: (at) => this.#columnOf(at),
      placeOf: (at) => {
        const [, part, table, place] = at.split('/')
        if (part !== 'rows') return null
        const placed = (table === 'measurement' ? measurements : targets)[Number(place)]
        return placed ? { line: placed.line, column: placed.column } : null
      },
      change: {
        kind,
        action: create ? 'create' : 'change',
        id,
        ...(create || Object.keys(values).length > 0 ? { values } : {}),
        ...(Object.keys(rows).length > 0 ? { rows } : {}),
      },
    }
  }

  #values(
    ctx: WriteContext,
    content: IndicatorContent,
    items: readonly Item[],
    before: ExistingRecord | null,
    kept: Map<string, Array<{ to: string }>>,
  ): Record<string, unknown> {
    const { fields } = content
    const values: Record<string, unknown> = { ...fields }
    const language = ctx.registry.language
    for (const name of ['title', ...localized]) {
      const text = values[name]
      delete values[name]
      const change = typeof text === 'string' ? localizedChange(text, before?.record[name], language) : undefined
      if (change) values[name] = change
    }
    const organisation = this.#idOf('organisation', content.organisation)
    if (organisation) values.organisation = organisation
    const owner = this.#owner(content, organisation)
    if (owner) values.owner = owner
    const measures = this.#idOf('objective', content.objective) ?? this.#idOf('outcome', content.outcome)
    if (measures)
      values.links = {
        measures: [...(before ? (kept.get(before.id) ?? []) : []).map(({ to }) => ({ to })), { to: measures }],
      }
    if (content.part) {
      const parent = this.#parents.get(content.part.of)
      if (parent) values.breakdownOf = parent
      values.breakdownCell = content.part.cell
    }
    const grains = new Set(items.flatMap((item) => item.content.measurements.map((each) => each.grain)))
    const [grain] = grains
    const isOpen = (name: string) => !before || before.record[name] === null
    if (grain !== undefined && grains.size === 1 && fields.grain === undefined && isOpen('grain')) {
      values.grain = grain
      const fiscal = this.#profile.fiscalYear
      if (fiscal && grain !== 'day' && grain !== 'week' && isOpen('fiscalStartMonth'))
        Object.assign(values, { fiscalStartMonth: fiscal.startMonth, fiscalNamedBy: fiscal.namedBy })
    }
    if (before) return values
    return {
      ...values,
      direction: values.direction ?? 'not-agreed',
      externalIds: [{ source: this.#source, id: content.id }],
    }
  }

  #idOf(name: string, key: string | null): string | null {
    const found = this.#find(name, key)
    return typeof found === 'string' ? found : null
  }

  #owner(content: IndicatorContent, organisation: string | null): string | null {
    const name = content.owner?.post ?? content.owner?.id
    if (!name) return null
    const found = this.#posts!.find(name, organisation)
    return found && found !== 'ambiguous' ? found.id : null
  }

  /** What is wrong with one line before the gate sees it. */
  #checkItem(
    group: Group<IndicatorContent>,
    item: Item,
    found: ExistingRecord | 'hidden' | undefined,
  ): ImportProblem[] {
    const problems: ImportProblem[] = []
    const { content, line, slot } = item
    const add = (code: string, target: string | null, values: Record<string, string | number> = {}) =>
      problems.push({ row: line, column: target === null ? null : this.#column(target), code, values })
    if (content.id.length > 200) add('import.identifier-too-long', null, { limit: 200 })
    if (found === 'hidden') add('import.not-yours', null)
    else if (found?.retired) add('import.retired', null)
    const opened = this.#open?.key === group.key ? this.#open : null
    if (opened && opened.slot === slot) {
      const wide = slot === ''
      add(wide ? 'import.duplicate-id' : 'import.duplicate-value', null, {
        id: content.id,
        first: opened.line,
        what: slot.split('|')[0] || content.measurements[0]?.label || '',
      })
      return problems
    }
    if (opened) this.#checkSame(opened, content, add)
    const named = (['organisation', 'objective', 'outcome'] as const).map((name) => this.#find(name, content[name]))
    // Only one is reported: if a record is missing, its parents usually are too.
    const missing = named.find((each) => each !== null && typeof each === 'object')
    if (missing && typeof missing === 'object') problems.push({ row: line, ...missing })
    this.#checkOwner(content, this.#idOf('organisation', content.organisation), add)
    const unit = found && found !== 'hidden' ? found.record.unit : null
    if (typeof unit === 'string' && content.fields.unit !== undefined && content.fields.unit !== unit)
      add('import.unit-differs', 'indicator.unit', { text: String(content.fields.unit), unit })
    if (problems.length === 0) this.#open = { key: group.key, content: opened?.content ?? content, line, slot }
    return problems
  }

  #checkOwner(content: IndicatorContent, organisation: string | null, add: Add): void {
    const name = content.owner?.post ?? content.owner?.id
    if (!name) return
    const found = this.#posts!.find(name, organisation)
    if (found === 'ambiguous') add('import.ambiguous-post', 'owner.post', { text: name })
    else if (found === null)
      add('import.unknown-post', 'owner.post', { text: name, nearest: this.#posts!.nearest(name) })
  }

  /** All lines of an indicator must say the same about it. */
  #checkSame(opened: Opened, content: IndicatorContent, add: Add): void {
    for (const [name, value] of Object.entries(content.fields)) {
      const other = opened.content.fields[name as keyof IndicatorContent['fields']]
      if (other !== undefined && other !== value)
        add('import.differs', `indicator.${name}`, { text: String(value), other: String(other), first: opened.line })
    }
  }

  async #unknownIndicator(ctx: WriteContext, item: Item): Promise<ImportProblem> {
    this.#known ??= (
      await sql<{
        id: string
      }>`select id from records."externalId" where source = ${this.#source} and kind = ${kind} limit 5000`.execute(
        ctx.db,
      )
    ).rows.map((row) => row.id)
    const values = { text: item.content.id, nearest: nearest(item.content.id, this.#known) }
    return { row: item.line, column: this.#idColumn(), code: 'import.unknown-indicator', values }
  }

  /** A correction increments the value's revision; the earlier value is in the history. */
  async #countRevisions(
    ctx: WriteContext,
    planned: ReadonlyArray<Planned & { measurements: ReadonlyArray<Placed<RowValues>> }>,
  ): Promise<void> {
    const changing = planned.filter((each) => each.change?.action === 'change' && each.measurements.length > 0)
    if (changing.length > 0) {
      const keys = changing.flatMap((each) =>
        each.measurements.map(({ row }) => ({ record: each.change!.id, cell: row.cell, from: row.from, to: row.to })),
      )
      const { rows } = await sql<RowValues & { record: string }>`
        select m.* from ${readableRows(ctx, indicator.kind, 'measurement', { retired: true })} m
        join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(record uuid, cell text, "from" date, "to" date)
          on m.record = k.record and m.cell = k.cell and m."from" = k."from" and m."to" = k."to"`.execute(ctx.db)
      const slot = (record: unknown, row: RowValues) => `${record} ${row.cell} ${row.from} ${row.to}`
      const stored = new Map(rows.map((row) => [slot(row.record, row), row]))
      for (const each of changing)
        for (const { row } of each.measurements) {
          const before = stored.get(slot(each.change!.id, row))
          if (!before) row.revision = 1
          else if (counted.some((name) => row[name] !== undefined && row[name] !== before[name]))
            row.revision = Number(before.revision ?? 1) + 1
        }
    }
    for (const each of planned)
      if (each.change?.action === 'create') for (const { row } of each.measurements) row.revision = 1
  }

  #column(target: string): string | null {
    const { columns } = this.#reader.mapped
    return columns.get(target) ?? columns.get(target.replace(/\.(name|post)$/, '.id')) ?? null
  }

  #columnOf(at: string): string | null {
    const name = at.split('/')[1] ?? ''
    if (name === 'organisation') return this.#column('organisation.name')
    if (name === 'owner') return this.#column('owner.post')
    if (name === 'links') return this.#column('objective.title') ?? this.#column('outcome.title')
    if (name === 'externalIds') return this.#idColumn()
    return this.#column(`indicator.${name}`) ?? null
  }

  #idColumn(): string | null {
    return this.#profile.externalId?.columns?.[0] ?? null
  }
}

type Add = (code: string, target: string | null, values?: Record<string, string | number>) => void

const counted = ['value', 'numerator', 'denominator', 'status'] as const

/** Only what the file states: a note added by hand stays. */
const measurementRow = (each: MeasurementContent): RowValues => ({
  cell: each.cell,
  from: each.from,
  to: each.to,
  label: each.label,
  status: each.status,
  ...(each.value === null ? {} : { value: each.value }),
  ...(each.numerator === null ? {} : { numerator: each.numerator }),
  ...(each.denominator === null ? {} : { denominator: each.denominator }),
  ...(each.note === null ? {} : { note: each.note }),
  raw: each.raw,
})

/** The same target repeated in every row of a long table is one target. */
function uniqueTargets(items: readonly Item[]): Array<{ row: RowValues; line: number; column: string }> {
  const found = new Map<string, { row: RowValues; line: number; column: string }>()
  for (const { content, line } of items)
    for (const target of content.targets) {
      const slot = `${target.cell}|${target.targetKind}|${target.from}|${target.setOn}`
      if (!found.has(slot)) found.set(slot, { row: targetRow(target), line, column: target.column })
    }
  return [...found.values()]
}

function targetRow({ column: _, ...target }: TargetContent): RowValues {
  return Object.fromEntries(Object.entries(target).filter(([, value]) => value !== null))
}
