/**
 * Downloads: the filtered list of a kind, and a plan with everything that belongs to it, as far as the reader may read.
 */
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { notFound } from '#kernel/problem.ts'
import { isSignedIn } from '#platform/caller.ts'
import { type Format, fileTypeOf, type Header, type Scope, writeContent } from '#platform/exchange/index.ts'
import { fairQueue } from '#platform/fair-queue.ts'
import { type AppContext, type Download, type PageDefinition, unseenPage } from '#platform/page.ts'
import { writePieces } from '#platform/pieces.ts'
import { get } from '#platform/records/index.ts'
import { readAddress } from '../list/address.ts'
import { type List, wholeAddress } from '../list/declare.ts'
import type { KindPages } from './kind-pages.ts'

/** Each holds a transaction while it is made. One of three is kept for people who are signed in. */
const making = fairQueue({ atOnce: 3, anonymousAtOnce: 2, waiting: 20, waitMs: 10_000 })

type Asked = {
  readonly scope: Scope
  readonly holds: Header['scope']
  readonly name: string
  readonly format: Format
  readonly options?: Readonly<Record<string, string>>
}

/**
 * Written to a file first, which the reader can fetch at any speed: a slow connection must not hold a transaction open.
 * @throws Unavailable when too many wait for theirs
 */
function downloadOf(ctx: AppContext, asked: Asked): Promise<Download> {
  return making.run(isSignedIn(ctx.caller), () => make(ctx, asked))
}

async function make(ctx: AppContext, { scope, holds, name, format, options }: Asked): Promise<Download> {
  const folder = await mkdtemp(join(tmpdir(), 'commonweal-download-'))
  const forget = () => rm(folder, { recursive: true, force: true })
  try {
    const path = join(folder, 'file')
    await writePieces(path, writeContent(ctx, { format, scope, ...(options ? { options } : {}) }))
    const { extension, mediaType } = fileTypeOf(format, holds)
    const body = createReadStream(path)
    body.once('close', () => void forget())
    return { download: `${name}.${extension}`, type: mediaType, body }
  } catch (error) {
    await forget()
    throw error
  }
}

function formatNamed(ctx: AppContext, name: string | undefined, holds: Header['scope']): Format {
  const format = ctx.exchange.formats.find((each) => each.name === name && each.holds.includes(holds))
  if (!format) throw notFound(name ?? '')
  return format
}

/** `/strategy/outcomes/download/csv?state=agreed`: whole records, not only what the list shows of them. */
export const downloadListPage = (list: List): PageDefinition =>
  unseenPage({
    path: `${wholeAddress(list)}/:format`,
    policy: list.policy,
    load: async (ctx, { params, query }) => {
      const format = formatNamed(ctx, params.format, 'list')
      const { where } = await readAddress(ctx, list, query)
      return downloadOf(ctx, {
        scope: { of: 'list', kind: list.kind.kind, where },
        holds: 'list',
        name: list.kind.plural,
        format,
      })
    },
  })

/** `/strategy/plans/PLN-0001/download/stratml?part=1`. */
export const downloadPlanPage = ({ kind, base }: KindPages): PageDefinition =>
  unseenPage({
    path: `${base}/:key/download/:format`,
    policy: 'anyone',
    load: async (ctx, { params, query }) => {
      const format = formatNamed(ctx, params.format, 'plan')
      const { id, code } = await get(ctx, kind, params.key ?? '')
      const scope: Scope = { of: 'root', kind: kind.kind, id }
      const options: Record<string, string> = query.part === '1' || query.part === '2' ? { part: query.part } : {}
      return downloadOf(ctx, { scope, holds: 'plan', name: code, format, options })
    },
  })
