/**
 * What the rows of a table can become besides records of one kind. A room offers it in its manifest, `main` joins all
 * offers, and the room `imports` uses them; nothing here knows which rooms exist.
 *
 * A *subject* is what rows are about: indicators with their values. *Named records* are others that such rows mention:
 * the responsible organisation, the goal they belong to. Each is offered by the room that owns its kind, so that no
 * room writes the records of another. *Sheets* are parts of the workbook that a city can fill in.
 */
import type { Language } from '#kernel/words.ts'
import type { WriteContext } from '../context.ts'
import type { ConvertedRow, Profile, Recognition, Row, Values } from '../tabular/index.ts'
import type { WorkbookCell } from '../workbook/index.ts'
import type { MappedColumns } from './mapped.ts'
import type { ImportProblem, ImportValues } from './problems.ts'
import type { Note } from './report.ts'
import type { ReadRow, RowPreview, Step } from './steps.ts'

/** What the files of one table have in common. */
export type MappedTable = {
  readonly profile: Profile
  readonly header: readonly string[]
  readonly mapped: MappedColumns
}

/** A record that a row names besides its subject. Plain data: it is staged as JSON. */
export type NamedContent = {
  /** Identity in the source. */
  readonly id: string
  readonly title: string
  /** Does the title say more than the identity? Only then does it replace an existing record's title. */
  readonly named: boolean
  /** Only its identity is given: the record has to exist already. */
  readonly known?: boolean
  /** Texts in the city's language, by field; each replaces only that language. */
  readonly texts?: Readonly<Record<string, string>>
  /** Values set on every import. */
  readonly values?: Readonly<Record<string, unknown>>
  /** Values set only on a new record. */
  readonly initial?: Readonly<Record<string, unknown>>
  /** Records it points at, by field or link; with `initial` only when it is new. */
  readonly ends?: Readonly<Record<string, NamedEnd | null>>
}
export type NamedEnd = { readonly of: string; readonly key: string; readonly initial?: boolean }

/** What a row says about named records: the key of each within the file, and its depth (0 at the top). */
export type NamedRead = { readonly key: string; readonly level?: number; readonly content: NamedContent }

/** The key under which a row names such a record; null if it names none. */
export type KeyOf = (name: string) => string | null

export type OpenNamed = {
  readonly problems?: readonly ImportProblem[]
  /** The records that a row names, from the top down; the row belongs to the last one. */
  readonly read: (values: Values, keyOf: KeyOf) => readonly NamedRead[]
  /** What the reader of the report should know; `made` counts those that were added. */
  readonly notes?: (made: number) => readonly Note[]
}

export type NamedRecords = {
  /** The name subjects and other named records use for it: `organisation`. */
  readonly name: string
  readonly kind: string
  /**
   * Every meaning a mapping may use. Those that name the record come first: a message points at the first that is
   * mapped.
   */
  readonly columns: readonly string[]
  /** How many levels one row may name (1). */
  readonly levels?: number
  /** Named records it points at. */
  readonly above?: readonly string[]
  /** The kind's links that the file controls; ends that people set by hand stay. */
  readonly links?: readonly string[]
  /** A record without this identity is found by its title. */
  readonly byName?: boolean
  /** Without all of these values no record is created. */
  readonly needs?: readonly string[]
  /** Fields that collect what all rows say about one record, in order, not only what the first says. */
  readonly gather?: readonly string[]
  /** Reported for a row whose record is neither found nor created; `text` and `nearest` are its values. */
  readonly unknown: string
  /** Where the preview shows it. */
  readonly shown?: 'organisation' | 'above'
  /** What a new record gets in addition to what the file says. */
  readonly initial?: (ctx: WriteContext) => Promise<Readonly<Record<string, unknown>>>
  readonly open: (table: MappedTable) => OpenNamed
}

/** Why a record that a row names is missing, and the column to look at. */
export type MissingRecord = { readonly code: string; readonly column: string | null; readonly values: ImportValues }

/** How a subject finds what its rows name while planning. */
export type FindNamed = (name: string, key: string | null) => string | null | MissingRecord

export type SubjectTable = MappedTable & {
  readonly find: FindNamed
  /** Is the meaning used here, by the subject or by what it names? */
  readonly knows: (to: string) => boolean
}

export type OpenSubject = {
  readonly problems: readonly ImportProblem[]
  readonly read: (row: Row, converted: ConvertedRow, keyOf: KeyOf) => ReadRow
  /** Numbered from 1; they come after the steps of the named records. */
  readonly steps: readonly Step[]
  readonly begin: () => void
  readonly notes: () => readonly Note[]
  /** A staged item in the preview; null if it says nothing by itself. */
  readonly shown: (content: unknown) => Omit<RowPreview, 'kind' | 'organisation' | 'above'> | null
}

/** One column as the mapping form holds it. */
export type ColumnForm = {
  readonly to: string
  readonly as: string
  readonly period: string
  /** Status of the values of the column; empty for the usual one. */
  readonly status: string
  readonly choices: string
  readonly id: boolean
  /** Its empty cells are read as the colour they are filled with. */
  readonly colour: boolean
}

/** Something the form asks once for the whole file if no column says it. Texts are word keys. */
export type FileQuestion = {
  /** The meaning of the answer. */
  readonly to: string
  readonly label: string
  readonly hint?: string
  /** Choices, each with the word `words.VALUE`; a text field if there are none. */
  readonly choices?: { readonly values: readonly string[]; readonly words: string }
  /** Label for no answer; without it an answer is required. */
  readonly none?: string
  /** Preset answer. */
  readonly usual?: string
  /** Only if no column has the meaning. */
  readonly unmapped?: boolean
  /** Only if a column or another answer has this meaning. */
  readonly beside?: string
}

/** What the mapping form needs to know about a subject. */
export type SubjectForm = {
  /** Meanings offered for a column; the word for each is `words.to.MEANING`. */
  readonly meanings: readonly string[]
  readonly words: string
  /** Meanings whose empty cells are a problem. */
  readonly required: readonly string[]
  readonly questions: readonly FileQuestion[]
  /**
   * Values of periods: the meaning of the value, those its period and status have where a period is a column, and what a
   * status may be, the usual one first.
   */
  readonly series?: {
    readonly value: string
    readonly period: string
    readonly status: string
    readonly statuses: { readonly values: readonly string[]; readonly words: string }
  }
  /** A meaning completed by the column's own name: `breakdown` becomes `breakdown.district`. */
  readonly dimension?: string
  /** A first mapping guessed from the columns; `name` is the file name. */
  readonly guess: (
    recognition: Recognition,
    name: string,
  ) => { readonly columns: readonly ColumnForm[]; readonly answers: Readonly<Record<string, string>> }
}

/** An empty text table that is recognised when it is uploaded. */
export type TemplateTable = {
  /** Last part of its address: `plan` in `/import/template/plan.csv`. */
  readonly name: string
  /** Path of the file: names of columns, then examples. */
  readonly file: string
  readonly profile: Profile
  /** Prefix of its words: `title`, `about`, and the content of each column under the column's name. */
  readonly words: string
}

export type ImportSubject = {
  /** Its name in a mapping's `kind`. The first one offered is the default. */
  readonly name: string
  /** Kind of the records that the rows are about. */
  readonly kind: string
  /** Word key for the rows: "Indicators and their values". */
  readonly label: string
  /** The meaning that names a record. */
  readonly title: string
  /** Named records that its rows may mention, from the top down. */
  readonly names: readonly string[]
  readonly knows: (to: string) => boolean
  readonly form: SubjectForm
  readonly templates: readonly TemplateTable[]
  readonly open: (table: SubjectTable) => OpenSubject
}

type Text = Readonly<Record<Language, string>>

export type SheetColumn = {
  readonly key: string
  readonly name: Text
  /** In characters. */
  readonly width: number
  /** Meaning in the mapping; by kind if the sheet holds several, where it has one for that kind. */
  readonly to?: string | Readonly<Record<string, string | undefined>>
  readonly as?: string
  readonly required?: boolean
  /** A list to choose from: `choice:KIND.FIELD`, or `column:SHEET.COLUMN`. */
  readonly list?: string
  /** Texts outside the list are accepted too. */
  readonly open?: boolean
  readonly note?: Text
  readonly examples: ReadonlyArray<Readonly<Record<Language, WorkbookCell>>>
}

/** One sheet of the workbook that a city can fill in. */
export type TemplateSheet = {
  readonly key: string
  readonly name: Text
  readonly about: Text
  /** What its rows become: records of a kind, or the first subject; `keep` names a column that must be filled. */
  readonly tables: ReadonlyArray<{ readonly kind?: string; readonly id: readonly string[]; readonly keep?: string }>
  readonly columns: readonly SheetColumn[]
}

/** What one room offers, or all of them together. */
export type ImportOffers = {
  readonly subjects?: readonly ImportSubject[]
  readonly named?: readonly NamedRecords[]
  readonly sheets?: readonly TemplateSheet[]
}
export type AllOffers = Required<ImportOffers>

/** Joins the rooms' offers; throws, by name, if something points at what nobody offers. */
export function joinOffers(rooms: readonly ImportOffers[]): AllOffers {
  const all: AllOffers = {
    subjects: rooms.flatMap((room) => room.subjects ?? []),
    named: rooms.flatMap((room) => room.named ?? []),
    sheets: rooms.flatMap((room) => room.sheets ?? []),
  }
  const once = (what: string, names: readonly string[]) => {
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw new Error(`Two rooms offer ${what} "${twice}" for imports.`)
  }
  once(
    'the subject',
    all.subjects.map(({ name }) => name),
  )
  once(
    'the named records',
    all.named.map(({ name }) => name),
  )
  once(
    'the sheet',
    all.sheets.map(({ key }) => key),
  )
  for (const { name, names } of all.subjects)
    for (const [index, each] of names.entries()) {
      const found = all.named.find((named) => named.name === each)
      if (!found) throw new Error(`The import of ${name} names "${each}", which no room offers.`)
      for (const above of found.above ?? [])
        if (!names.slice(0, index + 1).includes(above))
          throw new Error(`The import of ${name} names "${each}" before "${above}", which stands above it.`)
    }
  for (const { key, columns } of all.sheets)
    for (const { list } of columns) {
      const [sheet, column] = list?.startsWith('column:') ? list.slice('column:'.length).split('.') : []
      if (sheet === undefined) continue
      const found = all.sheets.find((each) => each.key === sheet)?.columns.some((each) => each.key === column)
      if (!found) throw new Error(`The sheet "${key}" takes a list from "${sheet}.${column}", which no room offers.`)
    }
  return all
}

/** The subject that a mapping means; undefined where its rows are records of a kind. */
export const subjectOf = (offers: AllOffers, kind: string | undefined): ImportSubject | undefined =>
  kind === undefined ? offers.subjects[0] : offers.subjects.find(({ name }) => name === kind)
