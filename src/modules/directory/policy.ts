import { allow } from '#platform/policy.ts'

const bodies = ['directory.organisation', 'directory.post']
const people = ['directory.person']

// People are never published: public pages name only posts and organisations.
export const policy = [
  allow(
    'administrator',
    ['create', 'change', 'retire', 'publish', 'close', 'reopen', 'abolish', 'rows.holding', 'rows.deputy'],
    bodies,
    'in their bodies',
  ),
  allow('administrator', ['create', 'change', 'retire', 'leave', 'erase'], people, 'in their bodies'),
  allow('analyst', ['create', 'change'], bodies, 'in their bodies'),
  // Whoever holds a post names who stands in for them.
  allow('anyone signed in', ['rows.deputy'], ['directory.post'], { namedIn: 'id' }),
]
