/** What a page that takes one step for many records is told, and what its form holds. */
import type { AnyRecord } from '#kernel/record.ts'
import type { View } from '#kernel/view.ts'
import type { Say } from '#kernel/words.ts'
import type { AppContext, PagePolicy } from '#platform/page.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import type { FormValues } from '../record/form-values.ts'
import type { Act } from './act.ts'

/** Records with a box each, and names shown of those that are left out; the rest is counted. */
export const maxShown = 300

export type Query = Readonly<Record<string, string>>

/** What an address asks for: ids in the order in which they are shown, and how many there are, if more than those. */
export type Found = { readonly ids: readonly string[]; readonly count?: number; readonly told?: string }

export type ActPageOptions = {
  readonly path: string
  readonly policy: PagePolicy
  readonly section?: string
  readonly title: (say: Say) => string
  readonly lead: (say: Say) => string
  /** Kinds that the records may be of. */
  readonly kinds: (ctx: AppContext) => readonly string[]
  /** Names of the steps (see `act.ts`), the usual one first. */
  readonly acts: (ctx: AppContext) => readonly string[]
  /** The records that the address asks for; null if it asks for none yet. */
  readonly found: (ctx: AppContext, query: Query) => Promise<Found | null>
  /** What is said where it finds none. */
  readonly none?: (say: Say) => string
  /** A list from which the address is chosen. */
  readonly choose?: {
    readonly name: string
    readonly label: (say: Say) => string
    readonly options: (ctx: AppContext) => Promise<readonly RecordOption[]>
  }
  /** What to know before, and what follows from the answers given so far. */
  readonly notices?: (ctx: AppContext, typed: FormValues) => Promise<readonly string[]>
  /** A part above the records, with the address. */
  readonly above?: {
    readonly load: (ctx: AppContext, query: Query) => Promise<unknown>
    readonly view: (data: never, view: View) => unknown
  }
  /** `links.NAME` may also lead to a new record: what is asked about it, and what is known. */
  readonly make?: {
    readonly kind: string
    readonly asks: readonly string[]
    readonly values: (ctx: AppContext, query: Query) => Promise<Record<string, unknown>>
  }
  /** Where one comes from, and goes back to when it is done. */
  readonly back?: (query: Query) => string
}

/** Parameters of the page itself. */
const own = new Set(['act', 'done', 'count'])
export const others = (query: Query): Query =>
  Object.fromEntries(Object.entries(query).filter(([name]) => !own.has(name)))

export const addressOf = ({ path }: ActPageOptions, query: Query, more: Query = {}): string => {
  const parameters = new URLSearchParams({ ...others(query), ...more })
  return parameters.size > 0 ? `${path}?${parameters}` : path
}

/** The records of a form, and what was said about them. */
export type Chosen = {
  readonly act: Act
  readonly records: readonly AnyRecord[]
  readonly ticked: ReadonlySet<string>
  /** Are those beyond the ones shown meant as well? */
  readonly whole: boolean
  readonly seen: ReadonlyMap<string, number>
  readonly typed: FormValues
}
