import canonicalize from 'canonicalize'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Core, openCore, sample } from '#test/kit/core.ts'
import { erase, historyOf, isErased, newId, seal, sealAll, sealHead, search, verify, write } from './index.ts'

let core: Core
const organisation = 'directory.organisation'
const person = 'directory.person'
const faults = async (against?: { position: number; hash: string }) =>
  (await verify(core.database.kysely, against, 7)).faults.map(({ code, position }) => `${code} ${position}`)
const entryAt = async (position: number) =>
  (await core.rows<{ entry: string }>('select entry from records.seal where position = $1', [position]))[0]!.entry

describe('the chain', () => {
  beforeEach(async () => {
    core = await openCore()
    for (let count = 0; count < 10; count++) await core.make(organisation, sample.organisation(`Body ${count}`))
    expect(await sealAll(core.database)).toBe(20)
    expect(await faults()).toEqual([])
    return () => core.close()
  })

  test('stored content is canonical: canonicalized again it is the same bytes', async () => {
    await core.make('indicators.indicator', {
      ...sample.indicator('Ünïcode 树 "quoted" \n\t \u2028 €'),
      rangeLow: '1.10',
      unit: '\u007f\\',
    })
    const rows = await core.rows<{ content: string }>('select content from records.entry')
    for (const { content } of rows) expect(canonicalize(JSON.parse(content))).toBe(content)
  })

  test('one changed byte is found where it is, also where it is no JSON any more', async () => {
    const entry = await entryAt(9)
    await core.rows(`update records.entry set content = overlay(content placing 'X' from 1) where id = $1`, [entry])
    expect(await faults()).toEqual(['changed 9'])
  })

  test('a changed hash is found where it is, and the next one is not blamed', async () => {
    await core.rows(`update records.seal set hash = repeat('a', 64) where position = 9`)
    expect(await faults()).toEqual(['changed 9'])
  })

  test('changed facts of a change set, or an entry hung on another record, are found', async () => {
    const id = await entryAt(5)
    await core.rows(
      `update records."changeSet" c set account = $2 from records.entry e where e.id = $1 and c.id = e."changeSet"`,
      [id, newId()],
    )
    await core.rows(
      `update records.entry set record = (select record from records.entry where id = $2) where id = $1`,
      [await entryAt(8), await entryAt(10)],
    )
    expect(await faults()).toEqual(['changed 5', 'changed 8'])
  })

  test('a deleted entry, a deleted seal and a cut-off end are found', async () => {
    await core.rows('delete from records.entry where id = $1', [await entryAt(4)])
    expect(await faults()).toEqual(['removed 4'])
    await core.rows('delete from records.seal where position in (4, 11, 12)')
    // Their entries are still there, and belong to nothing now.
    expect(await faults()).toEqual(
      ['removed 4', 'removed 11', 'inserted 11', 'removed 12', 'inserted 11'].sort(byPosition),
    )
    await core.rows('delete from records.seal where position > 18')
    expect((await faults()).filter((each) => each.startsWith('removed'))).toEqual([
      'removed 4',
      'removed 11',
      'removed 12',
      'removed 19',
      'removed 20',
    ])
  })

  test('a deleted entry with everything after it moved up is found where it was', async () => {
    await core.rows('delete from records.seal where position = 15')
    await core.rows('update records.seal set position = -position where position > 15')
    await core.rows('update records.seal set position = -position - 1 where position < 0')
    await core.rows(
      `update records."sealHead" set position = 19, hash = (select hash from records.seal where position = 19)`,
    )
    const found = await faults()
    // The entry that lost its place, and the first one that stands where it does not belong.
    expect(found.slice(0, 2)).toEqual(['inserted 15', 'changed 15'])
  })

  test('an entry that nobody sealed is found beside the one it pretends to follow', async () => {
    await core.rows(
      `insert into records.entry (id, "changeSet", record, content, sequence) overriding system value
       select $1, "changeSet", record, content, sequence from records.entry where id = $2`,
      [newId(), await entryAt(6)],
    )
    expect(await faults()).toEqual(['inserted 6'])
  })

  test('an entry put into the chain with a seal of its own is found where it was put', async () => {
    const entry = newId()
    await core.rows(
      `insert into records.entry (id, "changeSet", record, content) select $1, "changeSet", record, content from records.entry where id = $2`,
      [entry, await entryAt(6)],
    )
    await core.rows('update records.seal set position = -position where position > 6')
    await core.rows('update records.seal set position = -position + 1 where position < 0')
    await core.rows(
      `insert into records.seal (position, entry, hash) select 7, $1, hash from records.seal where position = 6`,
      [entry],
    )
    expect((await faults())[0]).toMatch(/^(changed|reordered) 7$/)
  })

  test.each([
    [3, 14],
    [8, 9],
    [1, 20],
  ])('seals %i and %i that change places are found at both, nowhere else', async (left, right) => {
    const both = [left, right].map((position) => `reordered ${position}`)
    const [one, other] = [await entryAt(left), await entryAt(right)]
    const point = (position: number, entry: string) =>
      core.rows('update records.seal set entry = $2 where position = $1', [position, entry])
    await point(left, newId())
    await point(right, one)
    await point(left, other)
    expect(await faults()).toEqual(both)
    await point(left, newId())
    await point(right, other)
    await point(left, one)
    expect(await faults()).toEqual([])
    await core.rows('update records.seal set position = -1 where position = $1', [left])
    await core.rows('update records.seal set position = $1 where position = $2', [left, right])
    await core.rows('update records.seal set position = $1 where position = -1', [right])
    const found = await faults()
    if (right < 20) expect(found).toEqual(both)
    // At the very end no later seal can tell which of the two was wrong.
    else expect(found.map((each) => each.split(' ')[1])).toEqual(['1', '20', '20'])
  })

  test('a chain that was rewritten from one entry on is found only by a head published before', async () => {
    const published = await sealHead(core.database.kysely)
    await core.rows(`update records.entry set content = replace(content, 'Body 3', 'Body X') where id = $1`, [
      await entryAt(8),
    ])
    await core.rows('insert into records.unsealed select entry from records.seal')
    await core.rows('delete from records.seal')
    await core.rows(`update records."sealHead" set position = 0, hash = repeat('0', 64)`)
    await sealAll(core.database)
    expect(await faults()).toEqual([])
    expect(await faults(published)).toEqual(['head 20'])
    await core.rows('delete from records.seal where position > 10')
    await core.rows(
      `update records."sealHead" set position = 10, hash = (select hash from records.seal where position = 10)`,
    )
    expect(await faults(published)).toContain('head 20')
  })

  test('a true chain passes through every head it ever had', async () => {
    const published = await sealHead(core.database.kysely)
    await core.make(organisation, sample.organisation())
    expect(await faults(published)).toEqual([])
    await sealAll(core.database)
    expect(await faults(published)).toEqual([])
  })
})

const byPosition = (left: string, right: string) => Number(left.split(' ')[1]) - Number(right.split(' ')[1])

describe('sealing', () => {
  beforeAll(async () => {
    core = await openCore()
    return () => core.close()
  })

  test('two sealers at once never seal an entry twice, and entries of open transactions come later', async () => {
    let late = ''
    await core.writing(async (ctx) => {
      late = (
        await write(ctx, { source: 'test' }, [
          { kind: organisation, action: 'create', values: sample.organisation('Late') },
        ])
      ).saved[0]!.id
      for (let count = 0; count < 30; count++) await core.make(organisation, sample.organisation())
      const sealed = await Promise.all([seal(core.database, 20), seal(core.database, 20), sealAll(core.database)])
      expect(sealed.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(60)
      await sealAll(core.database)
    })
    await sealAll(core.database)
    expect(await faults()).toEqual([])
    const [last] = await core.rows<{ record: string; position: string }>(
      'select e.record, s.position from records.seal s join records.entry e on e.id = s.entry order by s.position desc limit 1',
    )
    expect(last).toEqual({ record: late, position: '62' })
  })

  test('verifying while others write and seal raises no false alarm', async () => {
    let stop = false
    const writing = (async () => {
      while (!stop) {
        await core.make(organisation, sample.organisation())
        await sealAll(core.database)
      }
    })()
    for (let count = 0; count < 30; count++) expect(await faults()).toEqual([])
    stop = true
    await writing
  })

  test('10,000 entries are sealed and verified', async () => {
    const create = () => ({ kind: organisation, action: 'create', values: sample.organisation() })
    for (let count = 0; count < 5; count++) await core.write(Array.from({ length: 2000 }, create))
    expect(await sealAll(core.database)).toBeGreaterThanOrEqual(10_005)
    expect((await verify(core.database.kysely)).whole).toBe(true)
  })
})

describe('personal values', () => {
  beforeAll(async () => {
    core = await openCore()
    return () => core.close()
  })
  const everywhere = async (text: string) => {
    const tables = await core.rows<{ schema: string; name: string }>(
      `select table_schema as schema, table_name as name from information_schema.tables where table_schema in ('records', 'directory') and table_type = 'BASE TABLE'`,
    )
    const found: string[] = []
    for (const { schema, name } of tables)
      if (
        (await core.rows(`select 1 from ${schema}."${name}" t where to_jsonb(t)::text ilike $1 limit 1`, [`%${text}%`]))
          .length > 0
      )
        found.push(`${schema}.${name}`)
    return found
  }

  test('enter the history as commitments, are read back from it, and are gone everywhere after erasure', async () => {
    const id = await core.make(person, {
      title: 'Ada Byron',
      email: 'ada@example.org',
      externalIds: [{ source: 'hr', id: 'ada-4711' }],
    })
    await core.write([{ kind: person, action: 'change', id, values: { title: 'Ada Lovelace' } }])
    await sealAll(core.database)
    const [change, creation] = await historyOf(core.as(), id)
    expect(change).toMatchObject({ before: { title: { und: 'Ada Byron' } }, after: { title: { und: 'Ada Lovelace' } } })
    expect(creation!.externalIds).toEqual({ added: [{ source: 'hr', id: 'ada-4711' }], removed: [] })
    expect(await everywhere('Byron')).toEqual(['records.personal'])
    await core.writing((ctx) => erase(ctx, { source: 'test', why: 'asked for' }, { kind: person, id }))
    await sealAll(core.database)
    for (const text of ['Byron', 'Lovelace', 'ada@example', 'ada-4711']) expect(await everywhere(text)).toEqual([])
    expect(await search(core.as(), 'Ada')).toEqual([])
    expect(await search(core.as(), 'PER-0001')).toMatchObject([{ id, title: { und: '—' } }])
    const erased = await historyOf(core.as(), id)
    expect(erased.map((each) => each.action)).toEqual(['erase', 'change', 'create'])
    for (const each of erased) expect(isErased(each.after!.title)).toBe(true)
    expect(await faults()).toEqual([])
  })

  test('that are not what was committed to are found', async () => {
    const id = await core.make(person, { title: 'Grace Hopper' })
    await sealAll(core.database)
    const { position } = await sealHead(core.database.kysely)
    await core.rows(`update records.personal set value = '{"und":"Grace Hooper"}' where record = $1`, [id])
    expect(await faults()).toEqual([`personal ${position}`])
  })
})
