import { describe, expect, test } from 'vitest'
import { type Caller, nobody, type Role, roles, systemCaller } from './caller.ts'
import { allow, createPolicies, type RecordRow, separationOfDuties } from './policy.ts'

const [own, child, other] = ['own', 'child', 'other']
const row = (facts: Partial<RecordRow> = {}): RecordRow => ({
  id: 'r',
  kind: 'a.b',
  organisation: own,
  owner: 'post',
  audience: 'organisation',
  ...facts,
})
const somebody = (facts: Partial<Caller>): Caller => ({ ...nobody, account: 'account', ...facts })
/** Grants list the named body and all below it. */
const holds = (role: Role, organisations: readonly string[] | null = [own, child]) =>
  somebody({ grants: [{ role, organisations }] })

describe('reading follows the audience', () => {
  const policies = createPolicies([])
  const seen = (caller: Caller, facts: Partial<RecordRow> = {}) =>
    (['restricted', 'organisation', 'partners', 'public'] as const).filter((audience) =>
      policies.can(caller, 'read', row({ ...facts, audience })),
    )

  test.each<[string, Caller, Partial<RecordRow>, string]>([
    ['nobody', nobody, {}, 'public'],
    ['somebody without a role', somebody({}), {}, 'partners public'],
    ['another body', holds('contributor', [other]), {}, 'partners public'],
    ['a leader of another body', holds('leader', [other]), {}, 'partners public'],
    ['the same body', holds('contributor'), {}, 'organisation partners public'],
    ['the body above', holds('analyst'), { organisation: child }, 'organisation partners public'],
    ['a body below', holds('analyst', [child]), {}, 'partners public'],
    ['the city', holds('owner', null), {}, 'organisation partners public'],
    ['the city, for a record of no body', holds('owner', null), { organisation: null }, 'organisation partners public'],
    ['a body, for a record of no body', holds('leader'), { organisation: null }, 'partners public'],
    ['a leader', holds('leader'), {}, 'restricted organisation partners public'],
    ['a reviewer', holds('reviewer'), {}, 'restricted organisation partners public'],
    [
      'an administrator of the body above',
      holds('administrator'),
      { organisation: child },
      'restricted organisation partners public',
    ],
    [
      'the holder of the owner post',
      somebody({ posts: ['post'] }),
      { organisation: other },
      'restricted organisation partners public',
    ],
    ['the holder of another post', somebody({ posts: ['post 2'] }), {}, 'partners public'],
    ['the house', systemCaller, { organisation: null, owner: null }, 'restricted organisation partners public'],
  ])('%s', (_, caller, facts, expected) => {
    expect(seen(caller, facts).join(' ')).toBe(expected)
  })
})

describe('a rule reaches as far as it says', () => {
  const rules = [
    allow('analyst', ['change'], ['a.b'], 'in their bodies'),
    allow('owner', ['agree'], ['a.b'], 'they own'),
    allow('leader', ['found'], ['*'], 'everywhere'),
    allow('contributor', ['comment'], ['a.b'], 'they own', ['note']),
    allow('anyone signed in', ['ask'], ['a.b'], 'in their bodies'),
    allow('anyone', ['report'], ['a.b'], 'everywhere'),
  ]
  const policies = createPolicies(rules)

  test.each<[string, Caller, string, Partial<RecordRow>, boolean]>([
    ['their body', holds('analyst'), 'change', {}, true],
    ['a body below', holds('analyst'), 'change', { organisation: child }, true],
    ['another body', holds('analyst'), 'change', { organisation: other }, false],
    ['no body', holds('analyst'), 'change', { organisation: null }, false],
    ['no body, for the city', holds('analyst', null), 'change', { organisation: null }, true],
    ['another kind', holds('analyst'), 'change', { kind: 'a.c' }, false],
    ['another role', holds('leader'), 'change', {}, false],
    ['what they own', { ...holds('owner', [other]), posts: ['post'] }, 'agree', {}, true],
    ['what another owns', { ...holds('owner'), posts: ['post 2'] }, 'agree', {}, false],
    ['what nobody owns', { ...holds('owner'), posts: [] }, 'agree', { owner: null }, false],
    ['a post without the role', somebody({ posts: ['post'] }), 'agree', {}, false],
    ['everywhere with the role on a body', holds('leader'), 'found', {}, false],
    ['everywhere with the role on the city', holds('leader', null), 'found', { kind: 'x.y' }, true],
    ['anyone signed in, in their body', holds('reviewer'), 'ask', {}, true],
    ['anyone signed in, in another body', holds('reviewer', [other]), 'ask', {}, false],
    ['not signed in', nobody, 'ask', {}, false],
    ['anyone', nobody, 'report', {}, true],
    ['nobody, who owns nothing', nobody, 'agree', { owner: null }, false],
    ['the house', systemCaller, 'whatever', {}, true],
  ])('%s', (_, caller, action, facts, expected) => {
    expect(policies.can(caller, action, row(facts))).toBe(expected)
  })

  test('fields are asked apart', () => {
    const caller = { ...holds('contributor'), posts: ['post'] }
    expect([undefined, 'note', 'title'].map((field) => policies.can(caller, 'comment', row(), field))).toEqual([
      true,
      true,
      false,
    ])
  })

  test('buttons are offered where some record could be meant', () => {
    expect(policies.canSome(holds('analyst'), 'change', 'a.b')).toBe(true)
    expect(policies.canSome(holds('analyst'), 'change', 'a.c')).toBe(false)
    expect(policies.canSome(nobody, 'change', 'a.b')).toBe(false)
  })

  test('an action no rule knows is not covered', () => {
    expect([policies.covers('change', 'a.b'), policies.covers('found', 'z.z'), policies.covers('melt', 'a.b')]).toEqual(
      [true, true, false],
    )
  })

  test.each(['read', 'manage'])('a rule that gives "%s" is refused, for lists would not follow it', (action) => {
    expect(() => createPolicies([allow('analyst', [action], ['a.b'], 'everywhere')])).toThrow(`a.b gives "${action}"`)
  })

  test('no role reads or writes another body by its name alone', () => {
    for (const role of roles)
      for (const action of ['change', 'agree', 'found', 'comment', 'ask', 'read'])
        expect([role, action, policies.can(holds(role, [other]), action, row())]).toEqual([role, action, false])
  })
})

describe('separation of duties', () => {
  const policies = createPolicies([
    allow('anyone signed in', ['receive'], ['a.b'], { namedIn: 'receiver' }),
    separationOfDuties(['owner', 'project'], allow('finance', ['confirm'], ['a.b'], 'in their bodies')),
    allow('finance', ['comment'], ['a.b'], 'in their bodies'),
  ])
  const facts = { receiver: 'receiving', project: 'leading' } as Partial<RecordRow>
  const finance = (...posts: string[]): Caller => ({ ...holds('finance'), posts })

  test('whoever a record names in a field may do what the rule says, others not', () => {
    const asks = (posts: string[], more = {}) =>
      policies.can(somebody({ posts }), 'receive', row({ ...facts, ...more } as Partial<RecordRow>))
    expect([asks(['receiving']), asks(['other']), asks([]), asks(['receiving'], { receiver: null })]).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect(policies.can(nobody, 'receive', row(facts))).toBe(false)
  })

  test('a role does not reach what its holder answers for', () => {
    const confirms = (caller: Caller, more = {}) =>
      policies.can(caller, 'confirm', row({ ...facts, ...more } as Partial<RecordRow>))
    expect(confirms(finance('treasurer'))).toBe(true)
    expect(confirms(finance())).toBe(true)
    expect(confirms(finance('treasurer'), { owner: null, project: null })).toBe(true)
    expect(confirms(finance('treasurer', 'post'))).toBe(false)
    expect(confirms(finance('leading'))).toBe(false)
    expect(confirms(finance('treasurer'), { organisation: other })).toBe(false)
    expect(policies.can(finance('post'), 'comment', row(facts))).toBe(true)
  })

  test('a rule that takes out whom it means stops the start', () => {
    expect(() =>
      createPolicies([separationOfDuties(['owner'], allow('owner', ['confirm'], ['a.b'], 'they own'))]),
    ).toThrow('takes out whom it means: "owner"')
  })
})
