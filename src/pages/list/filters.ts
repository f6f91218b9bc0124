/** The controls that narrow a list, each with its value from the address. */
import { fieldType } from '#kernel/fields/types.ts'
import { audiences } from '#kernel/record.ts'
import { type FilterShape, filterShapesOf } from '#platform/http/index.ts'
import type { AppContext } from '#platform/page.ts'
import type { FilterView } from '#web/list/filters.tsx'
import { presenterOf } from '../presenter.ts'
import { optionsFor } from '../record/options.ts'
import { computedFilters, mayUse, none, type Query, some, targetsOf } from './address.ts'
import type { ComputedFilter, List } from './declare.ts'

type Option = { readonly value: string; readonly label: string; readonly lang?: string }

/** More choices than this are typed, not chosen from a list. */
const maxChoices = 200

export async function filtersOf(ctx: AppContext, list: List, query: Query): Promise<FilterView[]> {
  const usable = list.filters.filter((each) => mayUse(ctx, list, typeof each === 'string' ? each : each.name))
  const found = await Promise.all(
    usable.map((each) =>
      typeof each === 'string' ? fieldFilter(ctx, list, each, query) : computedFilter(ctx, each, query),
    ),
  )
  return found.filter((view) => view !== null)
}

/** Sentences about filters that no control shows. */
export async function toldOf(ctx: AppContext, list: List, query: Query): Promise<string[]> {
  const told: string[] = []
  for (const filter of computedFilters(list)) {
    const value = query[filter.name]
    if (value && filter.told) told.push(await filter.told(ctx, value))
  }
  return told
}

function computedFilter(ctx: AppContext, { name, label, of, words }: ComputedFilter, query: Query): FilterView | null {
  if (!of) return null
  const { say } = presenterOf(ctx)
  const options = of.map((value) => ({ value, label: say(words?.(value) ?? `${label}.${value}`) }))
  return choice(name, say(label), query, options)
}

const choice = (name: string, label: string, query: Query, options: readonly Option[]): FilterView => {
  const value = query[name] ?? ''
  // An address may ask for several values; the list then has them as one choice more.
  const several =
    value.includes(',') && !options.some((one) => one.value === value)
      ? [
          {
            value,
            label: value
              .split(',')
              .map((each) => options.find((one) => one.value === each)?.label ?? each)
              .join(', '),
          },
        ]
      : []
  return { as: 'choice', name, label, value, options: [...several, ...options] }
}

async function fieldFilter(ctx: AppContext, list: List, name: string, query: Query): Promise<FilterView | null> {
  const { say } = presenterOf(ctx)
  const shape = filterShapesOf(list.kind)[name]!
  const label = labelOf(ctx, list, name)
  const stated = (): Option[] => [
    { value: some, label: say('record.list.stated') },
    { value: none, label: say('record.list.not-stated') },
  ]
  if (shape.choices) {
    if (shape.choices.length > maxChoices) return { as: 'text', name, label, value: query[name] ?? '' }
    const options = choicesOf(ctx, list, name, shape.choices)
    const empty = shape.comparisons.includes('empty') ? [{ value: none, label: say('record.list.not-stated') }] : []
    return choice(name, label, query, [...options, ...empty])
  }
  switch (shape.as) {
    case 'flag':
      return choice(name, label, query, [
        { value: 'true', label: say('record.page.yes') },
        { value: 'false', label: say('record.page.no') },
      ])
    case 'id':
    case 'ids':
      return recordFilter(ctx, list, name, label, query, shape, stated())
    case 'day':
    case 'instant':
      return { as: 'days', label, ...rangeOf(list, name, query) }
    case 'whole':
    case 'decimal':
      return { as: 'numbers', label, ...rangeOf(list, name, query) }
    case 'text':
      if (shape.comparisons.includes('eq')) return { as: 'text', name, label, value: query[name] ?? '' }
      return choice(name, label, query, stated())
    case 'box':
      return choice(name, label, query, [
        // A part of the map is chosen on the map.
        ...(isPart(query[name]) ? [{ value: query[name]!, label: say('record.list.map-part') }] : []),
        ...stated(),
      ])
    default:
      return shape.comparisons.includes('empty') ? choice(name, label, query, stated()) : null
  }
}

const isPart = (value: string | undefined): boolean => value?.includes(',') ?? false

/** What lies in a range. Of something that lasts, whatever has a day in common with it. */
function rangeOf({ kind }: List, name: string, query: Query) {
  const lasts = Object.hasOwn(filterShapesOf(kind), `${name}.to`)
  const low = lasts ? `${name}.to[gt]` : `${name}[gte]`
  const high = `${name}[lte]`
  return { low: { name: low, value: query[low] ?? '' }, high: { name: high, value: query[high] ?? '' } }
}

async function recordFilter(
  ctx: AppContext,
  list: List,
  name: string,
  label: string,
  query: Query,
  shape: FilterShape,
  stated: readonly Option[],
): Promise<FilterView | null> {
  const value = query[name] ?? ''
  const chosen = [none, some, ''].includes(value) ? [] : value.split(',')
  const { options, suggestions } = await optionsFor(ctx, targetsOf(ctx, list.kind, name), chosen)
  const extra = shape.comparisons.includes('empty') ? stated : []
  if (options) {
    if (options.length === 0) return null
    const all = options.map(({ id, label: text, lang }) => ({ value: id, label: text, ...(lang ? { lang } : {}) }))
    return choice(name, label, query, [...all, ...extra])
  }
  const text = suggestions.find(({ id }) => id === value)?.label ?? value
  const offered = [...suggestions, ...extra.map((each) => ({ id: each.value, label: each.value }))]
  return { as: 'record', name, label, search: { text, suggestions: offered } }
}

/** What the choices of a field are called. */
export function choicesOf(ctx: AppContext, { kind }: List, name: string, of: readonly string[]): Option[] {
  const { say, state, value } = presenterOf(ctx)
  if (name === 'state') return of.map((each) => ({ value: each, label: state(kind.kind, each) }))
  if (name === 'audience') return audiences.map((each) => ({ value: each, label: say(`web.audience.${each}`) }))
  const field = kind.fields[name]
  if (!field) return of.map((each) => ({ value: each, label: each }))
  const several = fieldType(field.type).orderless === true
  return of.map((each) => {
    const shown = value(field, `${kind.kind}.choice.${name}`, several ? [each] : each, new Map())
    const one = shown.as === 'several' ? shown.items[0]! : shown
    return { value: each, label: one.as === 'text' ? one.text : each }
  })
}

/** The name of a field, or of a part of it. */
export function labelOf(ctx: AppContext, { kind }: List, name: string): string {
  const { say, fieldLabel } = presenterOf(ctx)
  const [own = '', part] = name.split('.')
  if (own === 'code' || own === 'state' || own === 'audience' || own === 'changedAt' || own === 'createdAt')
    return say(`record.field.${own}`)
  const label = fieldLabel(kind.kind, own)
  return part ? say('api.part-of', { field: label, part: say(`web.part.${part}`) }) : label
}
