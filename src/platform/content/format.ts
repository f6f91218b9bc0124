/** A format that whole plans travel in. Rooms offer them in their manifest; the plain ones are here. */
import type { Registry } from '#kernel/registry.ts'
import type { TableProblem } from '../tabular/index.ts'
import type { Header } from './item.ts'
import type { Snapshot } from './snapshot.ts'

/** What a writer is given: an open snapshot and what stands at the head. */
export type WriterInput = {
  readonly snapshot: Snapshot
  readonly header: Header
  /** Address of the installation where it is known (`https://city.example`), for names that are addresses. */
  readonly origin?: string
  /** Choices of this format, as `stratml-part`. */
  readonly options?: Readonly<Record<string, string>>
}

/** An item as it stands in a file, on the line where it begins. */
export type FileItem = { readonly line: number; readonly item: unknown }

/** How a reader speaks: problems of the file, and what its head says. */
export type ReadPart = {
  readonly registry: Registry
  readonly problem: (problem: TableProblem) => void
  /** What stands at the head, before the first item. */
  readonly head: (head: Partial<Header>) => void
  /** Said where lines are not lines of the file: turns the line of a problem into a place. */
  readonly place: (of: (problem: TableProblem) => TableProblem) => void
}

export type Format = {
  /** Word after `--format`, and key of its name in words: `exchange.format.NAME`. */
  readonly name: string
  readonly extension: string
  readonly mediaType: string
  /** Where what it writes is an archive of several files. */
  readonly packed?: {
    readonly scopes: ReadonlyArray<Header['scope']>
    readonly extension: string
    readonly mediaType: string
  }
  /** Scopes it can hold. */
  readonly holds: ReadonlyArray<Header['scope']>
  readonly write: (outgoing: WriterInput) => AsyncIterable<string | Uint8Array>
  /** Does a file that begins like this look like it? Absent where the format is only written. */
  readonly recognises?: (head: string) => boolean
  /** Where the beginning is that of other files, too: looks further into the file at a path. */
  readonly recognisesFile?: (path: string) => Promise<boolean>
  /** Reads a file; whatever is wrong is a problem, never an exception but of the stream itself. */
  readonly read?: (file: AsyncIterable<Uint8Array>, part: ReadPart) => AsyncIterable<FileItem>
}

/** Ending and media type of the file that a format makes of a scope. */
export const fileTypeOf = (format: Format, scope: Header['scope']): { extension: string; mediaType: string } =>
  format.packed?.scopes.includes(scope) ? format.packed : format
