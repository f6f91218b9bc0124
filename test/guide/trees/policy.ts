import { allow } from '#platform/policy.ts'

const kinds = ['trees.tree', 'trees.inspection']
const all = ['create', 'change', 'retire', 'publish', 'plant', 'fell', 'hold', 'rows.girth']

export const policy = [
  allow('administrator', all, kinds, 'in their bodies'),
  allow('analyst', ['create', 'change', 'rows.girth'], kinds, 'in their bodies'),
  allow('owner', ['change', 'plant', 'hold', 'rows.girth'], kinds, 'they own'),
]
