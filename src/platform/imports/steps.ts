/**
 * What a module tells the import machinery: how a row of a file becomes items, and how the items of one record become
 * a change. The machinery reads, stages, pages, calls the gate, rejects, counts and reports.
 */
import type { WriteContext } from '../context.ts'
import type { Change } from '../records/index.ts'
import type { ConvertedRow, Row } from '../tabular/index.ts'
import type { ImportProblem } from './problems.ts'
import type { Note } from './report.ts'
import type { StagedItem } from './staging.ts'

/** What the lines of a file say about one record, or part of it if there are very many. */
export type Group<Content> = {
  readonly key: string
  /** Is it the first part of the record? Later parts bring further rows only. */
  readonly first: boolean
  readonly items: ReadonlyArray<{ readonly line: number; readonly slot: string; readonly content: Content }>
}

export type Planned = {
  readonly key: string
  /** Null if nothing is left to write. */
  readonly change: Change | null
  /** Lines the change is made of. */
  readonly lines: readonly number[]
  /** The line and column behind a place in the change, for problems the gate finds; null = all its lines. */
  readonly placeOf?: (at: string) => { readonly line: number; readonly column: string | null } | null
  /** The column behind a place in the change, if it concerns all lines of the record. */
  readonly columnOf?: (at: string) => string | null
  /** Lines that cannot be imported, and why. */
  readonly problems: readonly ImportProblem[]
}

export type Step = {
  /** Its number among the steps of the staged items. */
  readonly step: number
  /** Other rows merely point at these records: on their own they are no reason to save anything. */
  readonly shared: boolean
  /** Plans a batch of groups, in their order. Reads only. */
  readonly plan: (ctx: WriteContext, groups: ReadonlyArray<Group<never>>) => Promise<Planned[]>
  /** Called after a change was saved, found to alter nothing, or refused (`null`). */
  readonly saved?: (key: string, id: string | null) => void
}

export type ReadRow = {
  readonly items: ReadonlyArray<StagedItem & { readonly shared?: boolean }>
  readonly problems: readonly ImportProblem[]
}

/** What a row of a table would become, for the preview. */
export type RowPreview = {
  readonly kind: string
  readonly title: string
  readonly organisation: string
  /** What it belongs to, from the top down. */
  readonly above: string
  /** What else it says, shortened; and how many values of a series that represents (0 if it is not a series). */
  readonly values: string
  readonly count: number
  /** What deserves a column of its own, by the word key of its header. */
  readonly more: ReadonlyArray<{ readonly head: string; readonly text: string }>
}

export type Importer = {
  /** What is wrong with the profile before any row is read, or has no meaning here. */
  readonly problems: readonly ImportProblem[]
  readonly read: (row: Row, converted: ConvertedRow) => ReadRow
  /** What a row would become once read. */
  readonly shown: (items: ReadRow['items'], converted: ConvertedRow) => readonly RowPreview[]
  readonly steps: readonly Step[]
  /** Begins a round of saving: everything cached in the previous round is discarded. */
  readonly begin: (ctx: WriteContext) => Promise<void>
  /** What the reader of the report should know; called once, at the end. */
  readonly notes: () => readonly Note[]
}
