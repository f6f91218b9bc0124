/** The page on which a room lists its findings, and the register over all rooms. */
import { notFound } from '#kernel/problem.ts'
import type { Finding } from '#platform/finding.ts'
import { countFindings, listFindings } from '#platform/findings/index.ts'
import { type AppContext, type PageDefinition, type PageRequest, page } from '#platform/page.ts'
import { isId } from '#platform/records/index.ts'
import { type FindingsPageView, findingsView } from '#web/finding-pages/list.tsx'
import { type FindingRegisterView, findingRegisterView } from '#web/finding-pages/register.tsx'
import { presenterOf } from '../presenter.ts'
import { togetherFor } from './acts.ts'
import { countedSentence, findingsAddress, itemsOf, labelOf, stepOf } from './items.ts'

/** Findings on one page; the rest is a click away. */
const perPage = 50

const cursorIn = ({ after }: PageRequest['query']) => (after && isId(after) ? { after } : {})

async function roomData(
  ctx: AppContext,
  room: string,
  findings: readonly Finding[],
  query: PageRequest['query'],
): Promise<FindingsPageView> {
  const { say } = presenterOf(ctx)
  const mine = query.mine === 'true'
  const own = findings.filter((finding) => finding.room === room)
  const counts = await countFindings(ctx, { findings: own.map(({ key }) => key), mine })
  const shown = own.find(({ name, key }) => (query.for ? name === query.for : key === counts[0]?.finding)) ?? own[0]!
  if (query.for && shown.name !== query.for) throw notFound(query.for)
  const { rows, next } = await listFindings(
    ctx,
    findings,
    { findings: [shown.key], mine },
    {
      ...cursorIn(query),
      limit: perPage,
    },
  )
  const known = counts.find(({ finding }) => finding === shown.key)?.count ?? 0
  // Without a further page those on this one are all there are, and some may have been settled just now.
  const count = next || query.after ? known : rows.length
  const address = (name: string, more: Record<string, string> = {}) => {
    const extra = new URLSearchParams(more)
    return `${findingsAddress(room, name, mine)}${extra.size > 0 ? `&${extra}` : ''}`
  }
  return {
    title: rows.length > 0 ? countedSentence(ctx, shown.key, count) : labelOf(ctx, shown.key),
    step: stepOf(ctx, shown.key),
    scopes: [false, true].map((each) => ({
      label: say(each ? 'finding.scope.mine' : 'finding.scope.all'),
      href: findingsAddress(room, query.for, each),
      current: each === mine,
    })),
    tabs: counts.map(({ finding, count: many }) => ({
      label: labelOf(ctx, finding),
      href: address(finding.slice(room.length + 1)),
      current: finding === shown.key,
      count: String(finding === shown.key ? count : many),
    })),
    items: await itemsOf(ctx, findings, rows),
    count,
    first: query.after ? address(shown.name) : null,
    next: next ? address(shown.name, { after: next }) : null,
    together: togetherFor(ctx, shown),
  }
}

/** The page of one room's findings, at `/ROOM/findings`. */
export const roomPage = (room: string, section: string | undefined, findings: readonly Finding[]): PageDefinition =>
  page<FindingsPageView>({
    path: `/${room}/findings`,
    policy: 'signed in',
    ...(section ? { section } : {}),
    load: (ctx, { query }) => roomData(ctx, room, findings, query),
    title: (data) => data.title,
    view: findingsView,
  })

async function registerData(
  ctx: AppContext,
  findings: readonly Finding[],
  query: PageRequest['query'],
): Promise<FindingRegisterView> {
  const { say, dayOf, names } = presenterOf(ctx)
  const closed = query.closed === 'true'
  const mine = query.mine === 'true' && !closed
  const { rows, next } = await listFindings(ctx, findings, { closed, mine }, { ...cursorIn(query), limit: perPage })
  const [items, nameOf] = await Promise.all([
    itemsOf(ctx, findings, rows),
    names(rows.map(({ escalatedTo }) => escalatedTo)),
  ])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const scope = mine ? 'mine=true' : closed ? 'closed=true' : ''
  return {
    closed,
    scopes: [
      { label: say('finding.scope.open'), href: '/findings', current: !closed && !mine },
      { label: say('finding.scope.mine'), href: '/findings?mine=true', current: mine },
      { label: say('finding.scope.closed'), href: '/findings?closed=true', current: closed },
    ],
    rows: items.map((item) => {
      const row = byId.get(item.key)!
      return {
        ...item,
        label: labelOf(ctx, row.finding),
        firstSeen: dayOf(row.firstSeenAt),
        escalatedOn: row.escalatedAt ? dayOf(row.escalatedAt) : '',
        escalatedTo: nameOf(row.escalatedTo),
        rerouted: row.routes.length,
        closed: row.closedAt ? dayOf(row.closedAt) : '',
        closedBy: row.closedBy ? `/history/${row.closedBy}` : null,
      }
    }),
    next: next ? `/findings?${scope}${scope && '&'}after=${next}` : null,
  }
}

/** The register over all rooms, at `/findings`. */
export const registerPage = (findings: readonly Finding[]): PageDefinition =>
  page<FindingRegisterView>({
    path: '/findings',
    policy: 'signed in',
    section: 'overview',
    load: (ctx, { query }) => registerData(ctx, findings, query),
    title: (_data, { say }) => say('finding.register.title'),
    view: findingRegisterView,
  })
