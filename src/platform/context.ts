import type { Registry } from '#kernel/registry.ts'
import type { Language } from '#kernel/words.ts'
import type { Caller } from './caller.ts'
import type { Executor, TransactionOf } from './db/index.ts'
import type { Policies } from './policy.ts'

export type Log = {
  info: (facts: Record<string, unknown>, message: string) => void
  warn: (facts: Record<string, unknown>, message: string) => void
  error: (facts: Record<string, unknown>, message: string) => void
}

/** The city this installation serves: its name by language, its time zone (IANA), the language it always writes. */
export type City = {
  readonly name: Record<string, string>
  readonly timeZone: string
  readonly language: string
  readonly demo: boolean
}

/** Everything a read needs, passed as the first argument. */
export type Context = {
  readonly db: Executor
  readonly caller: Caller
  readonly registry: Registry
  readonly policies: Policies
  readonly language: Language
  readonly now: () => Date
  readonly city: City
  readonly log: Log
}

/** Everything a write needs: the same, inside one transaction. */
export type WriteContext = Context & { readonly db: TransactionOf }
