/**
 * The city's data, as plain values that mean the same in every installation: a record with its fields and links, and
 * the rows of its plain tables. Every format for whole plans is written from these values and read into them.
 */
import type { ListOptions } from '../records/index.ts'

/** A record. Fields that are empty are left out; references and link ends are ids of records of the same content. */
export type RecordItem = {
  readonly kind: string
  readonly id: string
  /** The readable number at its origin; another installation assigns its own, so it is not part of the content. */
  readonly code?: string
  readonly title: Readonly<Record<string, string>>
  readonly state?: string
  readonly audience?: string
  readonly organisation?: string
  readonly owner?: string
  readonly externalIds?: ReadonlyArray<{ readonly source: string; readonly id: string }>
  readonly links?: Readonly<Record<string, ReadonlyArray<{ readonly to: string; readonly weight?: string }>>>
  /** Only referred to: created if missing, never changed if it exists. */
  readonly context?: true
  readonly [field: string]: unknown
}

/** Some rows of one plain table of one record. */
export type RowsItem = {
  readonly rows: string
  readonly kind: string
  readonly record: string
  readonly values: ReadonlyArray<Readonly<Record<string, unknown>>>
}

export type Item = RecordItem | RowsItem

export const isRows = (item: Item): item is RowsItem => typeof (item as RowsItem).rows === 'string'

/** What is exported: a plan with everything that belongs to it, a list of one kind, or everything. */
export type Scope =
  | { readonly of: 'root'; readonly kind: string; readonly id: string }
  | { readonly of: 'list'; readonly kind: string; readonly where?: ListWhere }
  | { readonly of: 'all' }

/** Conditions of a list, as its page and its endpoint understand them. */
export type ListWhere = Pick<ListOptions, 'filters' | 'words' | 'where'>

/** The header of a file: where it comes from, and whether it says everything about its records. */
export type Header = {
  readonly scope: 'plan' | 'list' | 'all'
  /** Number and name of the plan, or the kind of the list. */
  readonly about?: string
  readonly title?: Readonly<Record<string, string>>
  /**
   * True if the exporter could read everything: then what is left out is empty. False for what the public or a body
   * may see: then what is left out is merely unknown, and a reader leaves it as it is.
   */
  readonly complete: boolean
  /** Which record is the city, and its time zone and language; only if everything is exported. */
  readonly city?: { readonly organisation: string; readonly timeZone: string; readonly language: string }
}

/** Name and version of the neutral value; a reader refuses a newer one by name. */
export const formatName = 'commonweal-content'
export const formatVersion = 1
