/** The global search: results grouped by kind, with a count for each. */

import { sql } from 'kysely'
import { type AppContext, type PageDefinition, page } from '#platform/page.ts'
import { questionOf, rankedHits, readableRecords } from '#platform/records/index.ts'
import { type SearchGroup, SearchPage, type SearchView } from '#web/record-pages/search.tsx'
import { presenterOf } from '../presenter.ts'

const shownOfEach = 5
const shownOfOne = 100
/** More results than this are counted as "more than". */
const maxCounted = 1000

type Row = {
  id: string
  kind: string
  code: string
  title: Record<string, string>
  state: string
  total: string
  /** Texts that were ranked, of all kinds. */
  texts: string
}

export const searchPage: PageDefinition = page<SearchView>({
  path: '/search',
  policy: 'anyone',
  section: 'overview',
  load: async (ctx, request) => {
    const asked = (request.query.q ?? '').slice(0, 200)
    const kind = ctx.registry.kinds.has(request.query.kind ?? '') ? request.query.kind : undefined
    return { asked, ...(kind ? { kind } : {}), ...(await answers(ctx, asked, kind)) }
  },
  title: (data, { say }) =>
    data.asked ? say('record.search.title-for', { question: data.asked }) : say('record.search.title'),
  view: SearchPage,
})

async function answers(
  ctx: AppContext,
  asked: string,
  kind: string | undefined,
): Promise<Pick<SearchView, 'groups' | 'kinds' | 'count' | 'more'>> {
  const question = asked.isWellFormed() && !asked.includes('\u0000') ? questionOf(asked) : null
  if (!question) return { groups: [], kinds: [], count: 0, more: false }
  const presenter = presenterOf(ctx)
  const { rows } = await sql<Row>`
    select * from (
      select hits.*, count(*) over (partition by kind) as total,
        sum(texts) over () as texts, row_number() over (partition by kind order by rank desc, id) as place, max(rank) over (partition by kind) as best
      from (select r.id, r.kind, r.code, r.title, r.state, hit.rank, hit.texts
        from ${rankedHits(ctx, question, maxCounted)} hit join ${readableRecords(ctx)} r on r.id = hit.record) hits) counted
    where place <= (case when kind = ${kind ?? ''} then ${shownOfOne}::int else ${shownOfEach}::int end)
    order by best desc, kind, place`.execute(ctx.db)
  const groups = [...Map.groupBy(rows, (row) => row.kind)].map(
    ([name, found]): SearchGroup => ({
      kind: name,
      label: presenter.plural(name),
      total: Number(found[0]!.total),
      items: found.map((row) => ({
        ...presenter.named(row),
        code: row.code,
        state: presenter.stateShown(row.kind, row.state),
      })),
    }),
  )
  const count = groups.reduce((sum, group) => sum + group.total, 0)
  return {
    groups: kind ? groups.filter((group) => group.kind === kind) : groups,
    kinds: groups.map(({ kind: name, label, total }) => ({ kind: name, label, total })),
    count,
    more: Number(rows[0]?.texts ?? 0) >= maxCounted,
  }
}
