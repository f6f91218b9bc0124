/**
 * What a module tells the import machinery: how a row of a file becomes items, and how the items of one record become
 * a change. The machinery reads, stages, pages, asks the gate, rejects, counts and reports.
 */
import type { WriteContext } from '../context.ts'
import type { Change } from '../records/index.ts'
import type { ConvertedRow, Row } from '../tabular/index.ts'
import type { ImportProblem } from './problems.ts'
import type { Note } from './report.ts'
import type { StagedItem } from './staging.ts'

/** What the lines of a file say about one record, or a part of it where they are very many. */
export type Group<Content> = {
  readonly key: string
  /** Is it the first part of the record? Later parts bring further rows only. */
  readonly first: boolean
  readonly items: ReadonlyArray<{ readonly line: number; readonly slot: string; readonly content: Content }>
}

export type Planned = {
  readonly key: string
  /** Null where nothing is left to be written. */
  readonly change: Change | null
  /** Lines the change is made of. */
  readonly lines: readonly number[]
  /** Line and column a place in the change comes from, for what the gate finds wrong; null = all its lines. */
  readonly placeOf?: (at: string) => { readonly line: number; readonly column: string | null } | null
  /** Column that a place in the change comes from, where it concerns all lines of the record. */
  readonly columnOf?: (at: string) => string | null
  /** Lines that cannot be taken, and why. */
  readonly problems: readonly ImportProblem[]
}

export type Step = {
  /** Its number among the steps of the staged items. */
  readonly step: number
  /** Other rows only point at these records: alone they are no reason to save anything. */
  readonly shared: boolean
  /** Plans a batch of groups, in their order. Reads only. */
  readonly plan: (ctx: WriteContext, groups: ReadonlyArray<Group<never>>) => Promise<Planned[]>
  /** Told after a change was saved, found to alter nothing, or refused (`null`). */
  readonly saved?: (key: string, id: string | null) => void
}

export type ReadRow = {
  readonly items: ReadonlyArray<StagedItem & { readonly shared?: boolean }>
  readonly problems: readonly ImportProblem[]
}

/** What a row of a table would become, for the first look. */
export type ShownRow = {
  readonly kind: string
  readonly title: string
  readonly organisation: string
  /** What it belongs to, from the top. */
  readonly above: string
  /** What it says besides, shortened; and how many values of a series that stands for (0 where it is none). */
  readonly values: string
  readonly count: number
  /** What deserves a column of its own, by the key of its head. */
  readonly more: ReadonlyArray<{ readonly head: string; readonly text: string }>
}

export type Importer = {
  /** What is wrong with the profile before a row is read, or what of it has no meaning here. */
  readonly problems: readonly ImportProblem[]
  readonly read: (row: Row, converted: ConvertedRow) => ReadRow
  /** What a row that was read would become. */
  readonly shown: (items: ReadRow['items'], converted: ConvertedRow) => readonly ShownRow[]
  readonly steps: readonly Step[]
  /** Begins a round of saving: everything remembered from the round before is forgotten. */
  readonly begin: (ctx: WriteContext) => Promise<void>
  /** What the reader of the report should know; asked once, at the end. */
  readonly notes: () => readonly Note[]
}
