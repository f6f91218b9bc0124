/**
 * Loads the demo city into an empty installation through the ordinary gate, as one change set: removing it is the undo
 * of that change set. Everything it writes has an external id with the source `demo`.
 */
import { sql } from 'kysely'
import { createAccounts, hashPassword } from '#modules/identity'
import { type App, contextOf, inTransaction } from '#platform/app.ts'
import { type Role, systemCaller } from '#platform/caller.ts'
import type { WriteContext } from '#platform/context.ts'
import { erase, openChangeSet, Permit, prepare, read, save, undo } from '#platform/records/index.ts'
import { cityRef, sampleRef, sampleSource as source } from '#platform/samples.ts'
import { dayIn } from '#platform/today.ts'
import { modules } from '../modules.ts'
import accounts from './accounts.json' with { type: 'json' }
import { type CityChanges, cityChanges, watermark } from './city.ts'

const timeZone = 'Europe/Paris'

export type DemoAccount = { login: string; name: string; role: string }

/**
 * Writes the demo city of these rooms; every account gets `password`. Does not check: call it only if there is no city.
 */
export async function loadDemoCity(app: App, password: string, rooms = modules): Promise<DemoAccount[]> {
  const city = cityChanges(rooms, dayIn('UTC', app.now()))
  const hash = await hashPassword(password)
  const opened = await inTransaction(contextOf(app, systemCaller, 'en'), async (ctx) => {
    const changeSet = await openChangeSet(ctx, { source, why: watermark.en })
    for (const batch of city.batches) await save(changeSet, Permit.for(ctx, await prepare(ctx, batch)))
    await sql`insert into directory.city (organisation, "timeZone", language, demo) values (${city.idOf(cityRef)}, ${timeZone}, 'en', true)
      on conflict (one) do update set organisation = excluded.organisation, "timeZone" = excluded."timeZone", language = 'en', demo = true`.execute(
      ctx.db,
    )
    return openAccounts(ctx, city, hash)
  })
  await app.refreshCity()
  return opened
}

/** The accounts of the city, each for a person that a room created. */
async function openAccounts(ctx: WriteContext, { batches, idOf }: CityChanges, hash: string): Promise<DemoAccount[]> {
  const names = new Map(
    batches.flat().map(({ id, values }) => [id, (values?.title as { und?: string } | undefined)?.und]),
  )
  const bodyOf = (name: string | null) => idOf(name === null ? cityRef : sampleRef('org', name))
  const opened = accounts.map(({ person, ...account }) => {
    const id = idOf(sampleRef('person', person))
    return { ...account, person: id, name: names.get(id) ?? account.login }
  })
  await createAccounts(
    ctx,
    { source },
    opened.map(({ login, role, name, person, organisation }) => ({
      ...{ name, login, hash, person, mustChange: false },
      organisation: idOf(cityRef),
      grants: [{ role: role as Role, body: bodyOf(organisation) }],
      externalId: { source, id: sampleRef('account', login) },
    })),
  )
  return opened.map(({ login, name, role }) => ({ login, name, role }))
}

/** Removes the demo city: undoes what it wrote, closes its accounts. Lists what stays because it was edited since. */
export async function removeDemoCity(app: App): Promise<{ undone: number; kept: number }> {
  const result = await inTransaction(contextOf(app, systemCaller, 'en'), async (ctx) => {
    const { rows } = await sql<{ id: string }>`
      select c.id from records."changeSet" c where c.source = ${source} and c."undoOf" is null
        and not exists (select 1 from records."changeSet" u where u."undoOf" = c.id) order by c.id desc`.execute(ctx.db)
    let undone = 0
    let kept = 0
    for (const row of rows) {
      const one = await undo(ctx, row.id, { mode: 'possible', source: 'demo removed' })
      undone += one.undone
      kept += new Set(one.conflicts.map((conflict) => conflict.record)).size
    }
    // Names and logins of the invented people are erased for good, so that the logins are free again.
    const gone = read(ctx, ['identity.account', 'directory.person']).retired().where(sql`r."retiredAt" is not null`)
    const people = await gone
      .where(
        sql`r.id in (select e.record from records.entry e where e."changeSet" = any(${rows.map((row) => row.id)}::uuid[]))`,
      )
      .pick('id', 'kind')
      .rows()
    for (const each of people) await erase(ctx, { source: 'demo removed' }, each)
    await sql`delete from identity.session where account = any(${await gone.ids()}::uuid[])`.execute(ctx.db)
    await sql`delete from directory.city where demo`.execute(ctx.db)
    return { undone, kept }
  })
  await app.refreshCity()
  return result
}
