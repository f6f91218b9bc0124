/** What a reader may do, asked before it is offered: a button that ends in a refusal helps nobody. The gate asks again. */
import { notAllowed } from '#kernel/problem.ts'
import { isSignedIn } from '#platform/caller.ts'
import type { Context } from '#platform/context.ts'
import type { RecordRow } from '#platform/policy.ts'

type Asking = Pick<Context, 'caller' | 'policies'>

/** May the reader do this to the record, or to this field of it? */
export const may = (ctx: Asking, action: string, record: RecordRow, field?: string): boolean =>
  isSignedIn(ctx.caller) && ctx.policies.can(ctx.caller, action, record, field)

/** Could the reader do this to some record of the kind? */
export const maySome = (ctx: Asking, action: string, kind: string): boolean =>
  isSignedIn(ctx.caller) && ctx.policies.canSome(ctx.caller, action, kind)

/** For pages that are about doing it. @throws NotAllowed */
export function mustBeAllowed(ctx: Asking, action: string, record: RecordRow): void {
  if (!may(ctx, action, record)) throw notAllowed('identity.not-allowed', { action, kind: record.kind })
}
