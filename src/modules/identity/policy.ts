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
  // A role is on a body that no row rule sees: the administrator of one body gives roles by `actions-accounts.ts`, which looks.
  allow('administrator', ['create', 'change', 'rows.grant'], accounts, 'everywhere'),
]
