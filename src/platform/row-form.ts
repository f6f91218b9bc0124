/**
 * What a room says about the form of one of its tables of rows. Every table has a form without it; a room says only
 * what is special: which periods wait for a value, what follows from what was typed.
 */
import type { Field, ValueProblem } from '#kernel/fields/field.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import type { AnyRecord } from '#kernel/record.ts'
import type { Context } from './context.ts'
import type { AppContext } from './page.ts'
import type { RowValues } from './records/index.ts'

export type { RowValues } from './records/index.ts'

/** A column that people fill in, where it is not simply a field of the row: a period typed as one text, say. */
export type RowColumn<Shown = AnyRecord> = {
  readonly name: string
  /** How it is asked: its control, its parts. */
  readonly field: Field
  /** Word key of its label; by default the word of the row's field of that name. */
  readonly label?: string
  readonly hint?: string
  /** The fields of the row that it fills; problems with them are shown here. */
  readonly writes: readonly string[]
  readonly shown: (ctx: Context, row: RowValues, record: Shown) => unknown
  /** What the fields become; nothing is thrown. */
  readonly read: (
    value: unknown,
    given: { readonly record: Shown; readonly before: RowValues | null },
  ) => { readonly values: RowValues } | { readonly problems: readonly ValueProblem[] }
}

/** A row as it was typed, before it is written; `row` may be completed. */
export type EnteredRow<Row = RowValues> = {
  /** Its line in the form: problems stand at `/line/field`. */
  readonly line: number
  readonly before: Readonly<Row> | null
  readonly row: { -readonly [Name in keyof Row]: Row[Name] }
}

/** A row that waits to be filled in, with a sentence about it. */
export type OfferedRow = { readonly row: RowValues; readonly lead?: string }

export type RowForm<Shown = AnyRecord, Row = RowValues> = {
  readonly kind: string
  readonly table: string
  /** Last part of the address below the record; `rows/TABLE` by default. */
  readonly at?: string
  /** The address of a page of the room's own: there is no other form, because a rule needs more than the rows. */
  readonly ownPage?: (record: Shown) => string
  /** The room's own panel leads to the form, so that the page does not repeat it. */
  readonly linked?: boolean
  /** Word key of what to know before filling it in. */
  readonly lead?: string
  /** Does this record have the table at all? */
  readonly applies?: (ctx: AppContext, record: Shown) => boolean | Promise<boolean>
  /** The columns that are asked for, in order; all fields by default. */
  readonly columns?: (record: Shown, ctx: AppContext) => ReadonlyArray<string | RowColumn<Shown>>
  /** What a column is called or counted in, where the record says so itself. */
  readonly words?: (
    ctx: AppContext,
    record: Shown,
  ) => Readonly<Record<string, { readonly label?: string; readonly hint?: string }>>
  /** Numbers of these columns may be typed with a percent sign, which is dropped. */
  readonly percent?: (record: Shown) => readonly string[]
  /** One key field that is chosen beside the table, not in each row. */
  readonly narrow?: {
    readonly field: string
    readonly choices: (
      ctx: AppContext,
      record: Shown,
    ) => Promise<ReadonlyArray<{ readonly value: string; readonly label: string }>>
  }
  /** The newest rows first, where people come to add the next one. */
  readonly newestFirst?: boolean
  /** Rows that stand are never rewritten or removed here; new ones are added beside them. */
  readonly addsOnly?: boolean
  /** Word key of what to say about the reason. */
  readonly whyHint?: string
  /** The field of a row that says the reason of the change; it is not asked for a second time. */
  readonly reasonIn?: string
  /** What an empty row begins with. */
  readonly starts?: (ctx: AppContext, record: Shown) => RowValues
  /** Rows that wait to be filled in; one that is left as it was is not written. */
  readonly offer?: (ctx: AppContext, record: Shown, narrowed: string) => Promise<readonly OfferedRow[]>
  /** The whole table as it follows from the record; shown before it is saved. */
  readonly derive?: {
    /** Prefix of the words of the button (`…`), of what it does (`….note`) and of what it lacks (`….missing`). */
    readonly words: string
    /** Nothing if the record does not say enough. */
    readonly rows: (ctx: AppContext, record: Shown) => Promise<readonly RowValues[] | null>
  }
  /** Completes what was typed, in the transaction that writes it, and says what is wrong at `/line/field` or `/why`. */
  readonly complete?: (
    ctx: AppContext,
    record: Shown,
    rows: ReadonlyArray<EnteredRow<Row>>,
    given: { readonly why: string },
  ) => Promise<readonly FieldProblem[]>
  /** Fields of the record that change with these rows, in the same change set. */
  readonly alsoSets?: (record: Shown, rows: readonly Row[]) => Readonly<Record<string, unknown>>
}

/** Says what is special about a table's form; `kind` is the declaration or its name. */
export const rowForm = <Shown = AnyRecord, Row = RowValues>(
  kind: { readonly kind: string },
  table: string,
  special: Omit<RowForm<Shown, Row>, 'kind' | 'table'>,
): RowForm => ({ kind: kind.kind, table, ...special }) as unknown as RowForm
