/** Does something read from a file have the shape of an item? Whether its values are valid is for the gate to say. */
import type { Item } from '../content/index.ts'
import type { ImportProblem } from '../imports/index.ts'
import { isId } from '../records/index.ts'
import { safeExcerpt } from './safe-excerpt.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isMark = (value: unknown) =>
  isObject(value) && typeof value.source === 'string' && typeof value.id === 'string' && value.source.length <= 100
const isEnd = (value: unknown) => isObject(value) && typeof value.to === 'string' && isId(value.to)

/** Characters that the database rejects: U+0000 and unpaired surrogates, in names as in values. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, each]) => isStorable(name) && isStorable(each))
}

/** The item, or what is wrong with its shape. */
export function checkedItem(value: unknown, row: number): { item: Item } | { problem: ImportProblem } {
  const wrong = (column: string | null) => ({
    problem: { row, column, code: 'import.not-an-item', values: { what: column ?? '' } },
  })
  if (!isObject(value)) return wrong(null)
  for (const [name, each] of Object.entries(value))
    if (!isStorable(name) || !isStorable(each))
      return { problem: { row, column: safeExcerpt(name), code: 'field.characters', values: {} } }
  if (typeof value.kind !== 'string') return wrong('kind')
  if ('rows' in value) {
    if (typeof value.rows !== 'string') return wrong('rows')
    if (typeof value.record !== 'string' || !isId(value.record)) return wrong('record')
    if (!Array.isArray(value.values) || !value.values.every(isObject)) return wrong('values')
    return { item: value as unknown as Item }
  }
  if (typeof value.id !== 'string' || !isId(value.id)) return wrong('id')
  for (const name of ['state', 'audience', 'organisation', 'owner'])
    if (value[name] !== undefined && typeof value[name] !== 'string') return wrong(name)
  if (value.context !== undefined && typeof value.context !== 'boolean') return wrong('context')
  const { externalIds = [], links = {} } = value
  if (!Array.isArray(externalIds) || !externalIds.every(isMark)) return wrong('externalIds')
  if (!isObject(links)) return wrong('links')
  for (const [name, ends] of Object.entries(links))
    if (!Array.isArray(ends) || !ends.every(isEnd)) return wrong(safeExcerpt(`links.${name}`))
  return { item: value as unknown as Item }
}
