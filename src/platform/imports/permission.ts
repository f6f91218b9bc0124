/** Who may bring files in; what a file may write is asked of every record in it. */
import type { Context } from '../context.ts'

/** Whoever may make a run. The room `imports` says who that is. */
export const importPolicy = { can: 'create', kind: 'imports.run' } as const

/** May the caller open the pages of the import? Ask before linking to them. */
export const mayImport = ({ policies, caller }: Pick<Context, 'policies' | 'caller'>): boolean =>
  policies.canSome(caller, importPolicy.can, importPolicy.kind)
