/**
 * The query parameters of a list:
 * `?state=agreed&dueOn[lt]=2026-01-01&direction=up,down&owner[empty]=true&q=words&sort=-changedAt`.
 */
import type { Compared, Comparison } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import { type FieldProblem, invalid } from '#kernel/problem.ts'
import { audiences, type Field, type RecordKind } from '#kernel/record.ts'
import { idPattern } from '../id.ts'
import type { Filter, ListOptions } from '../records/index.ts'

export type ListQuery = {
  readonly options: ListOptions
  readonly count: boolean
  readonly language?: string
  readonly fields?: ReadonlySet<string>
}

export type FilterShape = Pick<Compared, 'as' | 'comparisons' | 'choices'> & {
  /** Are several values, separated by commas, allowed? */
  readonly several: boolean
}

const equal: readonly Comparison[] = ['eq', 'in', 'empty']

/** The parts of a field that a list can be filtered by, by name: `budget`, `budget.currency`. */
const shapesOfField = (name: string, field: Field): Array<[string, FilterShape]> =>
  Object.entries(fieldType(field.type).compared(field)).map(([part, { as, comparisons, several = false, choices }]) => [
    part === '' ? name : `${name}.${part}`,
    { as, comparisons, several, ...(choices ? { choices } : {}) },
  ])

/** What a list of a kind can be filtered by. */
export function filterShapesOf(kind: RecordKind): Record<string, FilterShape> {
  const identifier: FilterShape = { comparisons: equal, several: true, as: 'id' }
  const instant: FilterShape = { comparisons: ['lt', 'lte', 'gt', 'gte', 'eq'], several: false, as: 'instant' }
  return {
    id: { ...identifier, comparisons: ['eq', 'in'] },
    code: { comparisons: ['eq', 'in'], several: true, as: 'text' },
    title: { comparisons: ['eq'], several: false, as: 'text' },
    state: { comparisons: ['eq', 'in'], several: true, as: 'text', choices: kind.states },
    audience: { comparisons: ['eq', 'in'], several: true, as: 'text', choices: audiences },
    organisation: identifier,
    owner: identifier,
    createdAt: instant,
    changedAt: instant,
    ...Object.fromEntries(Object.entries(kind.fields).flatMap(([name, field]) => shapesOfField(name, field))),
  }
}

/** Columns a list can be sorted by; a leading `-` reverses the order. */
export const sortableOf = (kind: RecordKind): string[] => [
  'code',
  'title',
  'state',
  'createdAt',
  'changedAt',
  ...Object.entries(kind.fields).flatMap(([name, field]) =>
    Object.entries(fieldType(field.type).compared(field)).flatMap(([part, { sorts }]) =>
      sorts ? [part === '' ? name : `${name}.${part}`] : [],
    ),
  ),
]

const values: Record<FilterShape['as'], RegExp> = {
  text: /^[^\0]{1,200}$/,
  texts: /^[^\0]{1,200}$/,
  box: /^-?\d{1,3}(\.\d{1,15})?(,-?\d{1,3}(\.\d{1,15})?){3}$/,
  whole: /^-?\d{1,10}$/,
  decimal: /^-?\d{1,30}(\.\d{1,18})?$/,
  day: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  instant: /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?$/,
  flag: /^(true|false)$/,
  id: idPattern,
  ids: idPattern,
}

const languageTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/

/** Query parameters of a list that are not filters. A field of the same name is filtered with `language[eq]=en`. */
export const listParameterNames = ['q', 'sort', 'after', 'limit', 'count', 'language', 'fields'] as const

/**
 * Parses the query parameters of a list.
 * @throws Invalid `http.bad-query` with everything that is unknown, repeated or malformed.
 */
export function readListQuery(kind: RecordKind, query: Readonly<Record<string, unknown>>): ListQuery {
  const known = filterShapesOf(kind)
  const problems: FieldProblem[] = []
  const filters: Filter[] = []
  const plain: Record<string, string> = {}
  for (const [key, value] of Object.entries(query)) {
    if (typeof value !== 'string') {
      problems.push({ at: `/${key}`, code: 'query.repeated', values: { name: key } })
      continue
    }
    if ((listParameterNames as readonly string[]).includes(key)) {
      if (value.includes('\0')) problems.push({ at: `/${key}`, code: 'field.characters' })
      else plain[key] = value
      continue
    }
    const [, name = '', asked] = /^([A-Za-z0-9]+(?:\.[A-Za-z]+)?)(?:\[([a-z]+)\])?$/.exec(key) ?? []
    const shape = Object.hasOwn(known, name) ? known[name] : undefined
    if (!shape) problems.push({ at: `/${key}`, code: 'query.unknown', values: { name: key } })
    else {
      const filter = filterOf(name, shape, asked, value)
      if ('code' in filter) problems.push({ at: `/${key}`, ...filter })
      else filters.push(filter)
    }
  }
  const sort = plain.sort
  if (sort !== undefined && !sortableOf(kind).includes(sort.replace(/^-/, '')))
    problems.push({ at: '/sort', code: 'query.unknown-sort', values: { name: sort } })
  const limit = plain.limit === undefined ? undefined : Number(plain.limit)
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 200))
    problems.push({ at: '/limit', code: 'query.bad-limit', values: { least: 1, most: 200 } })
  if (plain.count !== undefined && !values.flag.test(plain.count))
    problems.push({ at: '/count', code: 'query.not-a-flag' })
  if (plain.language !== undefined && !languageTag.test(plain.language))
    problems.push({ at: '/language', code: 'query.not-a-language' })
  const fields = plain.fields?.split(',')
  for (const name of fields ?? [])
    if (!readableNames(kind).includes(name))
      problems.push({ at: '/fields', code: 'query.unknown-field', values: { name } })
  if (problems.length > 0) throw invalid('http.bad-query', problems)
  return {
    options: {
      filters,
      ...(plain.q ? { words: plain.q } : {}),
      ...(sort ? { sort } : {}),
      ...(plain.after ? { after: plain.after } : {}),
      ...(limit ? { limit } : {}),
    },
    count: plain.count === 'true',
    ...(plain.language ? { language: plain.language } : {}),
    ...(fields ? { fields: new Set(['id', 'kind', ...fields]) } : {}),
  }
}

/** Names of a record's fields when read, in order. */
export const readableNames = (kind: RecordKind): string[] => [
  'id',
  'kind',
  'code',
  'title',
  'state',
  'organisation',
  'owner',
  'audience',
  'version',
  'createdAt',
  'changedAt',
  'retiredAt',
  ...Object.keys(kind.fields),
]

type Wrong = { code: string; values?: Record<string, string | number> }

function filterOf(name: string, shape: FilterShape, asked: string | undefined, value: string): Filter | Wrong {
  const parts = shape.several && asked === undefined ? value.split(',') : [value]
  const is = (asked ??
    (parts.length > 1
      ? 'in'
      : ((['eq', 'within'] as const).find((each) => shape.comparisons.includes(each)) ?? 'empty'))) as Comparison
  if (!shape.comparisons.includes(is) || (asked === undefined && is === 'empty'))
    return {
      code: 'query.bad-comparison',
      values: { name, comparison: asked ?? '=', allowed: shape.comparisons.join(', ') },
    }
  if (is === 'empty') {
    if (!values.flag.test(value)) return { code: 'query.not-a-flag' }
    return { field: name, is, value: value === 'true' }
  }
  const given = asked === 'in' ? value.split(',') : parts
  if (given.length > 100) return { code: 'field.too-many', values: { limit: 100 } }
  for (const each of given) {
    if (shape.choices && !shape.choices.includes(each))
      return { code: 'field.not-a-choice', values: { allowed: shape.choices.join(', ') } }
    if (!values[shape.as].test(each)) return { code: 'query.bad-value', values: { value: each, type: shape.as } }
  }
  return { field: name, is, value: is === 'in' ? given : given[0]! }
}
