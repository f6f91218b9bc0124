/**
 * Puts the demo city into an empty house through the ordinary gate, as one change set: removing it is the undo of that
 * change set. Everything it writes carries an external id of the source `demo`.
 */
import { sql } from 'kysely'
import { createAccounts, hashPassword } from '#modules/identity'
import { loadFrame, shippedFrames } from '#modules/strategy'
import { type App, contextOf, dayIn, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import type { WriteContext } from '#platform/context.ts'
import {
  type Change,
  type ChangeSet,
  erase,
  openChangeSet,
  Permit,
  prepare,
  read,
  save,
  undo,
} from '#platform/records/index.ts'
import { benefitChanges, benefitPublications } from './benefits.ts'
import { bodies, cityRef, correction, goals, headlines, idOf, indicatorChange, publications, texts } from './changes.ts'
import { demoCity } from './city.ts'
import type { DemoCity } from './types.ts'

const source = 'demo'
export type DemoAccount = { login: string; name: string; role: string }

/** Writes the demo city; every account gets `password`. Refuses nothing: call it on a house without a city only. */
export async function loadDemoCity(app: App, password: string): Promise<DemoAccount[]> {
  const today = dayIn('UTC', app.now())
  const city = demoCity(today)
  const hash = await hashPassword(password)
  const accounts = await inTransaction(contextOf(app, systemCaller, 'en'), async (ctx) => {
    const changeSet = await openChangeSet(ctx, { source, why: city.watermark.en })
    const ids = new Map<string, string>()
    await saveAll(changeSet, bodies(city, ids))
    const categories = new Map<string, string>()
    for (const frame of shippedFrames)
      for (const [key, id] of await loadFrame(changeSet, frame)) categories.set(key, id)
    await saveAll(changeSet, texts(city, ids))
    await saveAll(changeSet, goals(city, ids, categories))
    await saveAll(
      changeSet,
      city.indicators.map((indicator) => indicatorChange(city, indicator, ids)),
    )
    await saveAll(changeSet, headlines(city, ids))
    await saveAll(
      changeSet,
      city.outcomes
        .filter((outcome) => outcome.state === 'agreed')
        .map((outcome) => ({ kind: 'strategy.outcome', action: 'agree', id: idOf(ids, outcome.ref) })),
    )
    await saveAll(
      changeSet,
      city.indicators.flatMap((indicator) => correction(indicator, ids)),
    )
    await saveAll(changeSet, benefitChanges(today, ids))
    await saveAll(changeSet, [...publications(city, ids), ...benefitPublications(ids)])
    await sql`insert into directory.city (organisation, "timeZone", language, demo) values (${ids.get(cityRef)}, ${city.timeZone}, 'en', true)
      on conflict (one) do update set organisation = excluded.organisation, "timeZone" = excluded."timeZone", language = 'en', demo = true`.execute(
      ctx.db,
    )
    return openAccounts(ctx, city, ids, hash)
  })
  await app.refreshCity()
  return accounts
}

async function openAccounts(
  ctx: WriteContext,
  city: DemoCity,
  ids: Map<string, string>,
  hash: string,
): Promise<DemoAccount[]> {
  const people = new Map(city.people.map((person) => [person.ref, person]))
  await createAccounts(
    ctx,
    { source },
    city.accounts.map((account) => ({
      name: people.get(account.person)?.name ?? account.login,
      login: account.login,
      hash,
      person: ids.get(account.person) ?? null,
      organisation: ids.get(cityRef)!,
      grants: [{ role: account.role, body: ids.get(account.organisation ?? cityRef)! }],
      mustChange: false,
      externalId: { source, id: `demo:account:${account.login}` },
    })),
  )
  return city.accounts.map((account) => ({
    login: account.login,
    name: people.get(account.person)?.name ?? '',
    role: account.role,
  }))
}

/** Takes the demo city away again: undoes what it wrote, ends its accounts. Lists what was edited since and stays. */
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
    // Names and logins of the invented people go for good, so that the logins are free again.
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

async function saveAll(changeSet: ChangeSet, changes: readonly Change[]): Promise<void> {
  await save(changeSet, Permit.for(changeSet.ctx, await prepare(changeSet.ctx, changes)))
}
