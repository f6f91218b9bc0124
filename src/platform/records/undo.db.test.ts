import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Core, openCore, problemOf, sample, someone } from '#test/kit/core.ts'
import { type Caller, systemCaller } from '../caller.ts'
import { type Change, erase, get, publish, type UndoResult, undo } from './index.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())

const organisation = 'directory.organisation'
const objective = 'strategy.objective'
const indicator = 'indicators.indicator'
const undoing = (
  changeSet: string,
  mode: 'all' | 'possible' = 'all',
  caller: Caller = systemCaller,
): Promise<UndoResult> => core.writing((ctx) => undo(ctx, changeSet, { mode, source: 'test' }), caller)
const writing = async (...changes: Change[]) => {
  const { changeSet, saved } = await core.write(changes)
  return { changeSet: changeSet!, id: saved[0]?.id ?? '', ids: saved.map((each) => each.id) }
}
const reading = (kind: string, id: string) =>
  get(core.as(), core.as().registry.kind(kind).declaration, id, { retired: true })
const change = (kind: string, id: string, values: Record<string, unknown>): Change => ({
  kind,
  action: 'change',
  id,
  values,
})

describe('undo', () => {
  test('puts a field back, and undoing the undo sets it again; then the first may be undone once more', async () => {
    const { id } = await writing({ kind: organisation, action: 'create', values: sample.organisation() })
    const { changeSet } = await writing(change(organisation, id, { abbreviation: 'NEW' }))
    const first = await undoing(changeSet)
    expect(await reading(organisation, id)).toMatchObject({ abbreviation: null, version: 3 })
    expect(await problemOf(undoing(changeSet))).toMatchObject({ kind: 'Conflict', reason: 'records.undone-already' })
    await undoing(first.changeSet!)
    expect(await reading(organisation, id)).toMatchObject({ abbreviation: 'NEW', version: 4 })
    await undoing(changeSet)
    expect(await reading(organisation, id)).toMatchObject({ abbreviation: null, version: 5 })
  })

  test('of an unknown change set is not found', async () => {
    expect((await problemOf(undoing('nonsense'))).kind).toBe('NotFound')
    expect((await problemOf(undoing('01890000-0000-7000-8000-000000000000'))).kind).toBe('NotFound')
  })

  test('names field, later change and account of what was edited since, and leaves the rest alone', async () => {
    const { id } = await writing({ kind: organisation, action: 'create', values: sample.organisation() })
    const { changeSet } = await writing(change(organisation, id, { abbreviation: 'A', budgetCode: 'B' }))
    const caller = someone({ grants: [{ role: 'administrator', organisations: null }] })
    const later = await core.write([change(organisation, id, { budgetCode: 'C' })], caller)
    const expected = [
      { record: id, field: 'budgetCode', reason: null, changeSet: later.changeSet, account: caller.account },
    ]
    const problem = await problemOf(undoing(changeSet))
    expect(problem).toMatchObject({ kind: 'Conflict', reason: 'records.undo-conflict', extra: { conflicts: expected } })
    expect(await reading(organisation, id)).toMatchObject({ abbreviation: 'A', budgetCode: 'C' })
    expect(await undoing(changeSet, 'possible')).toMatchObject({ undone: 1, conflicts: expected })
    expect(await reading(organisation, id)).toMatchObject({ abbreviation: null, budgetCode: 'C' })
  })

  test('names a link whose weight was changed since, and a row', async () => {
    const { id: outcome } = await writing({ kind: 'strategy.outcome', action: 'create', values: { title: 'O' } })
    const weight = (weight: string) => ({ title: 'G', level: 1, links: { contributesTo: [{ to: outcome, weight }] } })
    const { id } = await writing({ kind: objective, action: 'create', values: { title: 'G', level: 1 } })
    const { changeSet } = await writing(change(objective, id, weight('1')))
    await writing(change(objective, id, weight('2')))
    expect((await undoing(changeSet, 'possible')).conflicts).toMatchObject([{ field: 'contributesTo' }])
    const row = (value: string) => ({
      cell: '',
      from: '2024-01-01',
      to: '2025-01-01',
      label: '2024',
      status: 'actual',
      value,
    })
    const rows = (value: string) => ({ measurement: { set: [row(value)] } })
    const made = await writing({ kind: indicator, action: 'create', values: sample.indicator() })
    const first = await writing({ kind: indicator, action: 'change', id: made.id, rows: rows('1') })
    await writing({ kind: indicator, action: 'change', id: made.id, rows: rows('2') })
    expect((await undoing(first.changeSet, 'possible')).conflicts).toMatchObject([{ field: 'measurement' }])
  })

  test('what a rule refuses to have back is a conflict with its reason, not a fault', async () => {
    const [a, b] = [
      await core.make(organisation, sample.organisation()),
      await core.make(organisation, sample.organisation()),
    ]
    await writing(change(organisation, a, { parent: b }))
    const { changeSet } = await writing(change(organisation, a, { parent: null }))
    await writing(change(organisation, b, { parent: a }))
    expect((await undoing(changeSet, 'possible')).conflicts).toMatchObject([
      { record: a, field: 'parent', reason: 'reference.loop' },
    ])
    const values = { ...sample.organisation(), externalIds: [{ source: 'undo', id: '1' }] }
    const { id } = await writing({ kind: organisation, action: 'create', values })
    const gone = await writing(change(organisation, id, { externalIds: [] }))
    await writing({ kind: organisation, action: 'create', values })
    expect((await undoing(gone.changeSet, 'possible')).conflicts).toMatchObject([
      { record: id, reason: 'external-id.taken' },
    ])
  })

  test('puts back a reference and a link to what was retired meanwhile', async () => {
    const [body, goal] = [
      await core.make(organisation, sample.organisation()),
      await core.make(objective, { title: 'G', level: 1 }),
    ]
    const other = await core.make(objective, {
      title: 'H',
      level: 2,
      organisation: body,
      links: { under: [{ to: goal }] },
    })
    const { changeSet } = await writing(change(objective, other, { organisation: null, links: { under: [] } }))
    await core.write([
      { kind: organisation, action: 'retire', id: body },
      { kind: objective, action: 'retire', id: goal },
    ])
    expect(await undoing(changeSet)).toMatchObject({ undone: 1, conflicts: [] })
    expect(await reading(objective, other)).toMatchObject({ organisation: body })
  })

  test('a creation and its undo, and the undo of that, carry links, rows and identifiers along', async () => {
    const ids = { outcome: '01890000-0000-7000-8000-00000000000a', goal: '01890000-0000-7000-8000-00000000000b' }
    const { changeSet } = await writing(
      {
        kind: objective,
        action: 'create',
        id: ids.goal,
        values: {
          title: 'G',
          level: 1,
          links: { contributesTo: [{ to: ids.outcome, weight: '2' }] },
          externalIds: [{ source: 'plan', id: 'g' }],
        },
      },
      { kind: 'strategy.outcome', action: 'create', id: ids.outcome, values: { title: 'O' } },
    )
    const links = () => core.rows('select name, weight from records.link where "from" = $1', [ids.goal])
    const back = await undoing(changeSet)
    expect(back).toMatchObject({ undone: 2, conflicts: [] })
    expect(await links()).toEqual([])
    expect((await reading(objective, ids.goal)).retiredAt).not.toBeNull()
    expect(await undoing(back.changeSet!)).toMatchObject({ undone: 2, conflicts: [] })
    expect(await links()).toEqual([{ name: 'strategy.objective.contributesTo', weight: '2' }])
    expect(await reading(objective, ids.goal)).toMatchObject({ retiredAt: null })
    expect(await core.rows('select id from records."externalId" where record = $1', [ids.goal])).toEqual([{ id: 'g' }])
  })

  test('of an erasure brings nothing personal back', async () => {
    const { id } = await writing({
      kind: 'directory.person',
      action: 'create',
      values: { title: 'Ada', email: 'a@b.c' },
    })
    await core.writing((ctx) => erase(ctx, { source: 'test' }, { kind: 'directory.person', id }))
    const [set] = await core.rows<{ changeSet: string }>(
      'select "changeSet" from records.entry where record = $1 order by sequence desc limit 1',
      [id],
    )
    expect((await undoing(set!.changeSet)).undone).toBe(0)
    expect(await reading('directory.person', id)).toMatchObject({ title: { und: '—' }, email: null })
  })

  test('two who undo the same thing at once do it once', async () => {
    const { id } = await writing({ kind: organisation, action: 'create', values: sample.organisation() })
    const { changeSet } = await writing(change(organisation, id, { abbreviation: 'X' }))
    const done = await Promise.allSettled([undoing(changeSet), undoing(changeSet)])
    expect(done.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await reading(organisation, id)).toMatchObject({ version: 3 })
  })

  test('of an import of 2,000 records takes back all but those that were edited since', async () => {
    const { changeSet, ids } = await writing(
      ...Array.from(
        { length: 2000 },
        (_, index): Change => ({
          kind: organisation,
          action: 'create',
          values: { ...sample.organisation(`Imported ${index}`), externalIds: [{ source: 'import', id: `${index}` }] },
        }),
      ),
    )
    const edited = ids.filter((_, index) => index % 100 === 7)
    await core.write(edited.map((id) => change(organisation, id, { abbreviation: 'EDITED' })))
    expect((await problemOf(undoing(changeSet))).kind).toBe('Conflict')
    const done = await undoing(changeSet, 'possible')
    expect(done.undone).toBe(1980)
    expect(new Set(done.conflicts.map((each) => each.record))).toEqual(new Set(edited))
    const [left] = await core.rows<{ n: string }>(
      'select count(*) n from records.record where id = any($1) and "retiredAt" is null',
      [ids],
    )
    expect(left!.n).toBe('20')
  })
})

describe('undo is no way around a permission', () => {
  test('publishing, a verb and retiring ask for what they asked for', async () => {
    const body = await core.make(organisation, sample.organisation())
    const outcome = await core.make('strategy.outcome', { title: 'O', organisation: body, rule: 'all' })
    const analyst = someone({ grants: [{ role: 'analyst', organisations: [body] }] })
    const leader = someone({ grants: [{ role: 'leader', organisations: [body] }] })
    const last = async () =>
      (
        await core.rows<{ id: string }>(
          `select "changeSet" as id from records.entry where record = $1 order by sequence desc limit 1`,
          [outcome],
        )
      )[0]!.id
    await core.writing((ctx) => publish(ctx, { source: 'test' }, [{ kind: 'strategy.outcome', id: outcome }]))
    expect((await problemOf(undoing(await last(), 'all', analyst))).kind).toBe('NotAllowed')
    await undoing(await last(), 'all', leader)
    await core.write([{ kind: 'strategy.outcome', action: 'agree', id: outcome }])
    expect((await problemOf(undoing(await last(), 'all', analyst))).kind).toBe('NotAllowed')
    await undoing(await last(), 'all', leader)
    const retired = await core.make('strategy.outcome', { title: 'O', organisation: body })
    const { changeSet } = await core.write([change('strategy.outcome', retired, { headline: true })], analyst)
    expect((await undoing(changeSet!, 'all', analyst)).undone).toBe(1)
  })

  test('who may write rows alone may take them back', async () => {
    const body = await core.make(organisation, sample.organisation())
    const id = await core.make(indicator, { ...sample.indicator(), organisation: body })
    const contributor = someone({ grants: [{ role: 'contributor', organisations: [body] }] })
    const row = { cell: '', from: '2024-01-01', to: '2025-01-01', label: '2024', status: 'actual', value: '1' }
    const { changeSet } = await core.write(
      [{ kind: indicator, action: 'change', id, rows: { measurement: { set: [row] } } }],
      contributor,
    )
    expect((await undoing(changeSet!, 'all', contributor)).undone).toBe(1)
  })
})

/** One random step: which record, and what is done to it. */
const step = fc.record({
  record: fc.nat(2),
  act: fc.oneof(
    fc.record({ field: fc.constantFrom('level', 'description'), value: fc.nat(2) }),
    fc.record({ link: fc.nat(2), weight: fc.constantFrom(null, '1', '2') }),
    fc.record({ verb: fc.constantFrom('agree', 'drop', 'reopen', 'retire', 'restore') }),
    fc.record({ row: fc.nat(1), value: fc.option(fc.constantFrom('1', '2', '3')) }),
  ),
})

describe('any sequence of changes', () => {
  test('after the undo of any one of them, exactly what was not edited since is as it was before', async () => {
    const body = await core.make(organisation, sample.organisation())
    const owner = await core.make('directory.post', { title: 'P', organisation: body })
    const outcomes = await Promise.all([0, 1, 2].map(() => core.make('strategy.outcome', { title: 'O' })))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), fc.nat(), async (steps, pick) => {
        const ids = await Promise.all(
          [0, 1, 2].map((index) =>
            index < 2
              ? core.make(objective, { title: 'G', level: 1, organisation: body, owner })
              : core.make(indicator, { ...sample.indicator(), organisation: body, owner, grain: 'year' }),
          ),
        )
        const kinds = [objective, objective, indicator]
        const states: Array<{ changeSet: string; before: Facts; after: Facts }> = []
        for (const { record, act } of steps) {
          const before = await facts(ids)
          const made = await core
            .write([toChange(kinds[record]!, ids[record]!, act, outcomes, before)])
            .catch(onlyProblems)
          if (made?.changeSet) states.push({ changeSet: made.changeSet, before, after: await facts(ids) })
        }
        if (states.length === 0) return
        const at = pick % states.length
        const { changeSet, before, after } = states[at]!
        const now = states.at(-1)!.after
        const done = await undoing(changeSet, 'possible')
        const then = await facts(ids)
        const touched = Object.keys({ ...before, ...after }).filter((place) => before[place] !== after[place])
        const kept = new Set<string>()
        for (const place of touched) {
          const edited = now[place] !== after[place] && now[place] !== before[place]
          if (edited) kept.add(place)
        }
        const refused = done.conflicts.some((each) => each.reason !== null)
        for (const place of Object.keys({ ...now, ...then })) {
          if (!touched.includes(place) || kept.has(place)) expect([place, then[place]]).toEqual([place, now[place]])
          else if (!refused) expect([place, then[place]]).toEqual([place, before[place]])
        }
        if (!refused) expect(done.conflicts.length).toBe(kept.size)
        if (done.changeSet) {
          const again = await undoing(done.changeSet)
          expect(again.conflicts).toEqual([])
          expect(await facts(ids)).toEqual(now)
        }
      }),
      { numRuns: 60 },
    )
  }, 120_000)
})

type Facts = Record<string, string>

/** Everything that can be undone, as places with canonical values. */
async function facts(ids: readonly string[]): Promise<Facts> {
  const found: Facts = {}
  const set = (place: string, value: unknown) => {
    if (value !== null && value !== undefined) found[place] = canonicalize(value)!
  }
  for (const id of ids) {
    const [row] = await core.rows<Record<string, unknown>>(
      `select r.state, r."retiredAt" is not null as retired, o.level, o.description from records.record r left join strategy.objective o on o.id = r.id where r.id = $1`,
      [id],
    )
    for (const [name, value] of Object.entries(row!)) set(`${id} ${name}`, value)
    for (const link of await core.rows<{ to: string; weight: string | null }>(
      'select "to", weight from records.link where "from" = $1',
      [id],
    ))
      found[`${id} link ${link.to}`] = `${link.weight}`
    for (const row of await core.rows<{ from: string; value: string }>(
      'select "from", value from indicators.measurement where record = $1',
      [id],
    ))
      found[`${id} row ${row.from}`] = row.value
  }
  return found
}

type Act = Record<string, unknown>

function toChange(kind: string, id: string, act: Act, outcomes: readonly string[], now: Facts): Change {
  if ('verb' in act)
    return { kind, id, action: kind === indicator && act.verb === 'drop' ? 'end' : (act.verb as string) }
  if ('link' in act) {
    const to = outcomes[act.link as number]!
    const name = kind === objective ? 'contributesTo' : 'measures'
    const others = outcomes.filter((each) => each !== to && now[`${id} link ${each}`] !== undefined)
    const keep = others.map((each) => ({
      to: each,
      ...(kind === objective ? { weight: nullable(now[`${id} link ${each}`]!) } : {}),
    }))
    const wanted = act.weight === null ? [] : [{ to, ...(kind === objective ? { weight: act.weight } : {}) }]
    return change(kind, id, { links: { [name]: [...keep, ...wanted] } })
  }
  if ('row' in act) {
    const from = `202${act.row}-01-01`
    const key = { cell: '', from, to: '2030-01-01' }
    const rows =
      act.value === null ? { remove: [key] } : { set: [{ ...key, label: from, status: 'actual', value: act.value }] }
    return { kind, id, action: 'change', rows: { measurement: rows } }
  }
  if (act.field === 'level') return change(kind, id, { level: (act.value as number) + 1 })
  return change(kind, id, { description: act.value === 0 ? null : `text ${act.value}` })
}

const nullable = (weight: string) => (weight === 'null' ? null : weight)

/** A random step may ask for what cannot be; anything but a problem is a fault. */
function onlyProblems(error: unknown): null {
  if ((error as Error).constructor.name !== 'Problem') throw error
  return null
}
