/** Writes content in a format: opens the snapshot, streams, and releases it however the stream ends. */
import { notFound } from '#kernel/problem.ts'
import type { Format, Header, Scope, Snapshot } from '../content/index.ts'
import type { AppContext } from '../page.ts'
import { find } from '../records/index.ts'
import { openSnapshot } from './content.ts'
import { ContentHash } from './hash.ts'

export type ExportRequest = {
  readonly format: Format
  readonly scope: Scope
  readonly options?: Readonly<Record<string, string>>
  readonly city?: Header['city']
}

/** The pieces of the file. */
export async function* writeContent(
  ctx: AppContext,
  { format, scope, options, city }: ExportRequest,
): AsyncGenerator<string | Uint8Array> {
  const header = { ...(await headerOf(ctx, scope)), ...(city ? { city } : {}) }
  const snapshot = await openSnapshot(ctx, scope)
  try {
    yield* format.write({
      snapshot,
      header,
      ...(ctx.exchange.origin ? { origin: ctx.exchange.origin } : {}),
      ...(options ? { options } : {}),
    })
  } finally {
    await snapshot.close()
  }
}

/** The hash of a scope's content as the caller sees it. */
export async function hashOf(ctx: AppContext, scope: Scope): Promise<string> {
  const snapshot = await openSnapshot(ctx, scope)
  try {
    return await hashOfSnapshot(snapshot)
  } finally {
    await snapshot.close()
  }
}

async function hashOfSnapshot(snapshot: Snapshot): Promise<string> {
  const hash = new ContentHash()
  for await (const page of snapshot.read())
    for (const item of page.of === 'rows' ? [page.item] : page.items) hash.add(item)
  return hash.digest()
}

/** @throws NotFound if the caller cannot see the plan. */
async function headerOf(ctx: AppContext, scope: Scope): Promise<Header> {
  const complete = ctx.caller.system
  if (scope.of === 'all') return { scope: 'all', complete }
  if (scope.of === 'list') return { scope: 'list', about: scope.kind, complete }
  const { declaration } = ctx.registry.kind(scope.kind)
  const root = await find(ctx, declaration, scope.id)
  if (!root) throw notFound(scope.id)
  return { scope: 'plan', about: root.code, title: root.title, complete }
}
