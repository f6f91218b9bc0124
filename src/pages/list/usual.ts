/** The list of a kind that no room declares one for: what follows from its declaration. */
import { fieldType } from '#kernel/fields/types.ts'
import type { RecordKind } from '#kernel/record.ts'
import { filterShapesOf } from '#platform/http/index.ts'
import { type List, list, placeIn } from './declare.ts'

/** Filters of a kind's own fields: more would hide those that matter. */
const maxFilters = 12

export function usualList(kind: RecordKind, organisation: string): List {
  const shapes = filterShapesOf(kind)
  const fields = Object.entries(kind.fields)
  const short = fields.filter(([name, field]) => {
    const shape = shapes[name]
    // The query parameter `language` chooses the language of the page.
    if (name === 'language' || !shape || field.personal) return false
    return Boolean(shape.choices) || ['day', 'instant', 'flag', 'id'].includes(shape.as)
  })
  const choicesFirst = short.toSorted(([, one], [, other]) => rank(one.type) - rank(other.type))
  const day = fields.find(([name]) => shapes[name] && ['day', 'instant'].includes(shapes[name].as))?.[0]
  const place = placeIn(kind)
  const whose = kind.kind === organisation ? [] : ['organisation']
  return list(kind, {
    columns: ['title', 'code', 'state', ...(whose as ['organisation']), 'owner', 'audience', 'changedAt'],
    filters: [
      ...(kind.states.length > 1 ? (['state'] as const) : []),
      ...(whose as ['organisation']),
      ...(kind.owner.requiredFrom ? (['owner'] as const) : []),
      'audience',
      ...(choicesFirst.slice(0, maxFilters).map(([name]) => name) as never[]),
      'changedAt',
    ],
    sorts: ['code', 'title', 'changedAt'],
    groups: [...(kind.states.length > 1 ? (['state'] as const) : []), ...(whose as ['organisation'])],
    ...(kind.states.length > 1 ? { board: 'state' as const } : {}),
    ...(day ? { calendar: day as never } : {}),
    ...(place ? { map: { at: place as never } } : {}),
    inside: ['owner', 'audience', 'changedAt'],
  })
}

const rank = (type: string) => (fieldType(type).namesChoices ? 0 : type === 'ref' || type === 'refAny' ? 2 : 1)
