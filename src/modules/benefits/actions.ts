/** What people do to benefits beyond their fields, steps and rows: begin the framework. */
import { inTransaction } from '#platform/app.ts'
import type { AppContext } from '#platform/page.ts'
import { type Change, type Saved, write } from '#platform/records/index.ts'
import { startingFramework } from './queries-framework.ts'
import { framework } from './records.ts'

const source = 'page'

async function change(ctx: AppContext, why: string | null, changes: readonly Change[]): Promise<Saved[]> {
  return (await inTransaction(ctx, (tx) => write(tx, { source, why }, changes))).saved
}

/** A draft of the framework with our starting text in both languages, for the city to change. */
export async function startFramework(ctx: AppContext, organisation: string | null): Promise<string> {
  const [saved] = await change(ctx, null, [
    {
      kind: framework.kind,
      action: 'create',
      values: {
        ...startingFramework,
        ...(organisation ? { organisation } : {}),
      },
    },
  ])
  return saved!.code
}
