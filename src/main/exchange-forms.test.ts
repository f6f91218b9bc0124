/** What holds for every kind, including future ones: order of loading, linked data. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Field, RecordKind } from '#kernel/record.ts'
import type { RecordItem, RowsItem } from '#platform/exchange/index.ts'
import { fromLinkedData, toLinkedData } from '#platform/exchange/linked-data.ts'
import { loadOrder } from '#platform/exchange/order.ts'
import { composeRegistry } from './modules.ts'

const { registry } = composeRegistry()
const kinds = [...registry.kinds.values()].map((known) => known.declaration)

test('kinds are made after those they must point at; what closes a circle is set later', () => {
  const { kinds: order, later } = loadOrder(kinds, registry.wellKnown)
  expect([...order].sort()).toEqual(kinds.map((kind) => kind.kind).sort())
  for (const kind of kinds)
    for (const [name, field] of Object.entries(kind.fields))
      if (field.to && !later.get(kind.kind)!.has(name))
        expect(order.indexOf(field.to)).toBeLessThan(order.indexOf(kind.kind))
      else if (field.to) expect(field.required ?? false).toBe(false)
})

test('required references in a circle are refused by name', () => {
  const kind = (name: string, to: string) =>
    ({ ...kinds[0]!, kind: name, fields: { other: { type: 'ref', to, required: true } } }) as unknown as RecordKind
  expect(() => loadOrder([kind('a.one', 'a.two'), kind('a.two', 'a.one')], registry.wellKnown)).toThrow(
    /a\.(one|two)\.other closes a circle/,
  )
})

test('what a state requires to be linked is there before, unless that closes a circle', () => {
  const [some] = kinds
  const kind = (name: string, to: string, requiredFrom?: string) =>
    ({
      ...some!,
      ...{ kind: name, fields: {}, organisation: {} },
      links: { serves: { to: [to], back: 'servedBy', towards: 'vision', weighted: false, requiredFrom } },
    }) as unknown as RecordKind
  const orderOf = (...all: RecordKind[]) => {
    const { kinds: order, linksAtOnce } = loadOrder(all, registry.wellKnown)
    return [order, ...all.map((each) => [...linksAtOnce.get(each.kind)!])]
  }
  expect(orderOf(kind('a.one', 'b.two', 'live'), kind('b.two', 'a.one'))).toEqual([['b.two', 'a.one'], ['serves'], []])
  expect(orderOf(kind('a.one', 'b.two'), kind('b.two', 'a.one', 'live'))).toEqual([['a.one', 'b.two'], [], ['serves']])
  expect(orderOf(kind('a.one', 'a.one', 'live'))).toEqual([['a.one'], []])
})

const words = fc.string({ minLength: 1, maxLength: 20 })
const localized = fc.dictionary(fc.constantFrom('en', 'zh-Hans', 'de'), words, { minKeys: 1 })
const ids = fc.uuid()
function anyOf(field: Field): fc.Arbitrary<unknown> {
  if (field.localized) return localized
  const of: Record<string, () => fc.Arbitrary<unknown>> = {
    whole: () => fc.integer(),
    flag: () => fc.boolean(),
    ref: () => ids,
    refs: () => fc.uniqueArray(ids, { minLength: 1, maxLength: 3 }),
    choices: () => fc.subarray([...(field.of ?? [])], { minLength: 1 }),
    list: () => fc.array(localized, { minLength: 1, maxLength: 3 }),
  }
  return (of[field.type] ?? (() => words))()
}
const valuesOf = (fields: Readonly<Record<string, Field>>) =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, anyOf(field)])), {
    requiredKeys: [],
  })

test.each(kinds.map((kind) => [kind.kind, kind] as const))(
  '%s goes into linked data and back unchanged',
  (_name, kind) => {
    const ends = fc.array(
      fc.oneof(fc.record({ to: ids }), fc.record({ to: ids, weight: fc.constantFrom('0.5', '1') })),
      { minLength: 1, maxLength: 3 },
    )
    const links = fc.record(Object.fromEntries(Object.keys(kind.links).map((link) => [link, ends])), {
      requiredKeys: [],
    })
    const record = fc.tuple(ids, localized, valuesOf(kind.fields), links, fc.option(ids, { nil: undefined })).map(
      ([id, title, fields, linked, organisation]): RecordItem => ({
        kind: kind.kind,
        id,
        code: 'X-1',
        title,
        state: kind.states[0]!,
        audience: 'public',
        ...(organisation ? { organisation } : {}),
        externalIds: [{ source: 's', id: 'urn:uuid:x' }],
        ...fields,
        ...(Object.keys(linked).length > 0 ? { links: linked as NonNullable<RecordItem['links']> } : {}),
      }),
    )
    fc.assert(
      fc.property(record, (item) => {
        expect(fromLinkedData(registry, JSON.parse(JSON.stringify(toLinkedData(registry, item))))).toEqual(item)
      }),
      { numRuns: 60 },
    )
    for (const [name, rows] of Object.entries(kind.rows))
      fc.assert(
        fc.property(ids, fc.array(valuesOf(rows.fields), { minLength: 1, maxLength: 3 }), (id, values) => {
          const item: RowsItem = {
            rows: name,
            kind: kind.kind,
            record: id,
            values: values as Array<Record<string, unknown>>,
          }
          expect(fromLinkedData(registry, JSON.parse(JSON.stringify(toLinkedData(registry, item))))).toEqual(item)
        }),
        { numRuns: 30 },
      )
  },
)
