/**
 * The mapping profile: a small JSON file that says how the columns of one kind of file become values. It knows nothing of
 * record kinds: `to` is a dot path that the importing module interprets.
 */
import { type Static, Type } from 'typebox'
import { numberFormats } from '#values/decimal.ts'
import { grains } from '#values/period.ts'
import { dayOrders } from './cells.ts'
import { encodings } from './encoding.ts'
import type { ReadOptions } from './read.ts'

const text = (maxLength = 500) => Type.String({ maxLength })
const target = Type.String({ pattern: '^[a-z][A-Za-z0-9]*(\\.[a-zA-Z][A-Za-z0-9-]*)*$', maxLength: 120 })
const pattern = Type.String({ minLength: 1, maxLength: 200 })
const tokens = Type.Array(text(60), { maxItems: 100 })
/** A constant may be a text, a number, true, false or null. */
const constant = Type.Unsafe<string | number | boolean | null>({ type: ['string', 'number', 'boolean', 'null'] })
const constants = Type.Record(target, constant)
const strict = { additionalProperties: false }

const numberFormat = Type.Enum([...numberFormats])
const days = Type.Enum([...dayOrders])

/** Kinds of value that a cell can be read as. */
export const plainKinds = [
  ...(['text', 'number', 'percent', 'duration-minutes-seconds', 'duration-hours-minutes', 'day'] as const),
  ...(['choice', 'period'] as const),
] as const
export type PlainKind = (typeof plainKinds)[number]

/** A test on the trimmed text of another cell of the same row; all members given must hold. */
export const conditionSchema = Type.Object(
  {
    column: text(),
    equals: Type.Optional(text()),
    oneOf: Type.Optional(Type.Array(text(), { maxItems: 1000 })),
    contains: Type.Optional(text()),
    matches: Type.Optional(pattern),
    missing: Type.Optional(Type.Boolean()),
  },
  strict,
)

const reading = {
  /** Kind of value in the cell; default text. `period-value` makes a part of its own (a wide table). */
  as: Type.Optional(Type.Enum([...plainKinds, 'period-value'])),
  /** For `period-value`: kind of the value; default number. */
  value: Type.Optional(Type.Enum([...plainKinds])),
  /** Another kind for rows that meet a condition; the first condition met counts. */
  cases: Type.Optional(
    Type.Array(Type.Object({ when: conditionSchema, as: Type.Enum([...plainKinds]) }, strict), { maxItems: 20 }),
  ),
  choices: Type.Optional(Type.Record(text(), constant)),
  numberFormat: Type.Optional(numberFormat),
  days: Type.Optional(days),
  /** For `period`: the grain of the column, where its labels are ambiguous. */
  grain: Type.Optional(Type.Enum([...grains])),
  missing: Type.Optional(tokens),
  /** A duration such as 6.95 whose second part is above 59: refuse it, or read it as decimal and report it. */
  over59: Type.Optional(Type.Enum(['refuse', 'decimal'])),
  /** For `period-value`: label of the period, e.g. `FY2023`; written to `unpivot.period`. */
  period: Type.Optional(text(60)),
  /** For `period-value`: status of the value, e.g. `annualised`; written to `unpivot.status`. */
  status: Type.Optional(text(60)),
  /** For `period-value`: further values of this part only. */
  values: Type.Optional(constants),
  /** For `period-value`: makes the part a record of its own: external id of the row plus `/` and this. */
  idSuffix: Type.Optional(text(60)),
}

export const columnRuleSchema = Type.Object(
  {
    to: target,
    ...reading,
    required: Type.Optional(Type.Boolean()),
    /** Splits a text; the groups of the pattern go to `into` in order. Without a match the whole text goes to `to`. */
    split: Type.Optional(Type.Object({ pattern, into: Type.Array(target, { minItems: 1, maxItems: 10 }) }, strict)),
  },
  strict,
)

/** Columns by a pattern on their names: `period` may name groups as `$1`, `$2`. */
export const columnPatternSchema = Type.Object({ pattern, to: target, ...reading }, strict)

const fileSchema = Type.Object(
  {
    encoding: Type.Optional(Type.Enum([...encodings])),
    delimiter: Type.Optional(Type.Enum([',', ';', '\t', '|'])),
    quote: Type.Optional(Type.Enum(['"', "'"])),
    headerRow: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    noHeader: Type.Optional(Type.Boolean()),
    /** In a workbook: the sheet; default the first visible one that is not empty. */
    sheet: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    /** In a workbook: rows with the names of the columns, from `headerRow` on; names over two rows are joined by ` / `. */
    headerRows: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    /** In a workbook: `blank-row` if remarks follow the table after a blank row. */
    endsWith: Type.Optional(Type.Enum(['blank-row'])),
    /** In a workbook: columns whose empty cells are read as their fill colour, such as `#C00000`. */
    colours: Type.Optional(Type.Array(text(), { maxItems: 50 })),
    /** In a workbook: the sheet may be missing. */
    optional: Type.Optional(Type.Boolean()),
  },
  strict,
)

const filterSchema = Type.Object(
  {
    keep: Type.Optional(Type.Array(conditionSchema, { maxItems: 20 })),
    drop: Type.Optional(Type.Array(conditionSchema, { maxItems: 20 })),
  },
  strict,
)

const columns = Type.Record(text(), Type.Union([columnRuleSchema, Type.Array(columnRuleSchema, { maxItems: 10 })]))

/** One table; `columns` are checked rule by rule, so that a mistake is reported at its place. */
export const tableSchema = Type.Object(
  {
    file: Type.Optional(fileSchema),
    /** Kind of the records that the rows are; without it `to` is what the importing module says it is. */
    kind: Type.Optional(Type.String({ pattern: '^[a-z][a-z-]*\\.[a-z][A-Za-z]*$', maxLength: 80 })),
    /** Texts that mean "no value", besides an empty cell; there is a default list. */
    missing: Type.Optional(tokens),
    /** How numbers are written; default `1,234.5` (plain digits are read in every format). */
    numberFormat: Type.Optional(numberFormat),
    days: Type.Optional(days),
    /** The year of the file's periods; default calendar years. */
    fiscalYear: Type.Optional(
      Type.Object(
        { startMonth: Type.Integer({ minimum: 1, maximum: 12 }), namedBy: Type.Enum(['start', 'end']) },
        strict,
      ),
    ),
    columns,
    /** Columns left out on purpose; every other column that no rule names is reported. */
    ignore: Type.Optional(Type.Array(text(), { maxItems: 2000 })),
    constants: Type.Optional(constants),
    /** Constants for rows where a condition holds. */
    set: Type.Optional(Type.Array(Type.Object({ when: conditionSchema, values: constants }, strict), { maxItems: 50 })),
    /** Identity in the source: `source` names it, the id is `prefix` and the cells of `columns`, joined by `/`. */
    externalId: Type.Optional(
      Type.Object(
        {
          source: Type.String({ minLength: 1, maxLength: 120 }),
          prefix: Type.Optional(text(120)),
          columns: Type.Optional(Type.Array(text(), { maxItems: 10 })),
        },
        strict,
      ),
    ),
    unpivot: Type.Optional(
      Type.Object(
        {
          period: Type.Optional(target),
          status: Type.Optional(target),
          columns: Type.Optional(Type.Array(columnPatternSchema, { maxItems: 50 })),
        },
        strict,
      ),
    ),
    rowFilter: Type.Optional(filterSchema),
    /**
     * Labels that continue from the row above ("- Below standard"). The label above goes to `into`; with `joinWith` it is
     * also put before the label. Rows whose `within` cells differ from the row above are reported and left alone.
     */
    continues: Type.Optional(
      Type.Object(
        {
          column: text(),
          startsWith: Type.Array(Type.String({ minLength: 1, maxLength: 10 }), { minItems: 1, maxItems: 10 }),
          within: Type.Optional(Type.Array(text(), { maxItems: 10 })),
          into: Type.Optional(target),
          joinWith: Type.Optional(Type.String({ maxLength: 10 })),
        },
        strict,
      ),
    ),
  },
  strict,
)

const named = {
  name: Type.String({ minLength: 1, maxLength: 120 }),
  version: Type.Integer({ minimum: 1 }),
  description: Type.Optional(text(2000)),
}

/** The whole profile. */
export const profileSchema = Type.Object(
  {
    ...named,
    ...tableSchema.properties,
    /**
     * In a workbook: several tables, imported together in this order. What the profile itself says about numbers,
     * days and missing values applies to each table that does not say otherwise; it then has no `columns` of its own.
     */
    tables: Type.Optional(Type.Array(tableSchema, { minItems: 1, maxItems: 50 })),
  },
  strict,
)

export type Condition = Static<typeof conditionSchema>
export type ColumnRule = Static<typeof columnRuleSchema>
export type ColumnPattern = Static<typeof columnPatternSchema>
export type Profile = Static<typeof profileSchema>

export type TableMapping = Static<typeof tableSchema>

/** The tables a profile maps, each as a profile of its own. */
export function tablesOf(profile: Profile): readonly Profile[] {
  const { tables, columns: _, file: _file, ...shared } = profile
  return tables ? tables.map((table) => ({ ...shared, ...table })) : [profile]
}

/** The rules of one column as a list. */
export function rulesOf(entry: ColumnRule | readonly ColumnRule[]): readonly ColumnRule[] {
  return Array.isArray(entry) ? entry : [entry as ColumnRule]
}

/** What the profile states about the file, for `readTable`. */
export function readOptionsOf(profile: Profile): ReadOptions {
  const { noHeader, headerRow, optional: _, ...dialect } = profile.file ?? {}
  return { ...dialect, headerRow: noHeader ? 'none' : headerRow }
}
