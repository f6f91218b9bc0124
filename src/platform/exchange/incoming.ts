/** A file of content as something to import: recognised, read item by item, staged for the load. */
import { createHash } from 'node:crypto'
import type { Format, Header } from '../content/index.ts'
import { type ImportProblem, type Sink, type Source, weightOf } from '../imports/index.ts'
import type { AppContext } from '../page.ts'
import { checkedItem } from './checked.ts'
import { ContentLoad } from './load.ts'

/** The format that recognises a file by its beginning, or by more if that is not enough; nothing for tables. */
export async function formatOf(formats: readonly Format[], head: string, path: string): Promise<Format | undefined> {
  for (const format of formats)
    if (format.read && format.recognises?.(head) && (await (format.recognisesFile?.(path) ?? true))) return format
  return undefined
}

/** How much of a file is examined to recognise it. */
export const headBytes = 4096

/** Opens a file of content. `publish`: what was public at its origin becomes public here. */
export function contentSource(
  ctx: AppContext,
  format: Format,
  file: AsyncIterable<Uint8Array>,
  options: { readonly publish: boolean },
): Source {
  const kinds = [...ctx.registry.kinds.values()]
    .map((known) => known.declaration)
    .filter((kind) => !ctx.exchange.without.includes(kind.kind))
  const settings = { complete: false, publish: options.publish }
  const load = new ContentLoad(kinds, ctx.registry.wellKnown, settings)
  const digest = createHash('sha256')
  const facts = { rows: 0, sha256: '', encoding: 'utf-8' }
  let place = (problem: ImportProblem): ImportProblem => problem
  const read = async (sink: Sink) => {
    let bytes = 0
    let stopped = false
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of file) {
        bytes += piece.length
        digest.update(piece)
        sink.progress(bytes)
        yield piece
      }
    }
    const part = {
      registry: ctx.registry,
      problem: (problem: ImportProblem) => {
        sink.problem(problem)
        if (weightOf(problem.code) === 'stop') stopped = true
      },
      head: (said: Partial<Header>) => {
        settings.complete = said.complete === true
      },
      place: (of: typeof place) => {
        place = of
      },
    }
    for await (const { line, item } of format.read!(counted(), part)) {
      if (stopped) break
      facts.rows += 1
      sink.row(true)
      const checked = checkedItem(item, line)
      if ('item' in checked && ctx.exchange.without.includes(checked.item.kind)) {
        sink.problem({ row: line, column: null, code: 'import.not-content', values: { kind: checked.item.kind } })
        await sink.reject(line)
      } else if ('item' in checked) await load.take(checked.item, line, sink)
      else {
        sink.problem(place(checked.problem))
        await sink.reject(line)
      }
    }
    if (facts.rows === 0 && !stopped)
      part.problem({ row: null, column: null, code: 'import.file-no-items', values: {} })
    facts.sha256 = digest.digest('hex')
  }
  return {
    importer: () => load.importer,
    read,
    note: () => ({ code: 'import.note.file', values: facts }),
    place: (problem) => place(problem),
  }
}
