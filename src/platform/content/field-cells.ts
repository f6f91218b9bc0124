/** A field's value as the cells of a file and back: every type lists its parts, and nothing here depends on the type. */
import type { Field, Medium, Part, Parts } from '#kernel/fields/field.ts'
import { fieldType } from '#kernel/fields/types.ts'
import type { RecordKind } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'
import { isPeriod, parsePeriod } from '#values/period.ts'

/** The period that a label means by itself, whatever the city's fiscal year. */
export function readPeriod(label: string): ReturnType<Medium['readPeriod']> {
  const found = parsePeriod(label)
  return found && isPeriod(found) ? { from: found.from, to: found.to, grain: found.grain, label } : null
}

/** Files are for machines: exact values, instants in UTC, every supported language. */
export const fileMedium: Medium = { as: 'file', languages, timeZone: 'UTC', readPeriod }

/** Separates several values in one cell. */
export const between = ' | '

type Values = Readonly<Record<string, unknown>>

/**
 * Values of a file that still contains replaced fields, converted to today's fields. A former name
 * that is still a field of its own is used only beside one that is gone.
 */
export function withFormer<Item extends Values>(kind: Pick<RecordKind, 'fields'>, item: Item): Item {
  const values: Record<string, unknown> = { ...item }
  for (const [name, field] of Object.entries(kind.fields)) {
    const former = Object.entries(field.formerly ?? {})
    const gone = former.filter(([, old]) => !Object.hasOwn(kind.fields, old) && values[old] !== undefined)
    if (gone.length === 0 || values[name] !== undefined) continue
    const parts = Object.fromEntries(
      former.flatMap(([part, old]) => (values[old] === undefined ? [] : [[part, String(values[old])]])),
    )
    const joined = fieldType(field.type).join(parts, field, fileMedium, null)
    if (!('value' in joined)) continue
    for (const [, old] of former) delete values[old]
    values[name] = joined.value
  }
  return values as Item
}

/** One cell of a field. */
export type FieldCell = Part & {
  /** Of the column: `budget`, `budget.currency`. */
  readonly column: string
  readonly field: string
  readonly declared: Field
}

export const cellsOf = (name: string, field: Field): FieldCell[] =>
  fieldType(field.type)
    .parts(field, fileMedium)
    .map((part) => ({
      ...part,
      column: part.name === '' ? name : `${name}.${part.name}`,
      field: name,
      declared: field,
    }))

/** Content of the cell: nothing, one text, or several. `turn` turns ids into readable numbers. */
export function cellText({ field, declared, name, holds }: FieldCell, values: Values, turn: (id: string) => string) {
  const value = values[field]
  if (value === undefined || value === null) return null
  const part = fieldType(declared.type).split(value, declared, fileMedium)[name]
  if (part === undefined || part === '') return null
  const texts = [part].flat()
  const turned = holds === 'record' ? texts.map(turn) : texts
  return turned.length === 0 ? null : turned.join(between)
}

/** The values in the cells; a field without any cell is left out. Parts that do not combine stay unchanged. */
export function valuesOfCells(
  said: ReadonlyArray<{ readonly cell: FieldCell; readonly text: string }>,
  turn: (text: string) => string,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [field, cells] of Map.groupBy(said, ({ cell }) => cell.field)) {
    const parts: Record<string, string | string[]> = {}
    for (const { cell, text } of cells) {
      const texts = (cell.several ? text.split(between) : [text]).map((each) =>
        cell.holds === 'record' ? turn(each) : each,
      )
      parts[cell.name] = cell.several ? texts : texts[0]!
    }
    const { declared } = cells[0]!.cell
    const joined = fieldType(declared.type).join(parts as Parts, declared, fileMedium, null)
    const value = 'value' in joined ? joined.value : cells[0]!.text
    if (value !== null) values[field] = value
  }
  return values
}
