/** What the columns of a list show of a page of records. */
import { isSingleReference } from '#kernel/fields/reference.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { AppContext } from '#platform/page.ts'
import { type Name, namesOf } from '#platform/records/index.ts'
import type { ListCell } from '#web/list/cell.tsx'
import { presenterOf, referencesIn } from '../presenter.ts'
import { type Asked, mayUse } from './address.ts'
import type { ComputedColumn, List, Load } from './declare.ts'
import { labelOf } from './filters.ts'

export type ShownColumn = {
  readonly name: string
  readonly label: string
  readonly numeric: boolean
  /** Holds the name of the record, which heads its row. */
  readonly names: boolean
  readonly computed?: ComputedColumn
}

/** Columns a reader may choose from: those that are shown unless asked otherwise, then those that can be added. */
export function columnsFor(ctx: AppContext, list: List): ShownColumn[] {
  const declared = [...list.columns, ...list.further].filter((each) =>
    mayUse(ctx, list, typeof each === 'string' ? each : each.name),
  )
  const first = declared.find((each) => typeof each !== 'string' && each.names)
  const of = (each: string | ComputedColumn): ShownColumn =>
    typeof each === 'string'
      ? {
          name: each,
          label: labelOf(ctx, list, each),
          numeric: ['whole', 'decimal', 'percent', 'money', 'quantity'].includes(list.kind.fields[each]?.type ?? ''),
          names: first === undefined && each === 'title',
        }
      : {
          name: each.name,
          label: presenterOf(ctx).say(each.label),
          numeric: each.numeric ?? false,
          names: each === first,
          computed: each,
        }
  return declared.map(of)
}

/** Those the address asks for, else those declared; the one that names the row always stays. */
export function columnsShown(ctx: AppContext, list: List, { columns }: Pick<Asked, 'columns'>): ShownColumn[] {
  const all = columnsFor(ctx, list)
  const further = new Set(list.further.map((each) => (typeof each === 'string' ? each : each.name)))
  if (!columns) return all.filter((each) => !further.has(each.name))
  return all.filter((each) => each.names || columns.includes(each.name))
}

export type ShownRow = { readonly record: AnyRecord; readonly cells: Readonly<Record<string, ListCell>> }

/** The cells of some records: a fixed number of statements. */
export async function rowsShown(
  ctx: AppContext,
  list: List,
  columns: readonly ShownColumn[],
  records: readonly AnyRecord[],
): Promise<ShownRow[]> {
  const ids = records.map(({ id }) => id)
  const fields = Object.fromEntries(
    Object.entries(list.kind.fields).filter(([name]) => columns.some((each) => each.name === name)),
  )
  const loads = new Map<Load<unknown>, Promise<ReadonlyMap<string, unknown>>>()
  for (const { computed } of columns)
    if (computed && !loads.has(computed.load)) loads.set(computed.load, computed.load(ctx, ids))
  const [names, ...loaded] = await Promise.all([
    namesOf(
      ctx,
      records.flatMap((row) => [row.organisation, row.owner, ...referencesIn(fields, row)]),
    ),
    ...loads.values(),
  ])
  const values = new Map([...loads.keys()].map((load, index) => [load, loaded[index]!]))
  const cellOf = ({ name, computed }: ShownColumn, record: AnyRecord): ListCell => {
    if (!computed) return fieldCell(ctx, list, name, record, names)
    const found = values.get(computed.load)!.get(record.id)
    return found === undefined ? { as: 'nothing' } : computed.cell(found as never, ctx)
  }
  return records.map((record) => ({
    record,
    cells: Object.fromEntries(columns.map((column) => [column.name, cellOf(column, record)])),
  }))
}

const audienceIcons = { restricted: 'lock', organisation: 'building', partners: 'people', public: 'globe' } as const
const stages = {
  draft: { icon: 'pencil', tone: 'open' },
  'under-way': { icon: 'flag', tone: 'accent' },
  ended: { icon: 'pause', tone: 'quiet' },
} as const

function fieldCell(
  ctx: AppContext,
  { kind }: List,
  name: string,
  record: AnyRecord,
  names: ReadonlyMap<string, Name>,
): ListCell {
  const presenter = presenterOf(ctx)
  switch (name) {
    case 'title':
      return { as: 'link', ...presenter.named(record) }
    case 'code':
      return { as: 'text', text: record.code }
    case 'state':
      return {
        as: 'badge',
        text: presenter.state(kind.kind, record.state),
        ...stages[presenter.stage(kind.kind, record.state)],
      }
    case 'audience':
      return {
        as: 'badge',
        text: presenter.say(`web.audience.${record.audience}`),
        icon: audienceIcons[record.audience],
        tone: record.audience === 'public' ? 'accent' : 'quiet',
      }
    case 'organisation':
    case 'owner':
      return record[name] ? presenter.reference(record[name], names) : { as: 'nothing' }
    case 'createdAt':
    case 'changedAt':
      return { as: 'instant', at: record[name], text: presenter.instant(record[name]) }
    default:
      return presenter.value(kind.fields[name]!, `${kind.kind}.choice.${name}`, record[name], names)
  }
}

/** A field whose value a spreadsheet should have as it is kept, to count with it. */
export const isExact = ({ kind }: List, name: string): boolean => {
  const field = kind.fields[name]
  if (!field || isSingleReference(field)) return false
  const { compared } = fieldType(field.type)
  return ['whole', 'decimal', 'day'].includes(compared(field)['']?.as ?? '') && !Object.hasOwn(compared(field), 'to')
}
