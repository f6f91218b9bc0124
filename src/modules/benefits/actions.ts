/** What people do to benefits beyond their fields, steps and rows: begin the framework. */
import { inTransaction } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { write } from '#platform/records/index.ts'
import { startingFramework } from './queries-framework.ts'
import { framework } from './records.ts'

/** A draft of the framework with our starting text in both languages, for the city to change. */
export async function startFramework(ctx: AppContext, organisation: string | null): Promise<string> {
  const values = { ...startingFramework, ...(organisation ? { organisation } : {}) }
  const { saved } = await inTransaction(ctx, (tx) =>
    write(tx, { source: 'page' }, [{ kind: framework.kind, action: 'create', values }]),
  )
  return saved[0]!.code
}
