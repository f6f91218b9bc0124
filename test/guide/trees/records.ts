import { geometry } from '#kernel/fields/geometry.ts'
import { choice, day, decimal, link, paragraph, record, ref, rows, text } from '#kernel/record.ts'

/** A tree in a street or park, from the plan to its end. */
export const tree = record('trees.tree', {
  code: 'TRE',
  plural: 'trees',
  title: { max: 200, localized: true },
  owner: { requiredFrom: 'standing' },
  organisation: { requiredFrom: 'standing' },
  states: ['planned', 'standing', 'felled'],
  closed: ['felled'],
  fields: {
    species: text({ max: 100, required: true }),
    plantedOn: day({ requiredFrom: 'standing' }),
    place: geometry({ of: ['point'] }),
    reason: paragraph({ localized: true, requiredFrom: 'felled' }),
  },
  links: { serves: link('strategy.outcome', { back: 'trees', towards: 'vision', requiredFrom: 'standing' }) },
  rows: {
    girth: rows({ key: ['on'], fields: { on: day({ required: true }), centimetres: decimal({ required: true }) } }),
  },
})

/** Somebody looks at a tree and says what has to happen. */
export const inspection = record('trees.inspection', {
  code: 'TIN',
  plural: 'inspections',
  title: { max: 200, localized: true },
  owner: { requiredFrom: 'planned' },
  organisation: { requiredFrom: 'planned' },
  states: ['planned', 'held'],
  fields: {
    tree: ref('trees.tree', { back: 'inspections', required: true }),
    dueOn: day({ required: true }),
    heldOn: day({ requiredFrom: 'held' }),
    verdict: choice(['sound', 'prune', 'fell'], { requiredFrom: 'held' }),
  },
})
