/** Who may import files; what a file may write is checked for each record in it. */
import type { Context } from '../context.ts'

/** Whoever may create a run. The room `imports` says who that is. */
export const importPolicy = { can: 'create', kind: 'imports.run' } as const

/** May the caller open the pages of the import? Ask before linking to them. */
export const mayImport = ({ policies, caller }: Pick<Context, 'policies' | 'caller'>): boolean =>
  policies.canSome(caller, importPolicy.can, importPolicy.kind)
