import { money } from '#kernel/fields/money.ts'
import { choice, choices, day, decimal, flag, link, paragraph, record, ref, rows, text, whole } from '#kernel/record.ts'

/** Money comes first; the four kinds of money are never added to each other. */
export const moneyTypes = ['cash-releasing', 'non-cash-releasing', 'income', 'cost-avoided'] as const
export const benefitTypes = [...moneyTypes, 'quantified', 'qualitative'] as const
/** Types for which finance can confirm a budget line. */
export const cashTypes = ['cash-releasing', 'income'] as const
export const attributions = ['contributed', 'attributable', 'not-assessed'] as const
export const resultStatuses = ['actual', 'provisional', 'estimated'] as const
export const reviewDecisions = ['continue', 'correct', 'replan', 'escalate', 'stop'] as const

/** A period of a benefit's path: planned, forecast or realized. Ends of the range are in the unit of the value. */
const period = {
  from: day({ required: true }),
  to: day({ required: true }),
  label: text({ max: 60 }),
  value: decimal({ required: true }),
  low: decimal(),
  high: decimal(),
} as const

/**
 * Something the city gains, or (`effect` loss) that somebody loses: one kind, because both have an owner, a measure, a
 * path and a place on the map. Totals show them side by side and never net them.
 */
export const benefit = record('benefits.benefit', {
  code: 'BEN',
  plural: 'benefits',
  source: 'ISO 37106 §7.3',
  title: { max: 300, localized: true },
  owner: { requiredFrom: 'agreed' },
  organisation: { requiredFrom: 'agreed' },
  // A benefit crosses organisations: whoever receives, delivers or confirms it is often in another one.
  audience: 'partners',
  states: [
    'proposed',
    'agreed',
    'realizing',
    'partly-realized',
    // It may begin to materialise before hand-over; it counts as realized only afterwards.
    'handed-over',
    'realized',
    'sustained',
    'not-realized',
    'disputed',
    'dropped',
  ],
  closed: ['not-realized', 'disputed', 'dropped'],
  fields: {
    description: paragraph({ localized: true, search: 'B' }),
    // Not stated = a gain: most of a city's tables have no losses.
    effect: choice(['gain', 'loss']),
    benefitType: choice(benefitTypes, { requiredFrom: 'agreed' }),
    areas: choices(['financial', 'service', 'economic', 'social', 'environmental']),
    plan: ref('strategy.plan', { back: 'benefits' }),
    unplanned: flag(),
    whoGains: text({ max: 300, localized: true, search: 'C' }),
    outsideAuthority: flag(),
    losingGroup: text({ max: 300, localized: true, search: 'C' }),
    recurrence: choice(['one-off', 'recurring']),
    // The full yearly value if it is money. Currency and price base also apply to every amount of the path.
    worth: money({ open: true, formerly: { '': 'fullValue', currency: 'currency', priceYear: 'priceBaseYear' } }),
    // What the numbers count, if they are not money and no indicator says it.
    unitLabel: text({ max: 80, localized: true }),
    // The baseline, in its own unit: an amount a year, or the level of the indicator.
    baseline: decimal(),
    baselineOn: day(),
    // The path: nothing before `startOn` plus the lag, then a straight ramp up to the full value a year.
    startOn: day({ requiredFrom: 'agreed' }),
    lagMonths: whole({ min: 0, max: 120 }),
    rampMonths: whole({ min: 0, max: 120 }),
    // The same if it is counted rather than money.
    fullValue: decimal(),
    dueOn: day({ requiredFrom: 'agreed' }),
    counterfactual: paragraph({ localized: true, requiredFrom: 'agreed' }),
    attribution: choice(attributions),
    attributionDesign: text({ max: 300, localized: true }),
    // How an overlap with the claim of another benefit is settled: the agreed split, or why there is none.
    settlement: paragraph({ localized: true }),
    // The post that leads what brings the benefit about: neither it nor the owner confirms or validates.
    deliveredBy: ref('directory.post', { back: 'delivers' }),
    closedOn: day(),
    receivingPost: ref('directory.post', { back: 'receives', requiredFrom: 'handed-over' }),
    measurementBudget: decimal({ requiredFrom: 'handed-over' }),
    trackUntil: day({ requiredFrom: 'handed-over' }),
    handedOverOn: day({ requiredFrom: 'handed-over' }),
    validation: paragraph({ localized: true, requiredFrom: 'realized' }),
    sustainedBecause: paragraph({ localized: true, requiredFrom: 'sustained' }),
    disputeReason: paragraph({ localized: true, requiredFrom: 'disputed' }),
    missReason: paragraph({ localized: true, requiredFrom: 'not-realized' }),
    dropReason: paragraph({ localized: true, requiredFrom: 'dropped' }),
  },
  links: {
    // Weights say how much of the far end this is judged to bring about, in percent; a complete layer adds up to 100.
    contributesTo: link(['strategy.outcome', 'strategy.objective', 'benefits.benefit'], {
      back: 'servedBy',
      towards: 'vision',
      weighted: true,
      source: 'ISO 37106 §7.3',
    }),
    measuredBy: link('indicators.indicator', {
      back: 'measuresBenefit',
      towards: 'evidence',
      source: 'ISO 37106 §7.4',
    }),
  },
  rows: {
    path: rows({ key: ['from', 'to'], fields: { ...period, runningCost: decimal() } }),
    result: rows({
      key: ['from', 'to'],
      fields: {
        ...period,
        runningCost: decimal(),
        status: choice(resultStatuses, { required: true }),
        sourceText: text({ max: 300, localized: true }),
        note: text({ max: 1000, localized: true }),
      },
    }),
    forecast: rows({
      key: ['from', 'to'],
      fields: { ...period, madeOn: day({ required: true }), note: text({ max: 1000, localized: true }) },
    }),
    // Whose budget is reduced (or, for income, raised): the line, the year, the amount promised.
    budget: rows({
      key: ['budgetCode', 'year'],
      fields: {
        budgetCode: text({ max: 60, required: true }),
        year: whole({ min: 1950, max: 2200, required: true }),
        amount: decimal({ required: true }),
        body: ref('directory.organisation', { back: 'budgetReductions' }),
      },
    }),
    // Written only by finance: what was found in that budget line.
    confirmation: rows({
      key: ['budgetCode', 'year'],
      fields: {
        budgetCode: text({ max: 60, required: true }),
        year: whole({ min: 1950, max: 2200, required: true }),
        verdict: choice(['confirmed', 'refused'], { required: true }),
        amount: decimal({ required: true }),
        confirmedOn: day({ required: true }),
        // The confirming post, for readers; the history says who it was.
        post: ref('directory.post', { back: 'confirms', required: true }),
        note: text({ max: 1000, localized: true }),
      },
    }),
    // How much of the movement of an indicator this benefit claims, in the unit of the indicator and with its sign.
    claim: rows({
      key: ['indicator'],
      fields: {
        indicator: ref('indicators.indicator', { back: 'claimedBy', required: true }),
        baseline: decimal({ required: true }),
        baselineOn: day({ required: true }),
        movement: decimal({ required: true }),
        // The change from the baseline that would have happened without it.
        counterfactualChange: decimal({ required: true }),
        note: text({ max: 1000, localized: true }),
      },
    }),
  },
})

/** What people have to do differently before a benefit can materialise. */
export const change = record('benefits.change', {
  code: 'CHG',
  plural: 'changes',
  source: 'ISO 37106 §7.2, §7.3',
  title: { max: 300, localized: true },
  owner: { requiredFrom: 'agreed' },
  organisation: { requiredFrom: 'agreed' },
  audience: 'partners',
  states: ['proposed', 'agreed', 'under-way', 'adopted', 'dropped'],
  closed: ['dropped'],
  fields: {
    description: paragraph({ localized: true, search: 'B' }),
    whoChanges: text({ max: 300, localized: true, search: 'C', requiredFrom: 'agreed' }),
    adoptionMeasure: text({ max: 300, localized: true, requiredFrom: 'agreed' }),
    adoptionUnit: text({ max: 80, localized: true }),
    adoptionBaseline: decimal(),
    adoptionTarget: decimal({ requiredFrom: 'under-way' }),
    dueOn: day({ requiredFrom: 'agreed' }),
    dropReason: paragraph({ localized: true, requiredFrom: 'dropped' }),
  },
  links: {
    produces: link('benefits.benefit', {
      back: 'producedBy',
      towards: 'vision',
      weighted: true,
      source: 'ISO 37106 §7.3',
    }),
    measuredBy: link('indicators.indicator', { back: 'measuresAdoption', towards: 'evidence' }),
  },
  rows: {
    adoption: rows({
      key: ['on'],
      fields: {
        on: day({ required: true }),
        value: decimal({ required: true }),
        status: choice(resultStatuses, { required: true }),
        note: text({ max: 1000, localized: true }),
      },
    }),
  },
})

/**
 * What makes a business change possible, if no other room holds it. A kind of another room becomes an enabler by
 * declaring a link named `enables` to a business change or benefit (decision 20).
 */
export const enabler = record('benefits.enabler', {
  code: 'ENA',
  plural: 'enablers',
  source: 'ISO 37106 §7.3',
  title: { max: 300, localized: true },
  owner: { requiredFrom: 'under-way' },
  organisation: { requiredFrom: 'under-way' },
  audience: 'partners',
  states: ['planned', 'under-way', 'in-place', 'dropped'],
  closed: ['dropped'],
  fields: {
    description: paragraph({ localized: true, search: 'B' }),
    enablerType: choice(['technology', 'data', 'building', 'people', 'rule', 'contract', 'money', 'other']),
    dueOn: day({ requiredFrom: 'under-way' }),
    dropReason: paragraph({ localized: true, requiredFrom: 'dropped' }),
  },
  links: {
    enables: link(['benefits.change', 'benefits.benefit'], {
      back: 'enabledBy',
      towards: 'vision',
      weighted: true,
      source: 'ISO 37106 §7.3',
    }),
  },
})

/** A review of a benefit by those responsible for it: what was found, decided and done about it. */
export const review = record('benefits.review', {
  code: 'REV',
  plural: 'reviews',
  source: 'ISO 37106 §7.3, §7.4',
  title: { max: 200, localized: true },
  owner: { requiredFrom: 'held' },
  organisation: { requiredFrom: 'held' },
  states: ['planned', 'held', 'settled', 'dropped'],
  closed: ['dropped'],
  fields: {
    benefit: ref('benefits.benefit', { back: 'reviews', required: true }),
    plannedOn: day({ required: true }),
    heldOn: day({ requiredFrom: 'held' }),
    finding: paragraph({ localized: true, search: 'C', requiredFrom: 'held' }),
    decision: choice(reviewDecisions, { requiredFrom: 'held' }),
    action: paragraph({ localized: true }),
    actionDueOn: day(),
    actionDoneOn: day({ requiredFrom: 'settled' }),
  },
})

/** The benefits framework of the city: a document that is adopted, and later replaced by its next version. */
export const framework = record('benefits.framework', {
  code: 'FWK',
  plural: 'frameworks',
  source: 'ISO 37106 §7.3',
  title: { max: 200, localized: true },
  organisation: { requiredFrom: 'adopted' },
  audience: 'partners',
  states: ['draft', 'adopted', 'replaced'],
  closed: ['replaced'],
  fields: {
    versionLabel: text({ max: 40, required: true }),
    adoptedOn: day({ requiredFrom: 'adopted' }),
    reviewOn: day({ requiredFrom: 'adopted' }),
    purpose: paragraph({ localized: true, search: 'B', requiredFrom: 'adopted' }),
    roles: paragraph({ localized: true, search: 'C', requiredFrom: 'adopted' }),
    categories: paragraph({ localized: true, search: 'C', requiredFrom: 'adopted' }),
    measuring: paragraph({ localized: true, search: 'C', requiredFrom: 'adopted' }),
    rhythm: paragraph({ localized: true, search: 'C', requiredFrom: 'adopted' }),
    // Thresholds used in calculations.
    reviewEveryMonths: whole({ min: 1, max: 36, requiredFrom: 'adopted' }),
    // A path is missed if less than this percentage of what was planned so far has been realized.
    missedBelowPercent: whole({ min: 1, max: 100, requiredFrom: 'adopted' }),
    escalateAfterDays: whole({ min: 1, max: 365, requiredFrom: 'adopted' }),
    trackMonths: whole({ min: 12, max: 120, requiredFrom: 'adopted' }),
  },
})
