/** A file format for whole plans. Rooms offer them in their manifest; the plain ones are here. */
import type { Registry } from '#kernel/registry.ts'
import type { TableProblem } from '../tabular/index.ts'
import type { Header } from './item.ts'
import type { Snapshot } from './snapshot.ts'

/** What a writer gets: an open snapshot and the header. */
export type WriterInput = {
  readonly snapshot: Snapshot
  readonly header: Header
  /** Address of the installation if known (`https://city.example`), for names that are addresses. */
  readonly origin?: string
  /** Choices of this format, as `stratml-part`. */
  readonly options?: Readonly<Record<string, string>>
}

/** An item as found in a file, with the line where it begins. */
export type FileItem = { readonly line: number; readonly item: unknown }

/** What a reader reports to: problems of the file, and its header. */
export type ReadPart = {
  readonly registry: Registry
  readonly problem: (problem: TableProblem) => void
  /** The header, before the first item. */
  readonly head: (head: Partial<Header>) => void
  /** Set if lines are not lines of the file: turns the line of a problem into a place. */
  readonly place: (of: (problem: TableProblem) => TableProblem) => void
}

export type Format = {
  /** Word after `--format`, and key of its name in words: `exchange.format.NAME`. */
  readonly name: string
  readonly extension: string
  readonly mediaType: string
  /** Set if what it writes is an archive of several files. */
  readonly packed?: {
    readonly scopes: ReadonlyArray<Header['scope']>
    readonly extension: string
    readonly mediaType: string
  }
  /** Scopes it can hold. */
  readonly holds: ReadonlyArray<Header['scope']>
  readonly write: (outgoing: WriterInput) => AsyncIterable<string | Uint8Array>
  /** Does a file with this beginning look like it? Absent if the format is only written. */
  readonly recognises?: (head: string) => boolean
  /** If other files begin alike: looks further into the file at a path. */
  readonly recognisesFile?: (path: string) => Promise<boolean>
  /** Reads a file; whatever is wrong is reported as a problem; only the stream itself may throw. */
  readonly read?: (file: AsyncIterable<Uint8Array>, part: ReadPart) => AsyncIterable<FileItem>
}

/** Extension and media type of the file that a format makes of a scope. */
export const fileTypeOf = (format: Format, scope: Header['scope']): { extension: string; mediaType: string } =>
  format.packed?.scopes.includes(scope) ? format.packed : format
