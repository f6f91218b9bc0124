import type { Context } from '#platform/context.ts'
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

/** Who may bring files in: whoever may write measurements somewhere. */
export const importPolicy = { can: 'rows.measurement', kind: 'indicators.indicator' } as const

/** May the caller open the pages of the import? Ask before linking to them. */
export const mayImport = ({ policies, caller }: Pick<Context, 'policies' | 'caller'>): boolean =>
  policies.canSome(caller, importPolicy.can, importPolicy.kind)
