/** Finds organisations and posts by the names a file uses. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { nearest } from '../tabular/index.ts'

type Named = { readonly id: string; readonly organisation: string | null }
export type NameMatch = Named | 'ambiguous' | null

/** Above this many names none is suggested; finding still works for all that were read. */
const maxNames = 50_000

/** The names of some kinds that the caller may read, in every language. */
export class RecordNames {
  readonly #byName = new Map<string, Named[]>()
  readonly #titles: string[] = []
  readonly #nearest = new Map<string, string>()

  static async load(ctx: Context, ...kinds: readonly string[]): Promise<RecordNames> {
    const names = new RecordNames()
    const { rows } = await sql<Named & { title: Record<string, string> }>`
      select r.id, r.organisation, r.title from records.record r
      where r.kind = any(${[...kinds]}) and r."retiredAt" is null and ${ctx.policies.visible(ctx.caller)} order by r.id limit ${maxNames}`.execute(
      ctx.db,
    )
    for (const { title, ...named } of rows)
      for (const text of new Set(Object.values(title).map(plain))) {
        names.#byName.set(text, [...(names.#byName.get(text) ?? []), named])
        names.#titles.push(Object.values(title).find((each) => plain(each) === text)!)
      }
    return names
  }

  /** The one with this name; if several have it, the one of `organisation`. */
  find(name: string, organisation: string | null = null): NameMatch {
    const found = this.#byName.get(plain(name)) ?? []
    if (found.length < 2) return found[0] ?? null
    const own = found.filter((each) => each.organisation === organisation)
    return own.length === 1 ? own[0]! : 'ambiguous'
  }

  /** The name most like this one, or ''. */
  nearest(name: string): string {
    const known = this.#nearest.get(name)
    if (known !== undefined) return known
    const best = this.#titles.length > 5000 ? '' : nearest(name, this.#titles)
    if (this.#nearest.size < 5000) this.#nearest.set(name, best)
    return best
  }
}

const plain = (text: string) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
