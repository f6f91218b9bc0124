import { allow } from '#platform/policy.ts'

const all = ['directory.organisation', 'directory.person', 'directory.post']

export const policy = [
  allow(
    'administrator',
    ['create', 'change', 'retire', 'close', 'reopen', 'leave', 'abolish', 'rows.holding', 'publish', 'erase'],
    all,
    'in their bodies',
  ),
  allow('analyst', ['create', 'change'], ['directory.organisation', 'directory.post'], 'in their bodies'),
]
