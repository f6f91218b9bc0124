/** The plan as a tree, for a plan's page and for the view down from an outcome. */
import type { AnyRecord } from '#kernel/record.ts'
import type { Localized } from '#kernel/words.ts'
import { performanceOf } from '#modules/indicators'
import { maySome } from '#pages/permission.ts'
import { type Presenter, presenterOf } from '#pages/presenter.ts'
import { panel } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { cardOf, countsText } from './pages-cards.ts'
import { type IndicatorBelow, indicatorsOf, type ObjectiveRow, type PlanTree, planTree } from './queries-plan.ts'
import { type Branch, type PlanTreeData, planTreeView } from './views/plan-tree.tsx'

/** Up to this many indicators are named in a whole tree; a larger one counts them and links to their goals. */
const maxNamed = 400

type Lookup = {
  readonly ctx: AppContext
  readonly presenter: Presenter
  readonly tree: PlanTree
  readonly levels: readonly Localized[]
  readonly under: ReadonlyMap<string, readonly ObjectiveRow[]>
  readonly indicators: ReadonlyMap<string, readonly IndicatorBelow[]>
  readonly results: ReadonlyMap<string, { readonly result: string }>
}

function objectiveBranch(look: Lookup, row: ObjectiveRow, path: ReadonlySet<string>): Branch {
  const { ctx, presenter, levels } = look
  const level = levels[row.level - 1]
  const inside = new Set([...path, row.id])
  const linked = presenter.named({ kind: 'strategy.objective', ...row })
  return {
    kind: level ? presenter.plain(level) : presenter.kind('strategy.objective'),
    code: row.code,
    ...linked,
    note: countsText(ctx, look.tree.counts.get(row.id)),
    result: null,
    resultText: null,
    draft: row.state === 'draft',
    children: [
      ...(look.under.get(row.id) ?? [])
        .filter((each) => !inside.has(each.id))
        .map((each) => objectiveBranch(look, each, inside)),
      ...indicatorBranches(look, row.id),
    ],
    more: moreOf(look, row.id, linked.href),
  }
}

const indicatorBranches = ({ presenter, indicators, results }: Lookup, goal: string): Branch[] =>
  (indicators.get(goal) ?? []).map((each) => ({
    kind: presenter.say('strategy.tree.indicator'),
    code: each.code,
    ...presenter.named({ kind: 'indicators.indicator', ...each }),
    note: '',
    result: (results.get(each.id)?.result ?? 'unknown') as Branch['result'],
    resultText: null,
    draft: false,
    children: [],
    more: null,
  }))

function moreOf({ presenter, indicators }: Lookup, goal: string, href: string): Branch['more'] {
  const shown = indicators.get(goal) ?? []
  const rest = (shown[0]?.of ?? 0) - shown.length
  return rest > 0 ? { text: presenter.say('strategy.tree.more', { count: rest }), href } : null
}

export async function planTreeData(ctx: AppContext, plan: AnyRecord): Promise<PlanTreeData> {
  const tree = await planTree(ctx, plan.id)
  const goals = [...tree.outcomes, ...tree.objectives].map((each) => each.id)
  const named = await indicatorsOf(ctx, goals)
  const listed = named.length <= maxNamed ? named : []
  const results = await performanceOf(
    ctx,
    listed.map((each) => each.id),
  )
  const under = new Map<string, ObjectiveRow[]>()
  for (const row of tree.objectives) for (const above of row.above) under.set(above, [...(under.get(above) ?? []), row])
  const presenter = presenterOf(ctx)
  const look: Lookup = {
    ctx,
    presenter,
    tree,
    levels: (plan.levels as Localized[] | null) ?? [],
    under,
    indicators: Map.groupBy(listed, (each) => each.goal),
    results,
  }
  const known = new Set(goals)
  const loose = tree.objectives.filter((row) => !row.above.some((above) => known.has(above)))
  return {
    levels: look.levels.map((level) => presenter.text(level)),
    outcomes: tree.outcomes.map((row) => {
      const card = cardOf(ctx, row, tree.statuses.get(row.id)!)
      return {
        kind: presenter.kind('strategy.outcome'),
        code: row.code,
        ...presenter.named({ kind: 'strategy.outcome', ...row }),
        note: countsText(ctx, tree.statuses.get(row.id)!.counts),
        result: card.result,
        resultText: card.resultText,
        draft: row.state === 'draft',
        children: [
          ...(under.get(row.id) ?? []).map((each) => objectiveBranch(look, each, new Set([row.id]))),
          ...indicatorBranches(look, row.id),
        ],
        more: moreOf(look, row.id, card.href),
      }
    }),
    loose: loose.map((row) => objectiveBranch(look, row, new Set())),
    truncated: tree.truncated,
    groupHref: maySome(ctx, 'create', 'strategy.outcome') ? `/strategy/group?plan=${plan.code}` : null,
    publishHref: maySome(ctx, 'publish', 'strategy.plan') ? `/strategy/publish?of=${plan.code}` : null,
  }
}

export const planPanel = panel<PlanTreeData>({
  on: 'strategy.plan',
  place: 'main',
  load: (ctx, record) => planTreeData(ctx, record),
  view: planTreeView,
})
