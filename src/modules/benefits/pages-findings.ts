/** What is wrong with benefits, one list for each finding; and the steps that the register and the home page offer. */
import { notFound } from '#kernel/problem.ts'
import { presenterOf } from '#pages/presenter.ts'
import { type AppContext, page } from '#platform/page.ts'
import { findingText } from './pages-summary.ts'
import { currentFindings, type Findings } from './queries-findings.ts'
import { findingsForCaller, openFindings } from './queries-work.ts'
import { type Finding, type FindingName, findingNames, findingPriority } from './rules-findings.ts'
import { type FindingsData, findingsView } from './views/findings.tsx'

/** Counts by finding, most urgent first. */
function grouped(all: readonly Finding[]): Array<{ finding: FindingName; count: number }> {
  const counts = Map.groupBy(all, (each) => each.finding)
  return findingNames
    .map((finding) => ({ finding, count: counts.get(finding)?.length ?? 0 }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => findingPriority[one.finding] - findingPriority[other.finding])
}

/** At most five: each links to the list of exactly these. */
export function findingSteps(ctx: AppContext, found: Findings) {
  const { say } = presenterOf(ctx)
  return grouped(openFindings(found.all))
    .slice(0, 5)
    .map(({ finding, count }) => ({
      title: say(`benefits.work.${finding}`, { count }),
      why: say(`benefits.work.${finding}.step`),
      href: `/benefits/findings?for=${finding}`,
      count: String(count),
    }))
}

export const findingsPage = page<FindingsData>({
  path: '/benefits/findings',
  policy: 'signed in',
  section: 'results',
  load: async (ctx, { query }) => {
    const { say, named, names } = presenterOf(ctx)
    const mine = query.mine === 'true'
    const found = await currentFindings(ctx)
    const all = mine ? await findingsForCaller(ctx, found) : found.all
    const counts = grouped(all)
    const first = counts[0]?.finding ?? findingNames[0]!
    const shown = query.for ? findingNames.find((name) => name === query.for) : first
    if (!shown) throw notFound(query.for ?? '')
    const rows = all.filter((each) => each.finding === shown)
    const nodes = new Map(found.graph.nodes.map((node) => [node.id, node]))
    const benefits = new Map(found.benefits.map((each) => [each.record.id, each]))
    const about = (id: string) => {
      const node = nodes.get(id) ?? benefits.get(id)?.record
      return node ? { ...named(node), code: node.code } : { text: id, href: '#', code: '' }
    }
    const responsible = (id: string) => {
      const now = benefits.get(id)
      return now
        ? { post: now.accountable, organisation: now.record.organisation }
        : { post: nodes.get(id)?.owner ?? null, organisation: nodes.get(id)?.organisation ?? null }
    }
    const nameOf = await names(rows.flatMap((row) => Object.values(responsible(row.record))))
    return {
      shown,
      title: say(`benefits.work.${shown}`, { count: rows.length }),
      step: say(`benefits.work.${shown}.step`),
      tabs: counts.map(({ finding, count }) => ({
        label: say(`benefits.findings.${finding}`),
        href: `/benefits/findings?for=${finding}${mine ? '&mine=true' : ''}`,
        current: finding === shown,
        count: String(count),
      })),
      rows: rows.map((row) => {
        const { post, organisation } = responsible(row.record)
        return {
          ...about(row.record),
          sentence: findingText(ctx, row),
          others: row.with.slice(0, 20).map(about),
          who: [nameOf(post), nameOf(organisation)].flatMap((each) => each?.text ?? []).join(' · '),
        }
      }),
    }
  },
  title: (data) => data.title,
  trail: (_data, { say }) => [{ label: say('benefits.register.title'), href: '/benefits' }],
  view: findingsView,
})
