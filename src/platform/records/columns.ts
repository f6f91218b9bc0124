/** The columns that lists compare and sort by, and their comparisons as SQL. */
import { type RawBuilder, sql } from 'kysely'
import { isDay } from '#kernel/day.ts'
import type { Compared, Comparison, Field } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { invalid } from '#kernel/problem.ts'
import { type Parser, parser } from '#kernel/projections/parser.ts'
import type { RecordKind } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'
import type { Context } from '../context.ts'
import { isId } from '../id.ts'

export type { Comparison }
export type Filter = {
  /** A field, or part of one: `budget.currency`. */
  readonly field: string
  readonly is: Comparison
  readonly value: string | readonly string[] | boolean
}

export type Column = {
  readonly by: RawBuilder<unknown>
  readonly type: string
  readonly sorts: boolean
  /** Whose column it is: the record's or its kind's. An index that serves an order holds the id of the same table. */
  readonly over: 'r' | 't'
  /** Never null. */
  readonly stated?: boolean
  /** The comparisons allowed, where not all are. */
  readonly comparisons?: readonly Comparison[]
  /** The one spelling of a value asked for. */
  readonly spelled?: (value: string) => string
  /** Can the field have such a value at all? */
  readonly possible?: (value: string) => boolean
}

/** PostgreSQL types of the compared values. */
const typesOf: Readonly<Record<Compared['as'], string>> = {
  ...{ text: 'text', whole: 'integer', decimal: 'numeric', day: 'date', instant: 'timestamptz', flag: 'boolean' },
  ...{ id: 'uuid', ids: 'uuid[]', texts: 'text[]', box: 'box' },
}

/**
 * Text by language, in the reader's language, else the city's, else any. Written out, not as parameters, so that an
 * index on the same expression serves it: `records."recordByTitle…"`.
 */
const inLanguage = (ctx: Context, column: RawBuilder<unknown>) => {
  const tags = [...new Set<string>([ctx.language, ctx.registry.language, ...languages]), 'und']
  return sql`coalesce(${sql.join(tags.map((tag) => sql`${column}->>${sql.lit(tag)}`))})`
}

const baseTypes: Readonly<Record<string, string>> = {
  ...{ code: 'text', state: 'text', audience: 'text', organisation: 'uuid', owner: 'uuid', id: 'uuid' },
  ...{ createdAt: 'timestamptz', changedAt: 'timestamptz' },
}
/** Is it a column that every record has? */
export const isBase = (name: string) => name === 'title' || Object.hasOwn(baseTypes, name)

/**
 * The expression a list compares and sorts by, over `r` (the record) and `t` (the table of its kind). @throws Invalid
 * for an unknown name.
 */
export function columnOf(ctx: Context, kind: RecordKind, name: string): Column {
  if (name === 'title') return { by: inLanguage(ctx, sql`r.title`), type: 'text', sorts: true, over: 'r' }
  if (isBase(name)) {
    const stated = !['organisation', 'owner'].includes(name)
    return { by: sql`r.${sql.id(name)}`, type: baseTypes[name]!, sorts: true, over: 'r', stated }
  }
  const [own = '', part = ''] = name.split('.')
  const field = Object.hasOwn(kind.fields, own) ? kind.fields[own]! : undefined
  const compared = field && fieldType(field.type).compared(field)[part]
  if (!compared)
    throw invalid('records.unknown-filter', [{ at: `/${name}`, code: 'field.unknown', values: { name } }], { name })
  const column = sql`t.${sql.id(`${own}${compared.suffix}`)}`
  return {
    by: compared.localized ? inLanguage(ctx, column) : column,
    type: typesOf[compared.as],
    // By language or long, it has an order only as the reader meets it; lists over the interface do not offer that one.
    sorts: compared.sorts || compared.localized || false,
    over: 't',
    // Text by language becomes one text in the reader's language.
    ...(compared.localized ? {} : { comparisons: compared.comparisons }),
    ...(part === '' ? { spelled: spellingOf(field), ...possibleIn(field, compared) } : {}),
  }
}

/** Values are kept in one spelling of their type and found by any: `00 47 22 11 33 44` is `+4722113344`. */
const spellingOf = (field: Field) => (value: string) => {
  const normal = fieldType(field.type).normal?.(value, field)
  return typeof normal === 'string' ? normal : value
}

const parsers = new WeakMap<Field, Parser>()

/**
 * What is kept as one text has the form its schema asks for: a question for the duration `P1X` is a mistake, not an
 * empty list. Other values are judged by what they are compared as.
 */
function possibleIn(field: Field, { as }: Compared): Pick<Column, 'possible'> {
  const schema = fieldType(field.type).schema(field)
  if (as !== 'text' || schema.type !== 'string') return {}
  return {
    possible: (value) => {
      const parse = parsers.get(field) ?? parser(schema)
      parsers.set(field, parse)
      return parse(value).length === 0
    },
  }
}

/** One comparison. @throws Invalid `records.bad-filter` */
export function conditionOf(column: Column, { is, value, field }: Filter): RawBuilder<unknown> {
  const { by, type, spelled = String, possible = () => true } = column
  const values = [value].flat().map((each) => spelled(String(each)))
  const base = type.replace('[]', '')
  if (is === 'within') return within(by, field, values)
  for (const each of is === 'empty' ? [] : values)
    if (!fits(base, each) || !possible(each))
      throw invalid('records.bad-filter', [{ at: `/${field}`, code: 'field.wrong' }], { name: field, value: each })
  if (is === 'empty') return value === true || value === 'true' ? sql`${by} is null` : sql`${by} is not null`
  if (type.endsWith('[]')) return sql`${by} && ${values}::${sql.raw(type)}`
  if (is === 'in') return sql`${by} = any(${values}::${sql.raw(`${base}[]`)})`
  const typed = sql`${values[0] ?? ''}::${sql.raw(base)}`
  const signs = { eq: sql`=`, lt: sql`<`, lte: sql`<=`, gt: sql`>`, gte: sql`>=` }
  return sql`${by} ${signs[is]} ${typed}`
}

/**
 * Boxes that meet: `west,south,east,north` in degrees; a box that crosses the antimeridian has west greater than east.
 */
function within(by: RawBuilder<unknown>, field: string, values: readonly string[]): RawBuilder<unknown> {
  const sides = (values.length === 1 ? values[0]!.split(',') : values).map((each) => each.trim())
  if (sides.length !== 4 || !sides.every((side) => /^-?\d{1,3}(\.\d{1,15})?$/.test(side)) || !isBox(sides.map(Number)))
    throw invalid('records.bad-filter', [{ at: `/${field}`, code: 'field.wrong' }], {
      name: field,
      value: values.join(),
    })
  const [west, south, east, north] = sides.map((side) => sql`${side}::numeric`)
  const side = (name: string) => sql`t.${sql.id(`${field}${name}`)}`
  const across = Number(sides[0]) > Number(sides[2])
  const lengthwise = across
    ? sql`(${side('East')} >= ${west} or ${side('West')} <= ${east})`
    : sql`${side('East')} >= ${west} and ${side('West')} <= ${east}`
  return sql`${by} is not null and ${lengthwise} and ${side('North')} >= ${south} and ${side('South')} <= ${north}`
}

const isBox = ([west, south, east, north]: readonly number[]) =>
  Math.max(Math.abs(west!), Math.abs(east!)) <= 180 && -90 <= south! && south! <= north! && north! <= 90

const shapes: Record<string, RegExp> = {
  integer: /^-?\d{1,10}$/,
  numeric: /^-?\d{1,30}(\.\d{1,18})?$/,
  boolean: /^(true|false)$/,
  timestamptz: /^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?)?$/,
}
/** Is a text a value of this PostgreSQL type? */
export const fits = (type: string, value: string) => {
  if (value.length > 200 || value.includes('\u0000') || !value.isWellFormed()) return false
  if (type === 'uuid') return isId(value)
  if (type === 'integer' && Math.abs(Number(value)) > 2_147_483_647) return false
  if (type === 'date') return isDay(value)
  if (type === 'timestamptz' && !isDay(value.slice(0, 10))) return false
  return shapes[type]?.test(value) ?? true
}
