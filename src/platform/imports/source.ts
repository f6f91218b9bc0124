/** What an import reads from: a table with a mapping profile, or a self-describing file. */
import type { ProblemList } from '../tabular/index.ts'
import type { ImportProblem } from './problems.ts'
import type { Note } from './report.ts'
import type { StagedItem } from './staging.ts'
import type { Importer } from './steps.ts'

export type LocateProblems = (problems: readonly ImportProblem[]) => readonly ImportProblem[]

/** Where a source puts what it reads. */
export type Sink = {
  readonly item: (item: StagedItem & { readonly shared?: boolean }) => Promise<void>
  /** Nothing on this line is imported. */
  readonly reject: (line: number) => Promise<void>
  readonly problem: (...problems: readonly ImportProblem[]) => void
  /** All problems of a list, including those it only counted; `placed` says where they are. */
  readonly problems: (list: ProblemList, placed?: LocateProblems) => void
  /** Counts a row or part of the file; `kept` is false if it is left out on purpose. */
  readonly row: (kept: boolean) => void
  readonly progress: (bytes: number) => void
}

export type Source = {
  /** Known after the reading. */
  readonly importer: () => Pick<Importer, 'steps' | 'begin' | 'notes'>
  /** Reads the whole file; a problem with severity `stop` ends the import. */
  readonly read: (sink: Sink) => Promise<void>
  /** What the file was: rows, encoding or sheets, hash. Known after the reading. */
  readonly note: () => Note
  /** Sheets in the order in which they are read. */
  readonly sheets?: () => readonly string[]
  /** Turns a problem's line into a place in the file, since lines are numbered across several tables. */
  readonly place?: (problem: ImportProblem) => ImportProblem
}
