import { allow } from '#platform/policy.ts'

const accounts = ['identity.account']

export const policy = [
  allow('administrator', ['retire', 'close', 'reopen', 'erase'], accounts, 'in their bodies'),
  // Without the person: an account acts for the posts of its person, wherever these are.
  allow('administrator', ['create', 'change'], accounts, 'in their bodies', [
    'title',
    'state',
    'organisation',
    'owner',
    'audience',
    'externalIds',
    'login',
    'language',
  ]),
  // No row rule sees which organisation a role is for: an organisation's administrator grants roles through
  // `actions-accounts.ts`, which checks it.
  allow('administrator', ['create', 'change', 'rows.grant'], accounts, 'everywhere'),
]
