import { allow } from '#platform/policy.ts'

export const policy = [
  allow(
    'administrator',
    ['create', 'change', 'retire', 'close', 'reopen', 'erase', 'rows.grant'],
    ['identity.account'],
    'in their bodies',
  ),
]
