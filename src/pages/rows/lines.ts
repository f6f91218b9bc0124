/**
 * The lines of a table as a form holds them and back. A form over many lines is a form over the fields `3.value`,
 * `3.note.en`: every type comes through its own control, `split` and `join`.
 */
import { plainText } from '#kernel/fields/field.ts'
import type { FieldProblem } from '#kernel/problem.ts'
import { Problem } from '#kernel/problem.ts'
import { type FormField, formFieldOf } from '#kernel/projections/fieldset.ts'
import type { AnyRecord, RecordKind } from '#kernel/record.ts'
import { documentOf } from '#platform/http/index.ts'
import type { AppContext } from '#platform/page.ts'
import type { RowValues } from '#platform/row-form.ts'
import { controlId } from '#web/controls/control.tsx'
import type { RecordOption } from '#web/controls/reference.tsx'
import type { FieldMistake } from '#web/parts/notice.tsx'
import { numberIn } from '../form.ts'
import { presenterOf } from '../presenter.ts'
import { type ProblemMessages, partAt } from '../record/controls.ts'
import { type FormValues, formMedium, formValuesOf, partsFromForm, readFormValues } from '../record/form-values.ts'
import { oneOf } from '../record/kind-pages.ts'
import { type Column, columnOf, fingerprint, idIn, isAside, type StoredRow, type TableForm, typeOf } from './table.ts'

/** Lines that one form may hold; more rows come as a file. */
export const maxLines = 200

/** A line of the form: which stored row it shows, and what it said when it was shown. */
export type Line = {
  readonly at: number
  /** The stored row and its content when it was shown; '' for a new one. */
  readonly seen: string
  /** What the line said when it was shown; '' = it is written even if nobody touched it. */
  readonly was: string
  readonly remove: boolean
}

export const slotOf = (at: number, column: Pick<Column, 'name'>): string => `${at}.${column.name}`

/** The fields of all lines as the fields of one kind, so that forms of records read and show them. */
export const lineKind = (table: TableForm, columns: readonly Column[], lines: readonly number[]): RecordKind => ({
  ...table.kind,
  fields: Object.fromEntries(lines.flatMap((at) => columns.map((column) => [slotOf(at, column), column.field]))),
  links: {},
})

/** The lines a form sent, with everything typed in them. */
export function linesIn(form: FormValues): Line[] {
  const count = Math.min(Math.max(Number(oneOf(form.lines)) || 0, 0), maxLines + 50)
  return Array.from({ length: count }, (_, at) => ({
    at,
    seen: oneOf(form[`seen.${at}`]),
    was: oneOf(form[`was.${at}`]),
    remove: oneOf(form[`remove.${at}`]) === 'true',
  }))
}

/** A row as its line would post it. */
export function typedRow(
  ctx: AppContext,
  table: TableForm,
  columns: readonly Column[],
  at: number,
  row: RowValues,
  record: AnyRecord,
): FormValues {
  const values = Object.fromEntries(columns.map((column) => [slotOf(at, column), column.shown(ctx, row, record)]))
  const all = formValuesOf(ctx, lineKind(table, columns, [at]), values as Partial<AnyRecord>, {})
  return Object.fromEntries(Object.entries(all).filter(([slot]) => slot.startsWith(`${at}.`)))
}

/** What a line says, whatever its number: the same for the same content. */
export function saidBy(ctx: AppContext, columns: readonly Column[], at: number, typed: FormValues): string {
  const said = columns.map((column) => {
    const parts = partsFromForm(ctx, slotOf(at, column), column.field, typed)
    return typeOf(column)
      .parts(column.field, formMedium(ctx))
      .map(({ name, holds, several, ordered }) => {
        const part = parts[name]
        // A box that is not ticked posts "false" where nothing was stated.
        if (holds === 'flag') return plainText(part) === 'true'
        if (!several) return plainText(part)
        const texts = [part ?? []].flat().filter((each) => ordered || each !== '')
        return ordered ? texts.map((each) => plainText(each)) : texts.sort()
      })
  })
  return fingerprint(said)
}

/** Does a line say nothing at all? */
export const isBlank = (ctx: AppContext, columns: readonly Column[], at: number, typed: FormValues): boolean =>
  saidBy(ctx, columns, at, typed) === saidBy(ctx, columns, at, {})

/** Did somebody change it since it was shown, or is it written anyway? */
export const isTouched = (ctx: AppContext, columns: readonly Column[], line: Line, typed: FormValues): boolean =>
  line.remove || line.was === '' || saidBy(ctx, columns, line.at, typed) !== line.was

export type ReadLine = { readonly line: Line; readonly before: StoredRow | null; readonly row: Record<string, unknown> }

/** Reads lines. Problems stand at `/line/column`; a line with problems is not among the rows but among the faulty. */
export async function readLines(
  ctx: AppContext,
  table: TableForm,
  columns: readonly Column[],
  record: AnyRecord,
  typed: FormValues,
  lines: readonly Line[],
  stored: ReadonlyMap<string, StoredRow>,
): Promise<{
  rows: ReadLine[]
  faulty: ReadLine[]
  problems: FieldProblem[]
  suggestions: ReadonlyMap<string, readonly RecordOption[]>
}> {
  const kind = lineKind(
    table,
    columns,
    lines.map((line) => line.at),
  )
  const percent = new Set(table.form.percent?.(record) ?? [])
  const numbers = readableNumbers(ctx, columns, lines, typed, percent)
  const beforeOf = (line: Line) => stored.get(idIn(line.seen)) ?? null
  const before = Object.fromEntries(
    lines.flatMap((line) => {
      const row = beforeOf(line)
      return row ? columns.map((each) => [slotOf(line.at, each), each.shown(ctx, row.values, record)]) : []
    }),
  )
  const read = await readFormValues(ctx, kind, numbers.typed, before as Partial<AnyRecord>, Object.keys(kind.fields))
  const problems: FieldProblem[] = [
    ...numbers.problems,
    ...read.problems.map((problem) => ({ ...problem, at: placeOf(problem.at) })),
  ]
  const wrong = new Set(problems.map(({ at }) => at.split('/').slice(1, 3).join('.')))
  const rows: ReadLine[] = []
  const faulty: ReadLine[] = []
  const starts = table.form.starts?.(ctx, record) ?? {}
  const isEmpty = (column: Column, value: unknown) =>
    (value ?? '') === '' || value === column.shown(ctx, starts, record)
  const isSilent = (slot: string, column: Column) => !wrong.has(slot) && isEmpty(column, read.values[slot])
  for (const line of lines) {
    const stands = beforeOf(line)
    // Controls that always post something (a currency, a box) do not make a row of an empty line.
    if (line.seen === '' && columns.every((each) => isSilent(slotOf(line.at, each), each))) continue
    const row: Record<string, unknown> = { ...stands?.values }
    let good = true
    const note = (column: Column, code: string, below = '', values?: FieldProblem['values']) => {
      problems.push({ at: `/${line.at}/${column.name}${below}`, code, ...(values ? { values } : {}) })
      good = false
    }
    for (const column of columns) {
      const slot = slotOf(line.at, column)
      if (wrong.has(slot)) good = false
      if (wrong.has(slot) || !(slot in read.values)) continue
      const value = read.values[slot]
      if (value === null && column.required) {
        note(column, 'field.required')
        continue
      }
      const given = column.read(value, { record, before: stands?.values ?? null })
      if ('values' in given) Object.assign(row, given.values)
      else for (const each of given.problems) note(column, each.code, each.at, each.values)
    }
    ;(good ? rows : faulty).push({ line, before: stands, row })
  }
  return { rows, faulty, problems, suggestions: read.suggestions }
}

/** `/3.value/en` as `/3/value/en`. */
const placeOf = (at: string): string => at.replace(/^\/(\d+)\./, '/$1/')

/** Numbers as people write them, 1,234.5 or １２, as exact numbers; what is none is named. */
function readableNumbers(
  ctx: AppContext,
  columns: readonly Column[],
  lines: readonly Line[],
  typed: FormValues,
  percent: ReadonlySet<string>,
) {
  const clear: FormValues = { ...typed }
  const problems: FieldProblem[] = []
  for (const column of columns) {
    const parts = typeOf(column)
      .parts(column.field, formMedium(ctx))
      .filter((part) => part.holds === 'number' && !part.several)
    for (const { name } of parts)
      for (const { at } of lines) {
        const slot = `${slotOf(at, column)}${name === '' ? '' : `.${name}`}`
        const text = oneOf(clear[slot]).trim()
        const number = numberIn(text)
        if (number === null) continue
        const accepted = column.field.type === 'percent' || percent.has(column.name)
        if (number !== 'wrong' && (!number.percent || accepted)) clear[slot] = number.value
        else
          problems.push({
            at: `/${at}/${column.name}${name === '' ? '' : `/${name}`}`,
            code: 'record.not-a-number',
            values: { text: text.slice(0, 40) },
          })
      }
  }
  return { typed: clear, problems }
}

/** The fields of the lines as controls ask for them, in order. A hint is said once, in the first line. */
export const fieldsOfLines = (columns: readonly Column[], lines: readonly number[], say: (key: string) => string) =>
  lines.flatMap((at, index) =>
    columns.map(
      (column): FormField =>
        formFieldOf(slotOf(at, column), column.field, {
          label: column.label,
          required: column.required,
          ...(column.hint && index === 0 ? { hint: column.hint } : {}),
          choice: (value) => say(`${column.choices}.${value}`),
        }),
    ),
  )

/** Problems at `/line/field/part` as sentences, each at its control; the summary names the line. */
export function lineMessages(
  ctx: AppContext,
  table: TableForm,
  columns: readonly Column[],
  problems: readonly FieldProblem[],
  titleOf: (at: number) => string,
): ProblemMessages & { readonly why: string | undefined; readonly aside: ReadonlySet<number> } {
  const { say } = presenterOf(ctx)
  const document = documentOf(new Problem('Invalid', 'records.invalid', { fields: problems }), {
    registry: ctx.registry,
    language: ctx.language,
    instance: '',
    request: '',
    kind: table.kind.kind,
  })
  const byField = new Map<string, string | Record<string, string>>()
  const mistakes: FieldMistake[] = []
  const aside = new Set<number>()
  let why: string | undefined
  for (const { pointer, detail } of document.errors ?? []) {
    const [first = '', second = '', third = ''] = pointer.split('/').slice(1)
    const at = /^\d+$/.test(first) ? Number(first) : undefined
    if (at === undefined) {
      if (first === 'why') why = why ? `${why} ${detail}` : detail
      mistakes.push({ field: first === 'why' ? 'field-why' : 'main', text: detail })
      continue
    }
    const name = columnOf(columns, second)
    const column = columns.find((each) => each.name === name)!
    const part = third === '' ? '' : column.field.localized ? third : partAt(ctx, column.field, third)
    const slot = slotOf(at, column)
    mistakes.push({
      field: `${controlId(slot)}${part === '' ? '' : `-${part}`}`,
      text: say('record.rows.problem', { line: titleOf(at), field: column.label, problem: detail }),
    })
    if (isAside(column)) aside.add(at)
    const known = byField.get(slot)
    if (part) byField.set(slot, { ...(typeof known === 'object' ? known : {}), [part]: detail })
    else byField.set(slot, typeof known === 'string' ? `${known} ${detail}` : detail)
  }
  return { byField, mistakes, why, aside }
}
