import { choice, day, flag, link, list, paragraph, record, ref, refs, text, whole } from '#kernel/record.ts'

/** A plan of the city; several may run side by side. Its levels carry the names the city uses. */
export const plan = record('strategy.plan', {
  code: 'PLN',
  plural: 'plans',
  source: 'ISO 37106 §6.2, §6.9; ISO 17469-1 (StratML)',
  title: { max: 200, localized: true },
  states: ['draft', 'adopted', 'ended'],
  closed: ['ended'],
  fields: {
    summary: paragraph({ localized: true, search: 'C' }),
    from: day({ requiredFrom: 'adopted' }),
    to: day({ requiredFrom: 'adopted' }),
    levels: list({ min: 1, max: 6, required: true }),
  },
})

export const vision = record('strategy.vision', {
  code: 'VIS',
  plural: 'visions',
  source: 'ISO 37106 §6.2.3',
  title: { max: 200, localized: true },
  states: ['draft', 'adopted', 'replaced'],
  closed: ['replaced'],
  fields: {
    plan: ref('strategy.plan', { back: 'visions' }),
    versionLabel: text({ max: 40, required: true }),
    adoptedOn: day({ requiredFrom: 'adopted' }),
    reviewOn: day(),
  },
})

/** One sentence of a version of the vision: its address is permanent. */
export const sentence = record('strategy.sentence', {
  code: 'SEN',
  plural: 'sentences',
  source: 'ISO 37106 §6.2.3',
  title: { max: 600, localized: true },
  states: ['standing', 'replaced'],
  closed: ['replaced'],
  fields: {
    vision: ref('strategy.vision', { back: 'sentences', required: true }),
    position: whole({ min: 1, max: 1000, required: true }),
    replaces: ref('strategy.sentence', { back: 'replacedBy' }),
  },
})

export const outcome = record('strategy.outcome', {
  code: 'OUT',
  plural: 'outcomes',
  source: 'ISO 37106 §6.2.3, §7.3',
  title: { max: 200, localized: true },
  owner: { requiredFrom: 'agreed' },
  organisation: { requiredFrom: 'agreed' },
  states: ['draft', 'agreed', 'dropped'],
  closed: ['dropped'],
  fields: {
    description: paragraph({ localized: true, search: 'B' }),
    plan: ref('strategy.plan', { back: 'outcomes' }),
    rule: choice(['all', 'some', 'headline'], { requiredFrom: 'agreed' }),
    ruleCount: whole({ min: 1, max: 999 }),
    headlineIndicator: ref('indicators.indicator', { back: 'headlineOf' }),
    headline: flag(),
    categories: refs('strategy.category', { back: 'classifies' }),
  },
  links: {
    answers: link('strategy.sentence', { back: 'answeredBy', towards: 'vision', source: 'ISO 37106 §6.2.3' }),
  },
})

export const objective = record('strategy.objective', {
  code: 'OBJ',
  plural: 'objectives',
  source: 'ISO 37106 §6.2.3; ISO 17469-1 goal, objective',
  title: { max: 300, localized: true },
  owner: { requiredFrom: 'agreed' },
  organisation: { requiredFrom: 'agreed' },
  states: ['draft', 'agreed', 'dropped'],
  closed: ['dropped'],
  fields: {
    description: paragraph({ localized: true, search: 'B' }),
    plan: ref('strategy.plan', { back: 'objectives' }),
    // 1 = the level directly below the outcomes; the plan holds its name.
    level: whole({ min: 1, max: 6, required: true }),
    categories: refs('strategy.category', { back: 'classifiesObjectives' }),
  },
  links: {
    under: link('strategy.objective', { back: 'over', towards: 'vision' }),
    contributesTo: link('strategy.outcome', {
      back: 'servedBy',
      towards: 'vision',
      weighted: true,
      source: 'ISO 37106 §7.3',
    }),
  },
})

export const commitment = record('strategy.commitment', {
  code: 'COM',
  plural: 'commitments',
  source: 'ISO 37106 §6.4.3',
  title: { max: 300, localized: true },
  owner: { requiredFrom: 'agreed' },
  organisation: { requiredFrom: 'agreed' },
  states: ['draft', 'agreed', 'kept', 'missed', 'dropped'],
  closed: ['dropped'],
  fields: {
    description: paragraph({ localized: true, search: 'B' }),
    dueOn: day({ requiredFrom: 'agreed' }),
    keptOn: day(),
  },
  links: {
    towards: link(['strategy.outcome', 'strategy.objective'], { back: 'promisedBy', towards: 'vision' }),
  },
})

/** A classification frame loaded from a file (ISO 37101, SDGs, a mandate list); always optional. */
export const frame = record('strategy.frame', {
  code: 'FRM',
  plural: 'frames',
  source: 'ISO 37101',
  title: { max: 200, localized: true },
  audience: 'partners',
  states: ['loaded'],
  fields: {
    edition: text({ max: 60 }),
    note: paragraph({ localized: true }),
    axes: list({ min: 1, max: 3 }),
  },
})

export const category = record('strategy.category', {
  code: 'CAT',
  plural: 'categories',
  source: 'ISO 37101',
  title: { max: 200, localized: true },
  audience: 'partners',
  states: ['loaded'],
  fields: {
    frame: ref('strategy.frame', { back: 'categories', required: true }),
    axis: whole({ min: 1, max: 3, required: true }),
    notation: text({ max: 40, search: 'B' }),
    position: whole({ min: 1, max: 10000 }),
  },
})
