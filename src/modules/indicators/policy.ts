import { allow } from '#platform/policy.ts'

const kind = ['indicators.indicator']
const rows = ['rows.measurement', 'rows.target', 'rows.break']
const verbs = ['agree', 'end', 'reopen']

export const policy = [
  allow('administrator', ['create', 'change', 'retire', 'publish', ...verbs, ...rows], kind, 'in their bodies'),
  allow('leader', ['create', 'change', 'retire', 'publish', ...verbs, 'rows.target'], kind, 'in their bodies'),
  allow('analyst', ['create', 'change', ...rows], kind, 'in their bodies'),
  allow('owner', ['change', 'agree', 'rows.measurement', 'rows.target', 'rows.break'], kind, 'they own'),
  allow('contributor', ['rows.measurement'], kind, 'in their bodies'),
]
