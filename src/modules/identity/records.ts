import { choice, record, ref, rows, text } from '#kernel/record.ts'
import { languages } from '#kernel/words.ts'

export const roleNames = ['leader', 'owner', 'contributor', 'analyst', 'reviewer', 'finance', 'administrator'] as const

/** Somebody who can sign in. A person may exist without an account; an account names its person if there is one. */
export const account = record('identity.account', {
  code: 'ACC',
  plural: 'accounts',
  source: 'ISO 37106 §6.13',
  title: { max: 160, personal: true },
  organisation: { requiredFrom: 'active' },
  audience: 'restricted',
  states: ['active', 'closed'],
  closed: ['closed'],
  fields: {
    login: text({ max: 254, personal: true, required: true }),
    person: ref('directory.person', { back: 'accounts' }),
    language: choice(languages),
  },
  rows: {
    // A role for an organisation covers those below it; for the city itself, everything.
    grant: rows({
      key: ['role', 'body'],
      fields: {
        role: choice(roleNames, { required: true }),
        body: ref('directory.organisation', { back: 'grants', required: true }),
      },
    }),
  },
})
