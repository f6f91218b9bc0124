/**
 * What the rows of a table can become beside records of one kind. A room offers it in its manifest, `main` joins what all
 * rooms offer, and the room `imports` asks; nothing here knows which rooms there are.
 *
 * A *subject* is what rows are about: indicators with their values. *Named records* are those that such rows speak of
 * besides: the body that answers, the goal it belongs to. Each is offered by the room that owns its kind, so that no room
 * writes the records of another. *Sheets* are parts of the workbook that a city can fill.
 */
import type { Language } from '#kernel/words.ts'
import type { WriteContext } from '../context.ts'
import type { ConvertedRow, Profile, Recognition, Row, Values } from '../tabular/index.ts'
import type { WorkbookCell } from '../workbook/index.ts'
import type { MappedColumns } from './mapped.ts'
import type { ImportProblem, ImportValues } from './problems.ts'
import type { Note } from './report.ts'
import type { ReadRow, ShownRow, Step } from './steps.ts'

/** What the files of one table have in common. */
export type MappedTable = {
  readonly profile: Profile
  readonly header: readonly string[]
  readonly mapped: MappedColumns
}

/** A record that a row names beside what it is about. Plain data: it is staged as JSON. */
export type NamedContent = {
  /** Identity in the source. */
  readonly id: string
  readonly title: string
  /** Does the title say more than the identity? Only then does it replace what a known record is called. */
  readonly named: boolean
  /** Only its identity is stated: the record has to be here already. */
  readonly known?: boolean
  /** Texts in the language of the city, by field; each replaces that language alone. */
  readonly texts?: Readonly<Record<string, string>>
  /** What the file says whenever it comes. */
  readonly values?: Readonly<Record<string, unknown>>
  /** What only a new record is given. */
  readonly initial?: Readonly<Record<string, unknown>>
  /** Records it points at, by field or link; with `initial` only while it is new. */
  readonly ends?: Readonly<Record<string, NamedEnd | null>>
}
export type NamedEnd = { readonly of: string; readonly key: string; readonly initial?: boolean }

/** What a row says of named records: the key of each within the file, and how far down it stands (0 at the top). */
export type NamedRead = { readonly key: string; readonly level?: number; readonly content: NamedContent }

/** The key under which a row names a record of these; null where it names none. */
export type KeyOf = (name: string) => string | null

export type OpenNamed = {
  readonly problems?: readonly ImportProblem[]
  /** The records that a row names, those above first; the row belongs to the last one. */
  readonly read: (values: Values, keyOf: KeyOf) => readonly NamedRead[]
  /** What the reader of the report should know; `made` counts those that were added. */
  readonly notes?: (made: number) => readonly Note[]
}

export type NamedRecords = {
  /** How subjects and other named records call it: `organisation`. */
  readonly name: string
  readonly kind: string
  /** Every meaning a mapping may use. Those come first that name the record: a message points at the first that is mapped. */
  readonly columns: readonly string[]
  /** So many may stand above one another in a row (1). */
  readonly levels?: number
  /** Named records it points at. */
  readonly above?: readonly string[]
  /** Links of the kind that the file speaks for; ends that people set by hand stay. */
  readonly links?: readonly string[]
  /** A record without this identity is found by what it is called. */
  readonly byName?: boolean
  /** Without all of these values none is made. */
  readonly needs?: readonly string[]
  /** Fields that hold all that the rows say of one record, in order, not only what the first says. */
  readonly gather?: readonly string[]
  /** What is told of a row whose record is neither found nor made; `text` and `nearest` are its values. */
  readonly unknown: string
  /** Where it stands in the first look. */
  readonly shown?: 'organisation' | 'above'
  /** What a new record is given beside what the file says. */
  readonly initial?: (ctx: WriteContext) => Promise<Readonly<Record<string, unknown>>>
  readonly open: (table: MappedTable) => OpenNamed
}

/** Why a record that a row names is not there, and the column to look at. */
export type NotFoundHere = { readonly code: string; readonly column: string | null; readonly values: ImportValues }

/** How a subject finds what its rows name, while it plans. */
export type FindNamed = (name: string, key: string | null) => string | null | NotFoundHere

export type SubjectTable = MappedTable & {
  readonly find: FindNamed
  /** Has the meaning a place here, by the subject or by what it names? */
  readonly knows: (to: string) => boolean
}

export type OpenSubject = {
  readonly problems: readonly ImportProblem[]
  readonly read: (row: Row, converted: ConvertedRow, keyOf: KeyOf) => ReadRow
  /** Numbered from 1 among themselves; they come after those of the named records. */
  readonly steps: readonly Step[]
  readonly begin: () => void
  readonly notes: () => readonly Note[]
  /** A staged item in the first look; null for one that says nothing by itself. */
  readonly shown: (content: unknown) => Omit<ShownRow, 'kind' | 'organisation' | 'above'> | null
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

/** Something that the form asks once for the whole file, where no column says it. Texts are keys of words. */
export type FileQuestion = {
  /** Meaning that the answer has. */
  readonly to: string
  readonly label: string
  readonly hint?: string
  /** Choices, each with the word `words.VALUE`; a text field where there are none. */
  readonly choices?: { readonly values: readonly string[]; readonly words: string }
  /** What no answer is called; without it one choice is always made. */
  readonly none?: string
  /** Answer that is filled in. */
  readonly usual?: string
  /** Only where no column has the meaning. */
  readonly unmapped?: boolean
  /** Only where a column or another answer has this meaning. */
  readonly beside?: string
}

/** What the mapping form needs to know of a subject. */
export type SubjectForm = {
  /** Meanings that are offered for a column; the word of each is `words.to.MEANING`. */
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
  /** A meaning that goes on with the column's own name: `breakdown` becomes `breakdown.district`. */
  readonly dimension?: string
  /** A first mapping from what the columns look like; `name` is what the file is called. */
  readonly guess: (
    recognition: Recognition,
    name: string,
  ) => { readonly columns: readonly ColumnForm[]; readonly answers: Readonly<Record<string, string>> }
}

/** A blank table in text form that is recognised when it comes back. */
export type TemplateTable = {
  /** Last part of its address: `plan` in `/import/template/plan.csv`. */
  readonly name: string
  /** Path of the file: names of columns, then examples. */
  readonly file: string
  readonly profile: Profile
  /** Prefix of its words: `title`, `about`, and what stands in each column by the column's name. */
  readonly words: string
}

export type ImportSubject = {
  /** What a mapping calls it under `kind`. The first one that is offered needs no naming. */
  readonly name: string
  /** Kind of the records that the rows are about. */
  readonly kind: string
  /** Key of what the rows are called: "Indicators and their values". */
  readonly label: string
  /** The meaning that names a record. */
  readonly title: string
  /** Named records that its rows may speak of, those above first. */
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
  /** Meaning in the mapping; by kind where the sheet holds several. */
  readonly to?: string | Readonly<Record<string, string>>
  readonly as?: string
  readonly required?: boolean
  /** A list to choose from: `choice:KIND.FIELD`, or `column:SHEET.COLUMN`. */
  readonly list?: string
  /** Other texts than those of the list are taken, too. */
  readonly open?: boolean
  readonly note?: Text
  readonly examples: ReadonlyArray<Readonly<Record<Language, WorkbookCell>>>
}

/** One sheet of the workbook that a city can fill. */
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

/** Joins what the rooms offer; throws by name where something points at what nobody offers. */
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
