/** What the pages of one kind share. */
import { notFound } from '#kernel/problem.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import type { KnownKind } from '#kernel/registry.ts'
import type { View } from '#kernel/view.ts'
import type { Panel } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { find } from '#platform/records/index.ts'
import type { TableForm } from '../rows/table.ts'

export { oneOf } from '../form.ts'
export { may } from '../permission.ts'

/** A kind and what the manifests say about it. */
export type KindPages = {
  readonly known: KnownKind
  readonly kind: RecordKind
  /** Address of its list. */
  readonly base: string
  /** The navigation entry it belongs to. */
  readonly section: string | undefined
  /** Panels of other rooms on its page. */
  readonly panels: readonly Panel[]
  /** Its tables of rows that have a form. */
  readonly tables: readonly TableForm[]
}

export const trailOf = (pages: KindPages) => (_data: unknown, view: View) => [
  { label: view.say(`${pages.kind.kind}.plural`), href: pages.base },
]

/** Breadcrumbs of a page below one record. */
export const trailBelow = (pages: KindPages, record: { code: string }) => (view: View) => [
  { label: view.say(`${pages.kind.kind}.plural`), href: pages.base },
  { label: record.code, href: `${pages.base}/${record.code}` },
]

/** The record of an address, retired or not. @throws NotFound */
export async function recordAt(ctx: AppContext, { kind }: KindPages, key: string): Promise<AnyRecord> {
  const found = await find(ctx, kind, key, { retired: true })
  if (!found) throw notFound(key)
  return found as AnyRecord
}
