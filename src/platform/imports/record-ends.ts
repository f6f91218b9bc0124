/** Finds the records that cells name: by their identity in the source, their code or their title. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { tableOf } from '../records/index.ts'
import { type ExistingRecord, existingRecords } from './known.ts'
import { RecordNames } from './names.ts'

export type EndRequest = { readonly kinds: readonly string[]; readonly texts: readonly string[] }
export type ResolvedEnds = {
  /** Id of the record, or why it was not found. */
  readonly of: (
    kinds: readonly string[],
    text: string,
  ) => string | { readonly ambiguous: boolean; readonly nearest: string }
}

const codeLike = /^[A-Z]{2,4}-\d{1,9}$/

export class RecordEnds {
  readonly #source: string
  /** Titles of the records of some kinds, read once per round. */
  readonly #names = new Map<string, RecordNames>()

  constructor(source: string) {
    this.#source = source
  }

  /** Discards what the previous round read. */
  begin(): void {
    this.#names.clear()
  }

  /** Looks up everything a batch names, with one query per way of finding. */
  async find(ctx: Context, asked: readonly EndRequest[]): Promise<ResolvedEnds> {
    const ids = new Map<string, string>()
    for (const { kinds, texts } of asked) {
      const wanted = [...new Set(texts)]
      for (const kind of kinds) {
        const codes = wanted.filter((text) => codeLike.test(text))
        for (const [code, met] of await this.byCode(ctx, kind, codes))
          if (met !== 'hidden' && !met.retired) ids.set(`${kind} ${code}`, met.id)
        for (const [id, met] of await existingRecords(ctx, kind, this.#source, wanted))
          if (met !== 'hidden' && !met.retired) ids.set(`${kind} ${id}`, met.id)
      }
      const name = kinds.join(' ')
      if (wanted.length > 0 && !this.#names.has(name)) this.#names.set(name, await RecordNames.load(ctx, ...kinds))
    }
    return {
      of: (kinds, text) => {
        for (const kind of kinds) {
          const id = ids.get(`${kind} ${text}`)
          if (id !== undefined) return id
        }
        const names = this.#names.get(kinds.join(' '))
        const named = names?.find(text) ?? null
        if (named === 'ambiguous') return { ambiguous: true, nearest: '' }
        return named ? named.id : { ambiguous: false, nearest: names?.nearest(text) ?? '' }
      },
    }
  }

  /** Records by code; `hidden` if the caller may not read one. */
  async byCode(ctx: Context, kind: string, codes: readonly string[]): Promise<Map<string, ExistingRecord | 'hidden'>> {
    const found = new Map<string, ExistingRecord | 'hidden'>()
    if (codes.length === 0) return found
    const { rows } = await sql<{ code: string; id: string; retired: boolean; record: ExistingRecord['record'] | null }>`
      select k.code, k.id, k."retiredAt" is not null as retired,
        case when r.id is null then null else to_jsonb(t) || jsonb_build_object('title', r.title, 'organisation', r.organisation, 'owner', r.owner) end as record
      from records.record k
      left join records.record r on r.id = k.id and ${ctx.policies.visible(ctx.caller)}
      left join ${tableOf(kind)} t on t.id = r.id
      where k.kind = ${kind} and k.code = any(${[...codes]}::text[])`.execute(ctx.db)
    for (const { code, id, retired, record } of rows) found.set(code, record ? { id, retired, record } : 'hidden')
    return found
  }
}
