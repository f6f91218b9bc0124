/** The register of findings without a worker: made anew when a test says so. */
import type { Context } from '#platform/context.ts'
import { transaction } from '#platform/db/index.ts'
import type { Finding } from '#platform/finding.ts'
import { type Refreshed, refreshRegister } from '#platform/findings/index.ts'
import type { AppContext } from '#platform/page.ts'
import { modules } from '../../src/main/modules.ts'
import { people } from '../../src/main/people.ts'

/** The findings of all rooms. */
export const allFindings: readonly Finding[] = modules.flatMap((module) => module.findings ?? [])

/** Brings the register up to date, as the worker does after a change. */
export const refreshFindings = (
  ctx: Context & Pick<AppContext, 'database'>,
  findings: readonly Finding[] = allFindings,
): Promise<Refreshed> =>
  transaction(ctx.database.kysely, (tx) => refreshRegister({ ...ctx, db: tx }, { findings, people }))
