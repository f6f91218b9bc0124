/**
 * Elements of StratML from records and rows; what an element cannot hold is put in it as an instruction of the
 * extension.
 */
import { addDays } from '#kernel/day.ts'
import type { RecordItem } from '#platform/exchange/index.ts'
import { escaped, instruction, isXmlText } from './exchange-stratml-extension.ts'

export type Writing = {
  readonly part: 1 | 2
  /** Elements hold text in this language; other languages go into the extension. */
  readonly language: string
  /** Names of organisations by id. */
  readonly bodies: ReadonlyMap<string, string>
  /** Name of the Goal being written. */
  goal: string
}

type Values = Record<string, unknown>
type ByLanguage = Readonly<Record<string, string>>

/** One record or row on its way into an element: text and days move from `rest` into children. */
class ElementValues {
  readonly rest: Values
  readonly #language: string

  constructor(values: Values, language: string) {
    this.rest = { ...values }
    this.#language = language
  }

  /** Text in this language; it also stays in the rest if XML cannot hold it. */
  text(field: string): string {
    const value = this.rest[field] as ByLanguage | undefined
    const { [this.#language]: own, ...others } = value ?? {}
    if (own === undefined) return ''
    if (!isXmlText(own)) return own
    if (Object.keys(others).length > 0) this.rest[field] = others
    else delete this.rest[field]
    return own
  }

  /** A value the element holds unchanged. */
  plain(field: string): string | undefined {
    const value = this.rest[field]
    delete this.rest[field]
    return value === undefined ? undefined : String(value)
  }
}

const element = (name: string, text: string | undefined): string =>
  text === undefined ? '' : text === '' ? `<${name}/>` : `<${name}>${escaped(text)}</${name}>`
const optional = (name: string, text: string | undefined): string => (text ? element(name, text) : '')

/** `xsd:ID` begins with a letter or an underscore, a UUID not always. */
const identifier = (id: string): string => element('Identifier', `_${id}`)

export const nameIn = (title: ByLanguage, language: string): string => title[language] ?? Object.values(title)[0] ?? ''

export type Head = {
  readonly plan: RecordItem
  readonly organisation: RecordItem | undefined
  readonly vision: string
}

/** From the name of the plan to the first goal. */
export function headOf(writing: Writing, { plan, organisation, vision }: Head): string {
  const taken = new ElementValues({ ...plan }, writing.language)
  const [name, summary] = [taken.text('title'), taken.text('summary')]
  delete taken.rest.from
  delete taken.rest.to
  const body = organisation
    ? `<Organization>${element('Name', nameIn(organisation.title, writing.language))}${optional('Acronym', organisation.abbreviation as string | undefined)}${identifier(organisation.id)}</Organization>\n`
    : ''
  return [
    `${instruction('rest', taken.rest)}\n`,
    `${element('Name', name)}${optional('Description', summary)}\n<StrategicPlanCore>\n${body}`,
    vision ? `<Vision>${element('Description', vision)}</Vision>\n` : '',
  ].join('')
}

/** From the last goal to the end. */
export function tailOf(plan: RecordItem): string {
  const from = optional('StartDate', plan.from as string | undefined)
  const to = plan.to ? element('EndDate', addDays(plan.to as string, -1)) : ''
  const days = from + to ? `<AdministrativeInformation>${from}${to}</AdministrativeInformation>\n` : ''
  return `</StrategicPlanCore>\n${days}`
}

/** The beginning of a Goal or Objective; its end is the closing tag alone. */
export function goalStart(writing: Writing, tag: 'Goal' | 'Objective', item: RecordItem, sequence: string): string {
  const taken = new ElementValues({ ...item }, writing.language)
  const name = element('Name', taken.text('title'))
  const description = element('Description', taken.text('description'))
  const body = item.organisation ? writing.bodies.get(item.organisation) : undefined
  const role = writing.part === 2 ? '<Role><Name/><RoleType>Performer</RoleType></Role>' : ''
  const stakeholder = body
    ? `<Stakeholder StakeholderTypeType="Organization">${element('Name', body)}${role}</Stakeholder>`
    : ''
  return `<${tag}>${instruction('rest', taken.rest)}${name}${description}${identifier(item.id)}${element('SequenceIndicator', sequence)}${stakeholder}\n`
}

/** An Objective that only holds the indicators of its Goal; when read back they belong to the Goal again. */
export const asideStart = (name: string, sequence: string): string =>
  `<Objective>${instruction('rest', { aside: true })}${element('Name', name)}<Description/>${element('SequenceIndicator', sequence)}\n`

export type Rows = Readonly<Record<string, readonly Values[]>>

/** A PerformanceIndicator with its results; rows that are not results follow as items. */
export function indicatorElement(writing: Writing, item: RecordItem, rows: Rows): string {
  const taken = new ElementValues({ ...item }, writing.language)
  const name = taken.text('title')
  const label = (taken.rest.unitLabel as ByLanguage | undefined)?.[writing.language]
  const unit =
    label && label !== taken.rest.unit ? taken.text('unitLabel') : ((taken.rest.unit as string | undefined) ?? '')
  const definition = taken.text('definition')
  const { target = [], measurement = [], ...others } = rows
  const beside = Object.entries(others).map(([each, values]) =>
    values.length > 0 ? `\n${instruction('item', { rows: each, kind: item.kind, record: item.id, values })}` : '',
  )
  return [
    `<PerformanceIndicator PerformanceIndicatorType="Quantitative">${instruction('rest', taken.rest)}`,
    `${element('MeasurementDimension', name)}${element('UnitOfMeasurement', unit)}${identifier(item.id)}`,
    ...target.map((row) => instance(resultOf('TargetResult', writing, row, 'dueOn', 0, 'why'))),
    ...measurement.map((row) => instance(resultOf('ActualResult', writing, row, 'to', -1, 'note'))),
    `${optional('OtherInformation', definition)}${beside.join('')}</PerformanceIndicator>\n`,
  ].join('')
}

const instance = (result: string): string => `\n<MeasurementInstance>${result}</MeasurementInstance>`

/** A result: from, to, number and words; `days` converts the day we store to the last day that StratML means. */
function resultOf(
  tag: 'TargetResult' | 'ActualResult',
  { language }: Writing,
  row: Values,
  end: string,
  days: number,
  words: string,
): string {
  const taken = new ElementValues(row, language)
  const from = taken.plain('from')
  const last = taken.plain(end)
  const value = taken.plain('value')
  const description = taken.text(words)
  return `<${tag}>${instruction('rest', taken.rest)}${optional('StartDate', from)}${last ? element('EndDate', addDays(last, days)) : ''}${value === undefined ? '' : element('NumberOfUnits', value)}${optional('Description', description)}</${tag}>`
}
