/** The history of one record: who changed what, when and why, and its position in the seal. */
import type { Manifest } from '#platform/module.ts'
import { type AppContext, type PageDefinition, type PageRequest, page } from '#platform/page.ts'
import { type HistoryEntry, historyOf, isId } from '#platform/records/index.ts'
import { instantOf } from '#values/moment.ts'
import { type EntryView, HistoryPage, type HistoryView } from '#web/record-pages/history.tsx'
import { presenterOf } from '../presenter.ts'
import { changesIn, describeEntry, namesIn } from './changes.ts'
import { type KindPages, recordAt, trailBelow } from './kind-pages.ts'
import { peopleOf } from './who.ts'

const pageSize = 50

export const historyPage = (pages: KindPages, manifests: readonly Manifest[]): PageDefinition =>
  page<HistoryView>({
    path: `${pages.base}/:key/history`,
    policy: 'signed in',
    ...(pages.section ? { section: pages.section } : {}),
    load: (ctx, request) => historyData(ctx, pages, manifests, request),
    title: (data, { say }) => say('record.history.title', { title: data.record.text }),
    trail: (data, view) => trailBelow(pages, data.record)(view),
    view: HistoryPage,
  })

async function historyData(
  ctx: AppContext,
  pages: KindPages,
  manifests: readonly Manifest[],
  request: PageRequest,
): Promise<HistoryView> {
  const record = await recordAt(ctx, pages, request.params.key ?? '')
  const after = isId(request.query.after ?? '') ? request.query.after! : undefined
  const entries = await historyOf(ctx, record.id, { limit: pageSize + 1, ...(after ? { after } : {}) })
  const shown = entries.slice(0, pageSize)
  const presenter = presenterOf(ctx)
  return {
    kind: pages.kind.kind,
    record: { ...presenter.named(record), code: record.code },
    entries: await describeEntries(ctx, manifests, shown),
    ...(after ? { first: request.path } : {}),
    ...(entries.length > pageSize ? { next: `${request.path}?after=${shown.at(-1)!.id}` } : {}),
  }
}

/** Entries in words, in the order given. */
export async function describeEntries(
  ctx: AppContext,
  manifests: readonly Manifest[],
  entries: readonly HistoryEntry[],
): Promise<EntryView[]> {
  const presenter = presenterOf(ctx)
  const [people, names] = await Promise.all([peopleOf(ctx, entries), namesIn(ctx, entries)])
  return entries.map((entry) => ({
    id: entry.id,
    at: instantOf(entry.at).toISOString(),
    when: presenter.instant(entry.at),
    who: people.who(entry),
    what: describeEntry(ctx, manifests, entry),
    source: entry.source.startsWith('import:')
      ? presenter.say('record.history.source-import', { file: entry.source.slice(7) })
      : '',
    ...(entry.why ? { why: entry.why } : {}),
    changes: changesIn(ctx, entry, names),
    position:
      entry.position === null
        ? presenter.say('record.history.unsealed')
        : presenter.say('record.history.sealed', { position: entry.position }),
    changeSet: `/history/${entry.changeSet}`,
  }))
}
