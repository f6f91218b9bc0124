/** What a writer of a format reads from. */
import type { RecordKind } from '#kernel/record.ts'
import type { Registry } from '#kernel/registry.ts'
import type { Language } from '#kernel/words.ts'
import type { RecordItem, RowsItem } from './item.ts'

/** A page of items; `codes` are the readable numbers of all records that the page refers to. */
export type ContentPage =
  | { readonly of: 'records'; readonly kind: RecordKind; readonly items: readonly RecordItem[]; readonly codes: Codes }
  | { readonly of: 'rows'; readonly kind: RecordKind; readonly item: RowsItem; readonly codes: Codes }
export type Codes = ReadonlyMap<string, string>

export type ReadOptions = {
  /** Only this kind, only its rows of one table, or only some of its records; everything otherwise. */
  readonly only?: { readonly kind: string; readonly rows?: string; readonly ids?: readonly string[] }
  readonly withoutRows?: boolean
}

/** An open snapshot of the selected content; it may be read several times. `close` must be called. */
export type Snapshot = {
  readonly registry: Registry
  readonly language: Language
  /** Kinds present, in the order in which they are read. */
  readonly kinds: readonly RecordKind[]
  readonly count: number
  readonly read: (options?: ReadOptions) => AsyncGenerator<ContentPage>
  readonly close: () => Promise<void>
}
