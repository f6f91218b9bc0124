/** What the mapping form offers for tables of indicators, and a first guess of what their columns mean. */
import { organisation } from '#modules/directory'
import type { ColumnForm, SubjectForm } from '#platform/imports/index.ts'
import type { ColumnGuess, Recognition } from '#platform/tabular/index.ts'

/** Meanings that the form offers for a column. */
const meanings: readonly string[] = `
  indicator.title indicator.definition indicator.unit indicator.direction indicator.valueKind indicator.critical
  indicator.grain indicator.decimals indicator.numerator indicator.denominator indicator.publicationLagDays
  indicator.method indicator.sourceText outcome.title serviceArea.title objective.title organisation.name
  organisation.budgetCode owner.post measurement.value measurement.period measurement.status measurement.numerator
  measurement.denominator measurement.note breakdown target.value target.kind target.base target.from target.dueOn
  target.setOn`
  .trim()
  .split(/\s+/)

const words = 'indicators.import'
const asked = (to: string, word: string) => ({ to, label: `${words}.map.${word}`, hint: `${words}.map.${word}-hint` })
const bodyChoices = (field: 'organisationKind' | 'sector') => ({
  values: organisation.fields[field].of ?? [],
  words: `directory.organisation.choice.${field}`,
})

export const form: SubjectForm = {
  meanings,
  words,
  required: ['indicator.title', 'measurement.period'],
  series: {
    value: 'measurement.value',
    period: 'measurement.period',
    status: 'measurement.status',
    statuses: { values: ['actual', 'provisional', 'estimated', 'annualised'], words: `${words}.status` },
  },
  dimension: 'breakdown',
  questions: [
    { ...asked('indicator.title', 'title'), unmapped: true },
    asked('plan.title', 'plan'),
    asked('indicator.unit', 'unit'),
    {
      ...asked('organisation.organisationKind', 'bodies'),
      choices: bodyChoices('organisationKind'),
      none: `${words}.map.bodies-none`,
    },
    {
      to: 'organisation.sector',
      label: `${words}.map.sector`,
      choices: bodyChoices('sector'),
      usual: 'public',
      beside: 'organisation.organisationKind',
    },
    {
      ...asked('target.kind', 'target-kind'),
      choices: { values: ['keep', 'reach', 'cumulative'], words: `${words}.target-kind` },
      usual: 'keep',
      unmapped: true,
      beside: 'target.value',
    },
    { ...asked('target.period', 'target-period'), beside: 'target.value' },
  ],
  guess,
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

function guess(recognition: Recognition, name: string): ReturnType<SubjectForm['guess']> {
  const taken = new Set<string>()
  const once = (to: string) => {
    if (taken.has(to)) return ''
    taken.add(to)
    return to
  }
  let hasId = false
  const second = secondColumns(recognition)
  const columns = recognition.columns.map((column): ColumnForm => {
    const empty = { to: '', as: 'text', period: '', status: '', choices: '', id: false, colour: false }
    // One word among a year's numbers must not hide that it is a year.
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
    // In a table of values a column with few distinct words usually names parts of the whole.
    if (recognition.shape === 'long' && column.kind === 'choice') return { ...empty, to: 'breakdown' }
    if (numeric && recognition.shape === 'long') return { ...empty, to: once('measurement.value'), as: kindOf(column) }
    return empty
  })
  // A table of values without a name is about one indicator: the file is often named after it.
  const titled = columns.some((column) => column.to === 'indicator.title')
  return { columns, answers: titled ? {} : { 'indicator.title': name } }
}

const actual = /actual|result|achieved|realized|实际|实绩|完成/i

/**
 * Where a period has several columns (actual, target, last plan), one holds its values; the form asks about the others.
 */
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
