/** The mapping as a form: guesses for a file, a profile from a form, and what a form cannot show of a profile. */
import type { ColumnForm } from '#platform/imports/index.ts'
import type { ColumnGuess, Recognition } from '#platform/tabular/index.ts'
import { type ColumnRule, type Profile, rulesOf } from '#platform/tabular/index.ts'
import type { SheetGuess } from '#platform/workbook/index.ts'
import { guessPlace, type PlaceForm, placeOf, tablePart } from './queries-form-table.ts'
import type { RowMeaning } from './queries-meaning.ts'

export type MappingForm = {
  /** What the rows are: a kind or a subject; empty for the first subject. */
  readonly kind: string
  readonly place: PlaceForm
  /** What the file itself does not say, by meaning. */
  readonly answers: Readonly<Record<string, string>>
  readonly name: string
  readonly source: string
  readonly numberFormat: string
  readonly days: string
  readonly fiscalStartMonth: string
  readonly fiscalNamedBy: string
  readonly missing: string
  readonly columns: readonly ColumnForm[]
}

const slug = (text: string) =>
  text
    .replace(/\.[a-z0-9]+$/i, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'table'

/** 'diversion_rate.csv' as a name: 'Diversion rate'. */
function spoken(fileName: string): string {
  const words = slug(fileName).replaceAll('-', ' ')
  return words[0]!.toUpperCase() + words.slice(1)
}

/** 'Community District' as the name of a dimension: communityDistrict. */
function dimensionOf(name: string): string {
  const words = name.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? []
  const joined = words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1)))
    .join('')
  return /^[a-zA-Z]/.test(joined) ? joined.slice(0, 40) : `part${joined.slice(0, 30)}`
}

/** A first mapping guessed from the columns. A person checks it before anything is imported. */
export function guessForm(
  fileName: string,
  { recognition, sheet }: { readonly recognition: Recognition; readonly sheet: SheetGuess | null },
  meaning: RowMeaning,
): MappingForm {
  const speaking = new Set((sheet?.colours ?? []).map(({ column }) => column))
  const formats = recognition.columns.flatMap((column) => (column.numberFormat ? [column.numberFormat] : []))
  const orders = recognition.columns.flatMap((column) => (column.dayOrder ? [column.dayOrder] : []))
  const guessed = meaning.guess(recognition, spoken(fileName))
  const named = guessed.columns.findIndex((column) => column.to === meaning.title)
  // Without an identifier a row is matched by the name of its record.
  const identified = guessed.columns.some((column) => column.id)
    ? guessed.columns
    : guessed.columns.map((column, index) => ({ ...column, id: index === named }))
  return {
    kind: meaning.value,
    place: guessPlace(sheet),
    answers: { ...usualAnswers(meaning), ...guessed.answers },
    name: slug(fileName),
    source: slug(fileName),
    // Plain digits are readable in every format; unless something suggests another, thousands separators are accepted
    // too.
    numberFormat: formats.find((format) => !['ambiguous', 'mixed', '1234.5'].includes(format)) ?? '1,234.5',
    days: orders.find((order) => order !== 'ambiguous' && order !== 'mixed') ?? 'iso',
    fiscalStartMonth: '1',
    fiscalNamedBy: 'end',
    missing: '',
    // The meaning of a colour is asked for, never guessed.
    columns: identified.map((column, index) =>
      speaking.has(recognition.columns[index]!.name)
        ? { ...column, ...askColour(recognition.columns[index]!) }
        : column,
    ),
  }
}

const usualAnswers = ({ questions }: RowMeaning) =>
  Object.fromEntries(questions.flatMap(({ to, usual }) => (usual === undefined ? [] : [[to, usual]])))

const askColour = (column: ColumnGuess) => ({
  ...{ to: '', as: 'choice', id: false, colour: true },
  choices: column.examples.map((colour) => `${colour} = `).join('; '),
})

/** A profile from the form; checking the profile finds what is wrong with it. */
export function profileOfForm(
  form: MappingForm,
  meaning: RowMeaning,
  header: readonly string[],
  version: number,
): Record<string, unknown> {
  const { series, dimension } = meaning
  // A map, because a column may be called `__proto__`.
  const columns = new Map<string, unknown>()
  const ignore: string[] = []
  let wide = false
  for (const [index, column] of form.columns.entries()) {
    const name = header[index]
    if (name === undefined) continue
    if (column.to === '') {
      if (!column.id) ignore.push(name)
      continue
    }
    const to = column.to === dimension ? `${dimension}.${dimensionOf(name)}` : column.to
    if (to === series?.value && column.period.trim() !== '') {
      wide = true
      columns.set(name, {
        to,
        as: 'period-value',
        period: column.period.trim(),
        ...(column.status && column.status !== series?.statuses[0]?.value ? { status: column.status } : {}),
        ...(column.as !== 'number' && column.as !== 'text' ? { value: column.as } : {}),
      })
      continue
    }
    columns.set(name, {
      to,
      ...(column.as === 'text' ? {} : { as: column.as }),
      ...(column.as === 'choice' ? { choices: choicesFrom(column.choices) } : {}),
      ...(meaning.required.includes(to) ? { required: true } : {}),
    })
  }
  const constants = constantsOf(form, meaning)
  const title = constants[meaning.title]
  return {
    ...profileHead(form, version, header),
    ...(meaning.value === '' ? {} : { kind: meaning.value }),
    columns: Object.fromEntries(columns),
    ignore,
    constants,
    // A file about one thing: its name distinguishes the rows of several such files.
    ...identityOf(form, header, title === undefined ? '' : slug(title)),
    ...(wide && series ? { unpivot: { period: series.period, status: series.status } } : {}),
  }
}

/** The answers that count: not those a column gives, nor those that depend on something absent. */
function constantsOf({ answers, columns }: MappingForm, { questions }: RowMeaning): Record<string, string> {
  const mapped = new Set(columns.map(({ to }) => to))
  const answer = (to: string) => (answers[to] ?? '').trim()
  const counting = questions.filter(
    ({ to, unmapped, beside }) =>
      answer(to) !== '' &&
      !(unmapped && mapped.has(to)) &&
      (beside === undefined || mapped.has(beside) || answer(beside) !== ''),
  )
  return Object.fromEntries(counting.map(({ to }) => [to, answer(to)]))
}

/** What a profile says whatever its rows are. */
function profileHead(form: MappingForm, version: number, header: readonly string[]) {
  const missing = form.missing
    .split(/[;；]/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
  const start = Number(form.fiscalStartMonth)
  return {
    name: form.name.trim(),
    version,
    ...tablePart(form.place, form.columns, header),
    ...(missing.length > 0 ? { missing } : {}),
    ...(form.numberFormat ? { numberFormat: form.numberFormat } : {}),
    ...(form.days && form.days !== 'iso' ? { days: form.days } : {}),
    ...(start > 1
      ? { fiscalYear: { startMonth: start, namedBy: form.fiscalNamedBy === 'start' ? 'start' : 'end' } }
      : {}),
  }
}

function identityOf(form: MappingForm, header: readonly string[], prefix: string) {
  const ids = form.columns.flatMap((column, index) => (column.id && header[index] !== undefined ? [header[index]] : []))
  if ((ids.length === 0 && prefix === '') || form.source.trim() === '') return {}
  return {
    externalId: {
      source: form.source.trim(),
      ...(prefix === '' ? {} : { prefix }),
      ...(ids.length > 0 ? { columns: ids } : {}),
    },
  }
}

/** 'Up = up; Down = down' as a map from text to meaning. */
function choicesFrom(text: string): Record<string, string | boolean> {
  const pairs = text.split(/[;；]/).flatMap((pair) => {
    const at = pair.lastIndexOf('=')
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const]
  })
  return Object.fromEntries(
    pairs
      .filter(([cell, value]) => cell !== '' && value !== '')
      .map(([cell, value]) => [cell, value === 'true' ? true : value === 'false' ? false : value]),
  )
}

/** The form of a profile that was made by a form; null if it has rules that a form cannot show. */
export function formOfProfile(profile: Profile, meaning: RowMeaning, header: readonly string[]): MappingForm | null {
  const { columns, externalId, constants = {} } = profile
  const place = placeOf(profile)
  if (!place || profile.set?.length || profile.continues || profile.unpivot?.columns || profile.tables) return null
  if (externalId?.prefix && externalId.prefix !== slug(String(constants[meaning.title] ?? ''))) return null
  if (Object.keys(constants).some((to) => !meaning.questions.some((question) => question.to === to))) return null
  const shown: ColumnForm[] = []
  for (const name of header) {
    const [rule, ...others] = rulesOf(Object.hasOwn(columns, name) ? columns[name]! : [])
    const form = rule ? columnOf(rule, meaning) : noColumn
    if (!form || others.length > 0) return null
    const id = externalId?.columns?.includes(name) ?? false
    shown.push({ ...form, id, colour: profile.file?.colours?.includes(name) ?? false })
  }
  const stated = Object.entries(constants).map(([to, value]) => [to, String(value ?? '')])
  return {
    kind: meaning.value,
    place,
    answers: { ...usualAnswers(meaning), ...Object.fromEntries(stated) },
    name: profile.name,
    source: externalId?.source ?? '',
    numberFormat: profile.numberFormat ?? '1,234.5',
    days: profile.days ?? 'iso',
    fiscalStartMonth: String(profile.fiscalYear?.startMonth ?? 1),
    fiscalNamedBy: profile.fiscalYear?.namedBy ?? 'end',
    missing: (profile.missing ?? []).join('; '),
    columns: shown,
  }
}

const noColumn = { ...{ to: '', as: 'text', period: '', status: '' }, choices: '' }
const shownKeys = new Set(['to', 'as', 'choices', 'required', 'period', 'status', 'value'])

/** One rule as the form holds it; null where it says more. */
function columnOf(rule: ColumnRule, { dimension, knows, required, series }: RowMeaning): typeof noColumn | null {
  const to = dimension !== undefined && rule.to.startsWith(`${dimension}.`) ? dimension : rule.to
  if (Object.keys(rule).some((key) => !shownKeys.has(key)) || !(knows(to) || to === dimension)) return null
  if (rule.required && !required.includes(to)) return null
  if (rule.as === 'period-value' && to !== series?.value) return null
  return {
    to,
    as: rule.as === 'period-value' ? (rule.value ?? 'number') : (rule.as ?? 'text'),
    period: rule.period ?? '',
    status: rule.status ?? '',
    choices: Object.entries(rule.choices ?? {})
      .map(([cell, value]) => `${cell} = ${value}`)
      .join('; '),
  }
}
