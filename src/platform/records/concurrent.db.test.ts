import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Core, openCore, problemOf, sample } from '#test/kit/core.ts'
import { get, historyOf, openChangeSet, Permit, prepare, save, write } from './index.ts'

let core: Core
beforeAll(async () => {
  core = await openCore()
})
afterAll(() => core.close())
const organisation = 'directory.organisation'
const kindOf = (name: string) => core.as().registry.kind(name).declaration
const reading = (kind: string, id: string) => get(core.as(), kindOf(kind), id, { retired: true })
/** Until a statement in this database waits for a lock. */
const untilWaiting = async () => {
  const asking = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  while ((await core.rows(asking)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('two writers of one record', () => {
  test('the one who waited sees what the other wrote, in every table', async () => {
    const id = await core.make(organisation, sample.organisation())
    const change = (values: Record<string, unknown>) => [{ kind: organisation, action: 'change', id, values }]
    let waiting: Promise<unknown> = Promise.resolve()
    await core.writing(async (ctx) => {
      await write(ctx, { source: 'test' }, change({ abbreviation: 'FIRST' }))
      // Sets what it saw at its beginning; it must not be taken for a change that alters nothing.
      waiting = core.write(change({ abbreviation: null }))
      await untilWaiting()
    })
    expect(await waiting).toMatchObject({ saved: [{ version: 3 }] })
    expect(await reading(organisation, id)).toMatchObject({ abbreviation: null, version: 3 })
    const [last] = await historyOf(core.as(), id)
    expect(last).toMatchObject({ before: { abbreviation: 'FIRST' }, after: { abbreviation: null } })
  })

  test('an open import that refers to a body does not hold up an edit of the body', async () => {
    const body = await core.make(organisation, sample.organisation())
    await core.writing(async (ctx) => {
      await write(ctx, { source: 'test' }, [
        { kind: 'directory.post', action: 'create', values: { title: 'Clerk', organisation: body } },
      ])
      await core.write([{ kind: organisation, action: 'change', id: body, values: { abbreviation: 'B' } }])
    })
    expect(await reading(organisation, body)).toMatchObject({ abbreviation: 'B' })
  })
})

describe('the permit', () => {
  test('cannot be forged, used twice, or carried into another transaction', async () => {
    const create = { kind: organisation, action: 'create', values: sample.organisation() }
    expect(() => new (Permit as unknown as new (...given: unknown[]) => Permit)(Symbol('maker'), [])).toThrow(
      'Permit.for',
    )
    await core.writing(async (ctx) => {
      const permit = Permit.for(ctx, await prepare(ctx, [create]))
      const changeSet = await openChangeSet(ctx, { source: 'test' })
      await save(changeSet, permit)
      await expect(save(changeSet, permit)).rejects.toThrow('one save')
      const forged = Object.create(Permit.prototype) as Permit
      await expect(save(changeSet, forged)).rejects.toThrow(TypeError)
      const second = Permit.for(ctx, await prepare(ctx, [create]))
      await core.writing(async (other) => {
        await expect(save(await openChangeSet(other, { source: 'test' }), second)).rejects.toThrow('own transaction')
      })
    })
  })

  test('writes nothing once the versions have moved', async () => {
    const id = await core.make(organisation, sample.organisation())
    const changing = core.writing(async (ctx) => {
      const permit = Permit.for(
        ctx,
        await prepare(ctx, [{ kind: organisation, action: 'change', id, values: { abbreviation: 'OLD' } }]),
      )
      const between = { kind: organisation, action: 'change', id, values: { abbreviation: 'BETWEEN' } }
      await write(ctx, { source: 'test' }, [between])
      return save(await openChangeSet(ctx, { source: 'test' }), permit)
    })
    expect(await problemOf(changing)).toMatchObject({ kind: 'Conflict', reason: 'records.stale' })
    expect(await reading(organisation, id)).toMatchObject({ version: 1, abbreviation: null })
  })

  test('nobody but undo undoes', async () => {
    const id = await core.make(organisation, sample.organisation())
    await expect(core.write([{ kind: organisation, id, action: 'undo', values: { state: 'closed' } }])).rejects.toThrow(
      'Only undo',
    )
  })
})
