/** The mapping as a form: guesses for a file, a profile out of a form, and what a form cannot show of a profile. */
import type { Registry } from '#kernel/registry.ts'
import { type ColumnGuess, type ColumnRule, type Profile, type Recognition, rulesOf } from '#platform/tabular/index.ts'
import type { SheetGuess } from '#platform/workbook/index.ts'
import { guessKindColumns, kindColumns, kindColumnsOf } from './actions-import-form-kind.ts'
import { type ColumnForm, guessPlace, type PlaceForm, placeOf, tablePart } from './actions-import-form-table.ts'

/** Meanings that the form offers for a column. `breakdown` takes the column's own name as the dimension. */
export const meanings: readonly string[] = `
  indicator.title indicator.definition indicator.unit indicator.direction indicator.valueKind indicator.critical
  indicator.grain indicator.decimals indicator.numerator indicator.denominator indicator.publicationLagDays
  indicator.method indicator.sourceText outcome.title serviceArea.title objective.title organisation.name
  organisation.budgetCode owner.post measurement.value measurement.period measurement.status measurement.numerator
  measurement.denominator measurement.note breakdown target.value target.kind target.base target.from target.dueOn
  target.setOn`
  .trim()
  .split(/\s+/)

export type MappingForm = {
  /** Kind of the records that the rows are; empty for indicators and their values. */
  readonly kind: string
  readonly place: PlaceForm
  /** For a kind: what every row says, by target. */
  readonly constants: Readonly<Record<string, string>>
  readonly name: string
  readonly source: string
  readonly numberFormat: string
  readonly days: string
  readonly fiscalStartMonth: string
  readonly fiscalNamedBy: string
  readonly missing: string
  readonly title: string
  readonly plan: string
  readonly unit: string
  readonly organisationKind: string
  readonly sector: string
  readonly targetKind: string
  readonly targetPeriod: string
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
export function dimensionOf(name: string): string {
  const words = name.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? []
  const joined = words
    .map((word, index) => (index === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1)))
    .join('')
  return /^[a-zA-Z]/.test(joined) ? joined.slice(0, 40) : `part${joined.slice(0, 30)}`
}

const guesses: ReadonlyArray<readonly [RegExp, string]> = [
  [/indicator|measure|metric|指标/i, 'indicator.title'],
  [/direction|方向/i, 'indicator.direction'],
  [/^unit|单位/i, 'indicator.unit'],
  [/definition|定义/i, 'indicator.definition'],
  [/agency|organi[sz]ation|department|body|机构|部门/i, 'organisation.name'],
  [/owner|post|responsible|负责/i, 'owner.post'],
  [/service/i, 'serviceArea.title'],
  [/goal|objective|目标$/i, 'objective.title'],
  [/outcome|成果/i, 'outcome.title'],
  [/target|目标值/i, 'target.value'],
  [/status|状态/i, 'measurement.status'],
  [/numerator|分子/i, 'measurement.numerator'],
  [/denominator|分母/i, 'measurement.denominator'],
  [/^note|remark|备注/i, 'measurement.note'],
]

/** A first mapping from what the columns look like. A person looks at it before anything is imported. */
export function guessForm(
  fileName: string,
  { recognition, sheet }: { readonly recognition: Recognition; readonly sheet: SheetGuess | null },
  of: { readonly registry: Registry; readonly kind: string },
): MappingForm {
  const speaking = new Set((sheet?.colours ?? []).map(({ column }) => column))
  const base = guessIndicators(fileName, recognition)
  const kind = of.registry.kinds.get(of.kind)?.declaration
  const columns = kind ? guessKindColumns(of.registry, kind, recognition) : base.columns
  return {
    ...base,
    kind: of.kind,
    place: guessPlace(sheet),
    // What a colour means is asked, never guessed.
    columns: columns.map((column, index) =>
      speaking.has(recognition.columns[index]!.name)
        ? { ...column, ...askColour(recognition.columns[index]!) }
        : column,
    ),
  }
}

const askColour = (column: ColumnGuess) => ({
  ...{ to: '', as: 'choice', id: false, colour: true },
  choices: column.examples.map((colour) => `${colour} = `).join('; '),
})

function guessIndicators(fileName: string, recognition: Recognition): MappingForm {
  const taken = new Set<string>()
  const once = (to: string) => {
    if (taken.has(to)) return ''
    taken.add(to)
    return to
  }
  const formats = recognition.columns.flatMap((column) => (column.numberFormat ? [column.numberFormat] : []))
  const orders = recognition.columns.flatMap((column) => (column.dayOrder ? [column.dayOrder] : []))
  let hasId = false
  const second = secondColumns(recognition)
  const columns = recognition.columns.map((column): ColumnForm => {
    const empty = { to: '', as: 'text', period: '', status: 'actual', choices: '', id: false, colour: false }
    // One word among the numbers of a year must not hide that it is a year.
    const named = column.name === column.period || (column.period !== null && actual.test(column.name))
    const isYear = column.kind === 'period-name' || named
    if (second.has(column.name)) return empty
    if (recognition.shape === 'wide' && isYear)
      return { ...empty, to: 'measurement.value', as: 'number', period: column.period ?? column.name }
    if (column.kind === 'period') return { ...empty, to: once('measurement.period'), as: 'period' }
    if (column.kind === 'identifier' && !hasId) {
      hasId = true
      return { ...empty, id: true }
    }
    const numeric = column.kind === 'number' || column.kind === 'percent'
    const to = guesses.find(([pattern, target]) => pattern.test(column.name) && fits(target, column, numeric))?.[1]
    if (to)
      return {
        ...empty,
        to: once(to),
        as: to === 'indicator.direction' ? 'choice' : kindOf(column),
        choices: choicesOf(to, column),
      }
    // In a table of values a column of few different words usually names parts of the whole.
    if (recognition.shape === 'long' && column.kind === 'choice') return { ...empty, to: 'breakdown' }
    if (numeric && recognition.shape === 'long') return { ...empty, to: once('measurement.value'), as: kindOf(column) }
    return empty
  })
  const hasTitle = columns.some((column) => column.to === 'indicator.title')
  const named = recognition.columns.findIndex((_, index) => columns[index]!.to === 'indicator.title')
  const identity = hasId ? columns : columns.map((column, index) => ({ ...column, id: index === named }))
  return {
    ...{ kind: '', place: guessPlace(null), constants: {} },
    name: slug(fileName),
    source: slug(fileName),
    // Plain digits read in every format; where nothing speaks for another one, groups of thousands are read, too.
    numberFormat: formats.find((format) => !['ambiguous', 'mixed', '1234.5'].includes(format)) ?? '1,234.5',
    days: orders.find((order) => order !== 'ambiguous' && order !== 'mixed') ?? 'iso',
    fiscalStartMonth: '1',
    fiscalNamedBy: 'end',
    missing: '',
    // A table of values without a name for them is about one indicator: its file is often called so.
    title: hasTitle ? '' : spoken(fileName),
    plan: '',
    unit: '',
    organisationKind: '',
    sector: 'public',
    targetKind: 'keep',
    targetPeriod: '',
    columns: identity,
  }
}

const actual = /actual|result|achieved|realized|实际|实绩|完成/i

/** Where a period has several columns (actual, target, last plan), one holds its values; what the others are is asked. */
function secondColumns({ columns, shape }: Recognition): ReadonlySet<string> {
  const second = new Set<string>()
  if (shape !== 'wide') return second
  for (const [period, group] of Map.groupBy(columns, (column) => column.period)) {
    if (period === null || group.length < 2) continue
    const first = group.find((column) => actual.test(column.name)) ?? group[0]
    for (const column of group) if (column !== first) second.add(column.name)
  }
  return second
}

const fits = (target: string, column: ColumnGuess, numeric: boolean) =>
  /^(target|measurement\.(numerator|denominator))/.test(target) ? numeric : !numeric && column.kind !== 'blank'

const kindOf = (column: ColumnGuess) =>
  column.kind === 'percent' ? 'percent' : column.kind === 'number' ? 'number' : column.kind === 'day' ? 'day' : 'text'

const directionWords: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(up|higher|increase|more|上升|越高越好)/i, 'up'],
  [/^(down|lower|decrease|less|下降|越低越好)/i, 'down'],
]
const choicesOf = (to: string, column: ColumnGuess) =>
  to === 'indicator.direction'
    ? column.examples
        .map((text) => `${text} = ${directionWords.find(([pattern]) => pattern.test(text))?.[1] ?? 'not-agreed'}`)
        .join('; ')
    : ''

/** A profile out of the form; what is wrong with it is found by checking the profile. */
export function profileOfForm(form: MappingForm, header: readonly string[], version: number): Record<string, unknown> {
  if (form.kind !== '') {
    const mapped = kindColumns(form, header, choicesFrom)
    return { ...profileHead(form, version, header), kind: form.kind, ...mapped, ...identityOf(form, header, '') }
  }
  const columns: Record<string, unknown> = {}
  const ignore: string[] = []
  let wide = false
  for (const [index, column] of form.columns.entries()) {
    const name = header[index]
    if (name === undefined) continue
    if (column.to === '') {
      if (!column.id) ignore.push(name)
      continue
    }
    const to = column.to === 'breakdown' ? `breakdown.${dimensionOf(name)}` : column.to
    if (to === 'measurement.value' && column.period.trim() !== '') {
      wide = true
      columns[name] = {
        to,
        as: 'period-value',
        period: column.period.trim(),
        ...(column.status && column.status !== 'actual' ? { status: column.status } : {}),
        ...(column.as !== 'number' && column.as !== 'text' ? { value: column.as } : {}),
      }
      continue
    }
    columns[name] = {
      to,
      ...(column.as === 'text' ? {} : { as: column.as }),
      ...(column.as === 'choice' ? { choices: choicesFrom(column.choices) } : {}),
      ...(to === 'indicator.title' || to === 'measurement.period' ? { required: true } : {}),
    }
  }
  const constants: Record<string, string> = {}
  const set = (target: string, value: string) => {
    if (value.trim() !== '') constants[target] = value.trim()
  }
  const title = form.columns.some((column) => column.to === 'indicator.title') ? '' : form.title.trim()
  set('indicator.title', title)
  set('plan.title', form.plan)
  set('indicator.unit', form.unit)
  if (form.organisationKind !== '') {
    set('organisation.organisationKind', form.organisationKind)
    set('organisation.sector', form.sector)
  }
  if (form.columns.some((column) => column.to === 'target.value')) {
    if (!form.columns.some((column) => column.to === 'target.kind')) set('target.kind', form.targetKind)
    set('target.period', form.targetPeriod)
  }
  return {
    ...profileHead(form, version, header),
    columns,
    ignore,
    constants,
    ...identityOf(form, header, title === '' ? '' : slug(title)),
    ...(wide ? { unpivot: { period: 'measurement.period', status: 'measurement.status' } } : {}),
  }
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

/** 'Up = up; Down = down' as what texts mean. */
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

/** The form of a profile that was made by a form; null where it holds rules that a form cannot show. */
export function formOfProfile(profile: Profile, header: readonly string[]): MappingForm | null {
  const { columns, externalId, constants = {} } = profile
  const place = placeOf(profile)
  if (!place || profile.set?.length || profile.continues || profile.unpivot?.columns) return null
  if (profile.tables) return null
  if (externalId?.prefix && externalId.prefix !== slug(String(constants['indicator.title'] ?? ''))) return null
  const shown: ColumnForm[] = []
  const ofKind = profile.kind === undefined ? null : kindColumnsOf(profile, header)
  if (profile.kind !== undefined && !ofKind) return null
  for (const name of profile.kind === undefined ? header : []) {
    const rules = rulesOf(columns[name] ?? [])
    if (rules.length > 1 || rules.some(isBeyond)) return null
    const [rule] = rules
    const to = rule?.to.startsWith('breakdown.') ? 'breakdown' : (rule?.to ?? '')
    shown.push({
      to,
      as: rule?.as === 'period-value' ? (rule.value ?? 'number') : (rule?.as ?? 'text'),
      period: rule?.period ?? '',
      status: rule?.status ?? 'actual',
      choices: Object.entries(rule?.choices ?? {})
        .map(([cell, value]) => `${cell} = ${value}`)
        .join('; '),
      id: externalId?.columns?.includes(name) ?? false,
      colour: profile.file?.colours?.includes(name) ?? false,
    })
  }
  const text = (target: string) => String(constants[target] ?? '')
  return {
    kind: profile.kind ?? '',
    place,
    constants:
      profile.kind === undefined ? {} : Object.fromEntries(Object.keys(constants).map((key) => [key, text(key)])),
    name: profile.name,
    source: externalId?.source ?? '',
    numberFormat: profile.numberFormat ?? '1,234.5',
    days: profile.days ?? 'iso',
    fiscalStartMonth: String(profile.fiscalYear?.startMonth ?? 1),
    fiscalNamedBy: profile.fiscalYear?.namedBy ?? 'end',
    missing: (profile.missing ?? []).join('; '),
    title: text('indicator.title'),
    plan: text('plan.title'),
    unit: text('indicator.unit'),
    organisationKind: text('organisation.organisationKind'),
    sector: text('organisation.sector') || 'public',
    targetKind: text('target.kind') || 'keep',
    targetPeriod: text('target.period'),
    columns: ofKind ?? shown,
  }
}

const known = new Set<string>(meanings)
const isBeyond = (rule: ColumnRule) =>
  Boolean(rule.cases || rule.split || rule.values || rule.idSuffix || rule.grain || rule.missing || rule.over59) ||
  !(known.has(rule.to) || rule.to.startsWith('breakdown.'))
