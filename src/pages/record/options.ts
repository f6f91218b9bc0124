/**
 * What a reference may point to: a list if there are few, a search if there are many; and from typed text back to a
 * record.
 */

import type { AppContext } from '#platform/page.ts'
import type { Name } from '#platform/records/index.ts'
import { find, isId, namesOf, search } from '#platform/records/index.ts'
import type { RecordOption } from '#web/controls/reference.tsx'
import { recordsByTitle } from '../choices.ts'
import { presenterOf } from '../presenter.ts'

/** Up to this many records are offered as a list. */
export const maxOptions = 50

export type Options = {
  /** All of them; absent if there are too many. */
  readonly options?: readonly RecordOption[]
  /** Offered while typing. */
  readonly suggestions: readonly RecordOption[]
}

const codeAhead = /^\s*([A-Za-z]{2,4}-\d{4,18})(?:\s|$)/

/** "OUT-0007 — Cleaner air": what people read and may type, so it begins with what identifies the record. */
export function optionOf(ctx: AppContext, name: Pick<Name, 'id' | 'kind' | 'code' | 'title'>): RecordOption {
  const { text, lang } = presenterOf(ctx).text(name.title)
  return { id: name.id, label: `${name.code} — ${text}`, ...(lang ? { lang } : {}) }
}

/** The records of some kinds that a reference may name; `chosen` are always among them, even if hidden. */
export async function optionsFor(
  ctx: AppContext,
  kinds: readonly string[] | 'any',
  chosen: readonly string[],
): Promise<Options> {
  // Where any record may be chosen, people search; a list would help nobody.
  if (kinds === 'any') return { suggestions: await labels(ctx, chosen.filter(isId)) }
  const found = (await Promise.all(kinds.map((kind) => recordsByTitle(ctx, kind, maxOptions + 1)))).flat()
  const all = found.slice(0, maxOptions).map((row) => optionOf(ctx, row))
  const ids = chosen.filter(isId)
  if (found.length > maxOptions) return { suggestions: [...(await labels(ctx, ids)), ...all] }
  const missing = ids.filter((id) => !all.some((option) => option.id === id))
  return { options: [...all, ...(await labels(ctx, missing))], suggestions: [] }
}

async function labels(ctx: AppContext, ids: readonly string[]): Promise<RecordOption[]> {
  const names = await namesOf(ctx, ids)
  return ids.map((id) => {
    const name = names.get(id)
    return name ? optionOf(ctx, name) : { id, label: presenterOf(ctx).say('record.page.hidden') }
  })
}

export type Resolved =
  | { readonly id: string }
  | {
      readonly problem: 'record.form.reference-unknown' | 'record.form.reference-unclear'
      readonly suggestions: readonly RecordOption[]
    }

/** The record that typed text means: an id, a code (with or without the name after it), or a unique name. */
export async function resolve(ctx: AppContext, to: readonly string[] | 'any', typed: string): Promise<Resolved> {
  const kinds = to === 'any' ? [...ctx.registry.kinds.keys()] : to
  const text = typed.trim()
  if (isId(text)) return { id: text }
  const code = codeAhead.exec(text)?.[1]
  if (code) {
    const prefix = code.slice(0, code.indexOf('-')).toUpperCase()
    for (const kind of kinds.filter((each) => ctx.registry.kind(each).declaration.code === prefix)) {
      const found = await find(ctx, ctx.registry.kind(kind).declaration, code)
      if (found) return { id: found.id }
    }
  }
  const hits = await search(ctx, text, { kinds, limit: 20 })
  const exact = hits.filter((hit) => Object.values(hit.title).some((title) => title.trim() === text))
  if (exact.length === 1) return { id: exact[0]!.id }
  const suggestions = hits.map((hit) => optionOf(ctx, hit))
  return { problem: hits.length > 0 ? 'record.form.reference-unclear' : 'record.form.reference-unknown', suggestions }
}
