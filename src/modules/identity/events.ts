/** Signs out whoever may no longer sign in, however the account was closed, retired or erased. */
import { sql } from 'kysely'
import type { Subscriber } from '#platform/module.ts'
import { readableRecords, unrestricted } from '#platform/records/index.ts'
import { account } from './records.ts'

const everyAccount = readableRecords(unrestricted('sessions end whoever may read the account'), [account.kind], {
  retired: true,
})

export const subscribers: Subscriber[] = [
  {
    name: 'identity.end-sessions',
    handle: async (ctx, entries) => {
      const accounts = entries.filter((entry) => entry.kind === 'identity.account')
      const erased = accounts.flatMap((entry) => (entry.action === 'erase' && entry.record ? [entry.record] : []))
      if (erased.length > 0) {
        await sql`delete from identity.secret where account = any(${erased}::uuid[])`.execute(ctx.db)
        await sql`delete from identity.session where account = any(${erased}::uuid[])`.execute(ctx.db)
      }
      if (accounts.some((entry) => entry.action !== 'create'))
        await sql`delete from identity.session s using ${everyAccount} r
          where r.id = s.account and (r."retiredAt" is not null or r.state <> 'active')`.execute(ctx.db)
    },
  },
]
