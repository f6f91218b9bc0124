/** Items as nodes of JSON-LD 1.1 and back: ids become `urn:uuid:` addresses, links become properties of their node. */
import { fieldType } from '#kernel/fields/types.ts'
import type { Field } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import { type Item, isRows } from '../content/index.ts'

const prefix = 'urn:uuid:'
const named = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(named) : typeof value === 'string' ? `${prefix}${value}` : value
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length) : value
}

const withReferences = (
  fields: Readonly<Record<string, Field>>,
  values: Readonly<Record<string, unknown>>,
  turn: (value: unknown) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      return [name, field && fieldType(field.type).references ? turn(value) : value]
    }),
  )

/** A node of the graph. */
export function toLinkedData(registry: Registry, item: Item): Record<string, unknown> {
  const { declaration } = registry.kind(item.kind)
  if (isRows(item))
    return {
      kind: `${item.kind}.${item.rows}`,
      record: named(item.record),
      values: item.values.map((row) => withReferences(declaration.rows[item.rows]!.fields, row, named)),
    }
  const { kind, id, code, organisation, owner, externalIds, links, ...rest } = item
  return {
    kind,
    id: named(id),
    code,
    ...(organisation ? { organisation: named(organisation) } : {}),
    ...(owner ? { owner: named(owner) } : {}),
    ...(externalIds
      ? { externalIds: externalIds.map(({ source, id: number }) => ({ source, identifier: number })) }
      : {}),
    ...withReferences(declaration.fields, rest, named),
    ...Object.fromEntries(
      Object.entries(links ?? {}).map(([name, ends]) => [
        name,
        ends.map(({ to, weight }) => (weight === undefined ? named(to) : { linkedTo: named(to), weight })),
      ]),
    ),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The item of a node; anything without that shape is returned unchanged, and reported when items are checked. */
export function fromLinkedData(registry: Registry, node: unknown): unknown {
  if (!isObject(node) || typeof node.kind !== 'string') return node
  const known = registry.kinds.get(node.kind)?.declaration
  if (!known) return rowsOf(registry, node)
  const { externalIds, ...rest } = node
  const values: Record<string, unknown> = {}
  const links: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(withReferences(known.fields, rest, plain))) {
    if (Object.hasOwn(known.links, name))
      links[name] = (Array.isArray(value) ? value : [value]).map((end: unknown) =>
        isObject(end) ? { to: plain(end.linkedTo), weight: end.weight } : { to: plain(end) },
      )
    else if (name === 'id' || name === 'organisation' || name === 'owner') values[name] = plain(value)
    else values[name] = value
  }
  return {
    ...values,
    ...(Object.keys(links).length > 0 ? { links } : {}),
    ...(Array.isArray(externalIds)
      ? {
          externalIds: externalIds.map((each) =>
            isObject(each) ? { source: each.source, id: each.identifier } : each,
          ),
        }
      : {}),
  }
}

function rowsOf(registry: Registry, node: Record<string, unknown>): unknown {
  const kind = String(node.kind)
  const cut = kind.lastIndexOf('.')
  const known = registry.kinds.get(kind.slice(0, cut))?.declaration
  const name = kind.slice(cut + 1)
  if (!known || !Object.hasOwn(known.rows, name) || !Array.isArray(node.values)) return node
  return {
    rows: name,
    kind: known.kind,
    record: plain(node.record),
    values: node.values.map((row) => (isObject(row) ? withReferences(known.rows[name]!.fields, row, plain) : row)),
  }
}
