import { refAny } from '#kernel/fields/reference.ts'
import { choice, day, record, ref, rows, text } from '#kernel/record.ts'

/** What a deputy may do: act in place of the holder, or see what waits without acting. */
export const deputyCovers = ['everything', 'sight'] as const

export const organisation = record('directory.organisation', {
  code: 'ORG',
  plural: 'organisations',
  source: 'ISO 37106 §6.4',
  title: { max: 200, localized: true },
  audience: 'partners',
  states: ['active', 'closed'],
  closed: ['closed'],
  fields: {
    organisationKind: choice(
      ['city', 'authority', 'department', 'agency', 'company', 'university', 'association', 'community', 'other'],
      {
        required: true,
      },
    ),
    sector: choice(['public', 'private', 'voluntary'], { required: true }),
    parent: ref('directory.organisation', { back: 'parts' }),
    // Identity and budget code are different things: two organisations may share a budget code, and one may have
    // several.
    identityCode: text({ max: 60, search: 'B' }),
    budgetCode: text({ max: 60, search: 'C' }),
    abbreviation: text({ max: 30, search: 'B' }),
  },
})

export const person = record('directory.person', {
  code: 'PER',
  plural: 'people',
  title: { max: 160, personal: true },
  states: ['active', 'left'],
  closed: ['left'],
  fields: {
    email: text({ max: 254, personal: true }),
  },
})

export const post = record('directory.post', {
  code: 'PST',
  plural: 'posts',
  source: 'ISO 37106 §6.4',
  title: { max: 200, localized: true },
  organisation: { requiredFrom: 'active' },
  audience: 'partners',
  states: ['active', 'abolished'],
  closed: ['abolished'],
  fields: {
    unit: text({ max: 200, localized: true }),
  },
  rows: {
    holding: rows({
      key: ['person', 'from'],
      fields: {
        person: ref('directory.person', { back: 'posts', required: true }),
        from: day({ required: true }),
        to: day(),
      },
    }),
    // A person, or whoever holds another post: deputies of deputies are none.
    deputy: rows({
      key: ['deputy', 'from'],
      fields: {
        deputy: refAny(['directory.person', 'directory.post'], { back: 'deputises', required: true }),
        from: day({ required: true }),
        to: day(),
        covers: choice(deputyCovers, { required: true }),
      },
    }),
  },
})
