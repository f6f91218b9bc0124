/** How a room declares verbs, and what it holds against those of others. */
import type { RecordKind } from '#kernel/record.ts'
import { type Block, type Objections, type Verb, type VerbDeclaration, verbOf } from '#kernel/verb.ts'
import type { Context } from './context.ts'
import type { Change } from './records/index.ts'

/**
 * Declares the verbs of a kind: `verbs(decision, { take: { from: ['put'], to: 'taken', input: ['reason', 'reviewOn?'],
 * set: { takenOn: ({ today }) => today }, guard: quorumStands } })`. A guard may read, for all records at once.
 */
export const verbs = <Kind extends RecordKind>(
  kind: Kind,
  declared: Readonly<Record<string, VerbDeclaration<Kind, Context, Change>>>,
): Verb[] => Object.entries(declared).map(([name, declaration]) => verbOf(kind, name, declaration))

/** Declares what a room holds against a verb of another: `block('roadmap.gate', 'pass', openRisks)`. */
export const block = (
  on: string,
  name: string,
  found: (ctx: Context, ids: readonly string[]) => Promise<Objections>,
): Block => ({ on, verb: name, found })
