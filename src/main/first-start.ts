/** The first start: the demo city in an empty installation, or a real city founded by its first administrator. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type FieldProblem, invalid } from '#kernel/problem.ts'
import type { Language } from '#kernel/words.ts'
import { organisation } from '#modules/directory'
import { checkPassword, createAccounts, hashPassword, newPassword } from '#modules/identity'
import { type App, contextOf, inTransaction } from '#platform/app.ts'
import { systemCaller } from '#platform/caller.ts'
import type { WriteContext } from '#platform/context.ts'
import { newId, read, readable, readableRows, unrestricted, write } from '#platform/records/index.ts'
import { type DemoAccount, loadDemoCity } from './demo/load.ts'

export type Installed = { readonly accounts: readonly DemoAccount[]; readonly password: string }

const passwordFile = (directory: string) => join(directory, 'demo-password')

/** Is there a city (founded or demo)? */
const hasCity = async (app: App) =>
  (await sql`select 1 from directory.city`.execute(app.database.kysely)).rows.length > 0

/** Has anything ever been written here? */
export const isEmptyInstallation = async (app: App) =>
  (await sql`select 1 from records."changeSet" limit 1`.execute(app.database.kysely)).rows.length === 0

/** Loads the demo city if there is no city yet, with one random password for its accounts; does nothing otherwise. */
export async function installDemo(app: App): Promise<Installed | null> {
  if (await hasCity(app)) return null
  const password = newPassword()
  const accounts = await loadDemoCity(app, password)
  const { directory } = app.database
  if (directory) await writeFile(passwordFile(directory), `${password}\n`, { mode: 0o600 })
  return { accounts, password }
}

/** What to print at the terminal about who can sign in to the demo city. */
export const demoLines = ({ accounts, password }: Installed): string[] => [
  `Demo city. Sign in with the password ${password} as:`,
  ...accounts.map(({ login, name, role }) => `  ${login.padEnd(10)} ${role.padEnd(14)} ${name}`),
]

/** Accounts of the demo city and their password, as long as it exists and the data directory holds the password. */
export async function knownDemo(app: App): Promise<Installed | null> {
  const { directory } = app.database
  if (!app.city().demo || !directory) return null
  const password = await readFile(passwordFile(directory), 'utf8')
    .then((text) => text.trim())
    .catch(() => null)
  if (!password) return null
  const unrestrictedReader = unrestricted('the terminal tells who can sign in')
  const { rows } = await sql<DemoAccount>`
    select a.login, coalesce(a.title->>'und', '') as name, min(g.role) as role from ${readable(unrestrictedReader, 'identity.account')} a
    join ${readableRows(unrestrictedReader, 'identity.account', 'grant')} g on g.record = a.id
    join records."externalId" e on e.record = a.id and e.source = 'demo'
    group by a.login, a.title, a.code order by a.code`.execute(app.database.kysely)
  return { accounts: rows, password }
}

/** The code for the first administrator, generated on first use; nothing once there is a city. */
export async function setupCode(app: App): Promise<string | null> {
  if (await hasCity(app)) return null
  const fresh = randomBytes(9).toString('base64url')
  const { rows } = await sql<{ code: string }>`
    insert into identity."setupCode" (code, "createdAt") values (${fresh}, ${app.now().toISOString()})
    on conflict (one) do update set code = identity."setupCode".code returning code`.execute(app.database.kysely)
  return rows[0]!.code
}

export type FoundingInput = {
  readonly code: string
  readonly city: string
  readonly timeZone: string
  readonly language: Language
  readonly name: string
  readonly login: string
  readonly password: string
}

const isZone = (zone: string) => {
  // `Intl` also accepts offsets such as +02:00; they have no summer time and no history.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/**
 * Founds the city: its own record, its first administrator, one row that says which city this is. Reports all problems
 * together.
 */
export async function foundCity(app: App, given: FoundingInput): Promise<void> {
  const wanted = await setupCode(app)
  if (!wanted) throw invalid('house.city-exists', [{ at: '/code', code: 'house.city-exists' }])
  const problems: FieldProblem[] = []
  const need = (at: string, value: string, max: number) => {
    if (value.trim() === '') problems.push({ at, code: 'field.required' })
    else if (value.length > max) problems.push({ at, code: 'field.too-long', values: { limit: max } })
  }
  const code = Buffer.from(given.code.trim())
  if (code.length !== wanted.length || !timingSafeEqual(code, Buffer.from(wanted)))
    problems.push({ at: '/code', code: 'house.wrong-setup-code' })
  need('/city', given.city, 200)
  need('/name', given.name, 160)
  need('/login', given.login, 254)
  if (/\s/.test(given.login.trim())) problems.push({ at: '/login', code: 'identity.login-with-blank' })
  if (!isZone(given.timeZone)) problems.push({ at: '/timeZone', code: 'house.unknown-time-zone' })
  problems.push(...checkPassword(given.password, given.login))
  if (problems.length > 0) throw invalid('records.invalid', problems, { count: problems.length })
  const hash = await hashPassword(given.password)
  app.registry.setLanguage(given.language)
  try {
    await inTransaction(contextOf(app, systemCaller, given.language), (ctx) => found(ctx, given, hash))
  } finally {
    // The language is that of the city that exists now, whoever founded it.
    await app.refreshCity()
  }
}

async function found(ctx: WriteContext, given: FoundingInput, hash: string): Promise<void> {
  const facts = { source: 'first start' }
  // If two people found the city at the same moment, the second waits here and finds the code gone.
  const { rows } = await sql`delete from identity."setupCode" returning one`.execute(ctx.db)
  if (rows.length === 0) throw invalid('house.city-exists', [{ at: '/code', code: 'house.city-exists' }])
  // Content imported earlier may already contain the city: then that one is founded.
  const brought = await read(ctx, organisation).in({ organisationKind: 'city' }).limit(2).ids()
  const city = brought.length === 1 ? brought[0]! : newId()
  const person = newId()
  await write(ctx, facts, [
    ...(brought.length === 1
      ? []
      : [
          {
            kind: 'directory.organisation',
            action: 'create',
            id: city,
            values: { title: given.city.trim(), organisationKind: 'city', sector: 'public', organisation: city },
          },
        ]),
    {
      kind: 'directory.person',
      action: 'create',
      id: person,
      values: { title: { und: given.name.trim() }, organisation: city },
    },
  ])
  await createAccounts(ctx, facts, [
    {
      name: given.name.trim(),
      login: given.login.trim(),
      hash,
      person,
      organisation: city,
      grants: [{ role: 'administrator', body: city }],
      mustChange: false,
    },
  ])
  await sql`insert into directory.city (organisation, "timeZone", language, demo) values (${city}, ${given.timeZone}, ${given.language}, false)`.execute(
    ctx.db,
  )
}
