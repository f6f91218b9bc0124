/** Organisations and accounts in addition to those of the demo city. */
import { createAccounts, hashPassword } from '#modules/identity'
import { inTransaction } from '#platform/app.ts'
import { newId, write } from '#platform/records/index.ts'
import { demoPassword } from './people.ts'
import type { TestWeb } from './visitors.ts'

let logins = 0

/** An organisation below another; without one, a separate root. */
export async function makeBody(
  web: TestWeb,
  name: string,
  parent: string | null,
  kind = 'department',
): Promise<string> {
  const id = newId()
  await inTransaction(web.ctx(), (inside) =>
    write(inside, { source: 'test' }, [
      {
        kind: 'directory.organisation',
        action: 'create',
        id,
        values: {
          title: name,
          organisationKind: kind,
          sector: 'public',
          organisation: parent ?? id,
          ...(parent ? { parent } : {}),
        },
      },
    ]),
  )
  return id
}

/** An account with the password of the demo city. */
export async function makeAccount(
  web: TestWeb,
  grants: Array<{ role: 'administrator' | 'leader' | 'analyst'; body: string }>,
  more: { organisation?: string; person?: string; mustChange?: boolean } = {},
) {
  const login = `person${++logins}`
  const [id] = await inTransaction(web.ctx(), async (inside) =>
    createAccounts(inside, { source: 'test' }, [
      {
        name: `Person ${logins}`,
        login,
        hash: await hashPassword(demoPassword),
        person: more.person ?? null,
        organisation: more.organisation ?? grants[0]!.body,
        grants,
        mustChange: more.mustChange ?? false,
      },
    ]),
  )
  return { id: id!, login }
}

/** The organisation that is the city. */
export const cityOf = async (web: TestWeb): Promise<string> =>
  (await web.rows<{ organisation: string }>('select organisation from directory.city'))[0]!.organisation
