/** What the rows of a table may become, as the mapping form needs it, in the reader's language. */
import type { ColumnForm, FileQuestion } from '#platform/imports/index.ts'
import type { Recognition } from '#platform/tabular/index.ts'

/** A value with its label. */
export type Option = { readonly value: string; readonly label: string }

export type Question = Omit<FileQuestion, 'choices'> & { readonly choices?: readonly Option[] }

/** A subject that a room offers, or the records of one kind. The form does not tell them apart. */
export type RowMeaning = {
  /** The mapping's `kind`; empty for the first subject. */
  readonly value: string
  /** Records of a kind, not a subject. */
  readonly ofKind: boolean
  /** What a column may mean. */
  readonly meanings: readonly Option[]
  readonly knows: (to: string) => boolean
  /** The meaning that names a record. */
  readonly title: string
  readonly required: readonly string[]
  readonly questions: readonly Question[]
  readonly series?: {
    readonly value: string
    readonly period: string
    readonly status: string
    /** The usual one first. */
    readonly statuses: readonly Option[]
  }
  readonly dimension?: string
  readonly guess: (
    recognition: Recognition,
    name: string,
  ) => { readonly columns: readonly ColumnForm[]; readonly answers: Readonly<Record<string, string>> }
}
