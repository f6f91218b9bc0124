import { code } from '#kernel/fields/code.ts'
import { address, choice, day, decimal, flag, link, paragraph, record, ref, rows, text, whole } from '#kernel/record.ts'

export const grains = ['day', 'week', 'month', 'quarter', 'half-year', 'year', 'multi-year', 'custom'] as const
export const directions = ['up', 'down', 'range', 'none', 'not-agreed'] as const
export const statuses = ['actual', 'provisional', 'estimated', 'annualised', 'year-to-date'] as const
export const targetKinds = [
  'reach',
  'keep',
  'range',
  'change',
  'change-percent',
  'cumulative',
  'done',
  'comparator',
  'gap',
] as const

/** One indicator: its definition, how it is counted, which way is better. Measurements and targets are its rows. */
export const indicator = record('indicators.indicator', {
  code: 'IND',
  plural: 'indicators',
  source: 'ISO 37106 §7.4; ISO 37120',
  title: { max: 400, localized: true },
  owner: { requiredFrom: 'agreed' },
  organisation: { requiredFrom: 'agreed' },
  states: ['draft', 'agreed', 'ended'],
  closed: ['ended'],
  fields: {
    definition: paragraph({ localized: true, search: 'B' }),
    valueKind: choice([
      'count',
      'sum',
      'percent',
      'rate',
      'ratio',
      'average',
      'index',
      'score',
      'duration',
      'level',
      'money',
      'done',
    ]),
    // UCUM code: {person} for counts, % for percent.
    unit: text({ max: 60 }),
    unitLabel: text({ max: 80, localized: true }),
    decimals: whole({ min: 0, max: 9 }),
    numerator: text({ max: 300, localized: true }),
    denominator: text({ max: 300, localized: true }),
    direction: choice(directions, { required: true }),
    rangeLow: decimal(),
    rangeHigh: decimal(),
    grain: choice(grains, { requiredFrom: 'agreed' }),
    fiscalStartMonth: whole({ min: 1, max: 12 }),
    fiscalNamedBy: choice(['start', 'end']),
    publicationLagDays: whole({ min: 0, max: 1500 }),
    seasonal: flag(),
    cumulative: flag(),
    rareEvents: flag(),
    minimumCell: whole({ min: 0, max: 1000 }),
    sourceText: text({ max: 300, localized: true, search: 'D' }),
    sourceAddress: address(),
    method: paragraph({ localized: true, search: 'D' }),
    // Number in a library of indicators, `iso-37120-2014:5.1`.
    libraryNumber: text({ max: 60, search: 'B' }),
    critical: flag(),
    // A figure that the values are taken from when a period has closed.
    figure: code('figure'),
    // How the label was split on import: the part that names a member of a breakdown.
    breakdownOf: ref('indicators.indicator', { back: 'breakdowns' }),
    breakdownCell: text({ max: 200 }),
  },
  links: {
    measures: link(['strategy.outcome', 'strategy.objective'], {
      back: 'measuredBy',
      towards: 'vision',
      source: 'ISO 37106 §7.4',
    }),
  },
  rows: {
    measurement: rows({
      // `cell` = '' for the whole, else 'dimension=member' pairs in the order of their names, joined by ';'.
      key: ['cell', 'from', 'to'],
      fields: {
        cell: text({ max: 200, required: true, empty: true }),
        from: day({ required: true }),
        to: day({ required: true }),
        label: text({ max: 60, required: true }),
        value: decimal(),
        numerator: decimal(),
        denominator: decimal(),
        status: choice(statuses, { required: true }),
        note: text({ max: 1000, localized: true }),
        // Raw cell of the source, where the value was converted (a duration written 4.11).
        raw: text({ max: 100 }),
        // Incremented by each correction; earlier values are in the history.
        revision: whole({ min: 1, max: 10000 }),
      },
    }),
    target: rows({
      key: ['cell', 'targetKind', 'from', 'setOn'],
      fields: {
        cell: text({ max: 200, required: true, empty: true }),
        targetKind: choice(targetKinds, { required: true }),
        // First period the target applies to begins here.
        from: day({ required: true }),
        dueOn: day(),
        value: decimal(),
        low: decimal(),
        high: decimal(),
        base: decimal(),
        // Cells compared with, joined by ' | '; '*' is the whole.
        comparator: text({ max: 200 }),
        // The day the target was agreed, and why.
        setOn: day({ required: true }),
        why: text({ max: 1000, localized: true }),
      },
    }),
    break: rows({
      key: ['on'],
      fields: {
        on: day({ required: true }),
        breakKind: choice(['definition', 'boundary', 'source', 'direction'], { required: true }),
        // For a change of direction: the direction from this day on.
        direction: choice(directions),
        // And the one that applied until then, so that earlier verdicts keep it.
        directionBefore: choice(directions),
        reason: text({ max: 1000, localized: true, required: true }),
      },
    }),
  },
})
