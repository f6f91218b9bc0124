import { describe, expect, test } from 'vitest'
import { money } from './fields/money.ts'
import { choice, day, decimal, isRequiredIn, link, record, ref, rows, text, whole } from './record.ts'
import { createRegistry, type RegistryParts } from './registry.ts'
import { createWords } from './words.ts'

const base = {
  code: 'BEN',
  plural: 'benefits',
  title: { max: 100 },
  states: ['draft', 'agreed', 'dropped'],
  fields: {},
}
/** Declares what no type would let through, as a file of another hand might. */
const declare =
  (changes: object, kind = 'benefits.benefit') =>
  () =>
    record(kind, { ...base, ...changes } as never)

describe('a declaration is refused by name', () => {
  test.each<[string, object, string]>([
    ['an unknown key', { colour: 1 }, 'unknown key "colour"'],
    ['an unknown key of the title', { title: { max: 1, personel: true } }, 'unknown key "title.personel"'],
    ['an unknown key of the owner', { owner: { required: 'agreed' } }, 'unknown key "owner.required"'],
    ['a bad code', { code: 'Ben' }, 'two to four capital letters'],
    ['a bad address', { plural: 'Benefits' }, 'plural in lower case'],
    ['a title without a length', { title: {} }, 'greatest length'],
    ['no states', { states: [] }, 'at least one state'],
    ['a bad state', { states: ['Draft'] }, 'bad state name "Draft"'],
    ['a state twice', { states: ['draft', 'draft'] }, 'names a state twice'],
    ['an unknown closed state', { closed: ['gone'] }, 'unknown state "gone"'],
    ['an unknown state of the owner', { owner: { requiredFrom: 'done' } }, 'owner from an unknown state "done"'],
    ['an unknown audience', { audience: 'friends' }, 'unknown audience "friends"'],
    ['public from birth', { audience: 'public' }, 'cannot start with the audience "public"'],
    ['a bad field name', { fields: { 'due on': day() } }, 'bad field name "due on"'],
    ['a reserved field name', { fields: { owner: text() } }, 'reserved name "owner"'],
    ['an unknown type', { fields: { due: { type: 'datum' } } }, 'unknown type "datum"'],
    ['an unknown option', { fields: { due: { type: 'day', maximum: 3 } } }, 'unknown option "maximum"'],
    ['an option of another type', { fields: { due: { type: 'day', max: 3 } } }, 'unknown option "max"'],
    ['an unknown state of a field', { fields: { due: day({ requiredFrom: 'done' }) } }, 'unknown state "done"'],
    ['a choice twice', { fields: { size: choice(['s', 's']) } }, 'choice of "size" twice'],
    ['no choice', { fields: { size: choice([]) } }, 'no choice of "size"'],
    ['bounds turned round', { fields: { size: whole({ min: 3, max: 2 }) } }, 'above its greatest'],
    ['a search of numbers', { fields: { size: whole({ search: 'B' }) } }, 'has no words'],
    [
      'a field and a link of one name',
      { fields: { to: text() }, links: { to: link('a.b', { back: 'from', towards: 'vision' }) } },
      'both a field and a link "to"',
    ],
    [
      'an unknown key of a link',
      { links: { to: { ...link('a.b', { back: 'from', towards: 'vision' }), weigthed: true } } },
      'unknown key "links.to.weigthed"',
    ],
    [
      'a link towards nowhere',
      { links: { to: link('a.b', { back: 'from', towards: 'goal' as never }) } },
      'neither vision nor evidence',
    ],
    ['a link to nothing', { links: { to: link([], { back: 'from', towards: 'vision' }) } }, 'to nothing'],
    ['rows without a key', { rows: { part: rows({ key: [], fields: { a: text() } }) } }, 'needs a key'],
    [
      'rows with an unknown key',
      { rows: { part: rows({ key: ['b'], fields: { a: text({ required: true }) } }) } },
      'unknown key field "b"',
    ],
    [
      'rows whose key may be empty',
      { rows: { part: rows({ key: ['a'], fields: { a: text() } }) } },
      'must be required',
    ],
    [
      'rows whose key has many spellings',
      { rows: { part: rows({ key: ['a'], fields: { a: decimal({ required: true }) } }) } },
      'of type "decimal"',
    ],
    [
      'rows whose key is personal',
      { rows: { part: rows({ key: ['a'], fields: { a: text({ required: true, personal: true }) } }) } },
      'personal key field "a"',
    ],
    [
      'rows that a state asks for',
      {
        rows: {
          part: rows({ key: ['a'], fields: { a: text({ required: true }), b: text({ requiredFrom: 'draft' }) } }),
        },
      },
      'which rows do not have',
    ],
    [
      'two fields with one column',
      { fields: { budget: money(), budgetCurrency: text() } },
      'the same column "budgetCurrency"',
    ],
    [
      'a field that was one that is still there',
      { fields: { budget: decimal({ formerly: { '': 'note' } }), note: text() } },
      'which is still a field',
    ],
    [
      'a reserved name in rows',
      { rows: { part: rows({ key: ['record'], fields: { record: text({ required: true }) } }) } },
      'reserved name "record"',
    ],
  ])('%s', (_, changes, words) => {
    expect(declare(changes)).toThrow(words)
    expect(declare(changes)).toThrow('benefits.benefit')
  })

  test('a kind without a module', () => {
    expect(declare({}, 'benefit')).toThrow('module.name')
  })
})

describe('a house is refused by name', () => {
  const words = createWords([{ en: {}, 'zh-Hans': {} }])
  const wellKnown = { organisation: 'a.body', post: 'a.post', plan: 'a.plan' }
  const kind = (name: string, code: string, more: object = {}) =>
    record(name, { ...base, code, plural: `${name.split('.')[1]!.toLowerCase()}s`, ...more } as never)
  const house = (parts: Partial<RegistryParts>) => () =>
    createRegistry({ kinds: [], checks: [], verbs: [], words, language: 'en', wellKnown, ...parts })

  test('a rule for rows that nobody declares', () => {
    const parts = { kinds: [kind('a.b', 'AB')], rowChecks: [{ kind: 'a.b', rows: 'holding', rule: () => [] }] }
    expect(house(parts)).toThrow('rows a.b/holding')
  })

  test.each<[string, Partial<RegistryParts>, string]>([
    ['one name twice', { kinds: [kind('a.b', 'AB'), kind('a.b', 'AC')] }, 'share the name "a.b"'],
    ['one code twice', { kinds: [kind('a.b', 'AB'), kind('a.c', 'AB')] }, 'share the code "AB"'],
    [
      'one address twice',
      { kinds: [kind('a.b', 'AB'), kind('a.c', 'AC', { plural: 'bs' })] },
      'share the address "/a/bs"',
    ],
    [
      'one table twice',
      {
        kinds: [
          kind('a.b', 'AB'),
          kind('a.c', 'AC', { rows: { b: rows({ key: ['x'], fields: { x: text({ required: true }) } }) } }),
        ],
      },
      'share the table "a.b"',
    ],
    [
      'a reference to nothing',
      { kinds: [kind('a.b', 'AB', { fields: { x: ref('z.z', { back: 'y' }) } })] },
      'a.b.x points to z.z',
    ],
    [
      'a reference of rows to nothing',
      {
        kinds: [
          kind('a.b', 'AB', {
            rows: { r: rows({ key: ['x'], fields: { x: ref('z.z', { back: 'y', required: true }) } }) },
          }),
        ],
      },
      'a.b.r.x points to z.z',
    ],
    [
      'a link to nothing',
      { kinds: [kind('a.b', 'AB', { links: { x: link('z.z', { back: 'y', towards: 'vision' }) } })] },
      'a.b.x links to z.z',
    ],
    ['a verb of nothing', { verbs: [{ kind: 'z.z', name: 'go', from: [], to: 'draft' }] }, 'The verb go is for z.z'],
    [
      'a verb to an unknown state',
      { kinds: [kind('a.b', 'AB')], verbs: [{ kind: 'a.b', name: 'go', from: ['draft'], to: 'gone' }] },
      'a.b.go names an unknown state "gone"',
    ],
    [
      'a verb with the name of an act',
      { kinds: [kind('a.b', 'AB')], verbs: [{ kind: 'a.b', name: 'publish', from: ['draft'], to: 'agreed' }] },
      'a.b.publish needs a name of its own: create, change, retire',
    ],
    [
      'a verb twice',
      {
        kinds: [kind('a.b', 'AB')],
        verbs: ['agreed', 'dropped'].map((to) => ({ kind: 'a.b', name: 'go', from: ['draft'], to })),
      },
      'a.b.go is declared twice',
    ],
    ['a check of nothing', { checks: [{ kind: 'z.z', needs: {}, rule: () => [] }] }, 'check for z.z'],
  ])('%s', (_, parts, said) => {
    expect(house(parts)).toThrow(said)
  })

  test('links know which way the vision lies', () => {
    const { towardsVision } = house({
      kinds: [
        kind('a.b', 'AB', {
          links: {
            up: link('a.b', { back: 'down', towards: 'vision' }),
            proves: link('a.b', { back: 'provenBy', towards: 'evidence' }),
          },
        }),
      ],
    })()
    expect(towardsVision).toEqual({ forward: ['a.b.up'], backward: ['a.b.proves'] })
  })
})

test('what is required from a state on is required in later ones, and in no closed one', () => {
  const kind = record('a.b', { ...base, states: ['draft', 'agreed', 'kept', 'dropped'], closed: ['dropped'] } as never)
  const needed = (from: string | undefined) =>
    ['draft', 'agreed', 'kept', 'dropped'].filter((state) => isRequiredIn(kind, from, state))
  expect(needed('agreed')).toEqual(['agreed', 'kept'])
  expect(needed('draft')).toEqual(['draft', 'agreed', 'kept'])
  // What a closed state asks for itself, such as why something was dropped, is needed there and nowhere else.
  expect(needed('dropped')).toEqual(['dropped'])
  expect(needed(undefined)).toEqual([])
})
