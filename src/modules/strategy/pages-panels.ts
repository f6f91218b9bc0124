/** What this room shows on the pages of its outcomes, objectives, sentences and frames. */
import type { AnyRecord } from '#kernel/record.ts'
import { rollUp } from '#modules/indicators'
import { presenterOf } from '#pages/presenter.ts'
import { panel } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { type TraceNode, trace } from '#platform/records/index.ts'
import { todayOf } from '#platform/today.ts'
import { cardOf, countsText, newestPeriod } from './pages-cards.ts'
import { outcomeChance } from './pages-chance.ts'
import { downloadPanel } from './pages-download.ts'
import { classificationOf, framePanel } from './pages-frames.ts'
import { planPanel } from './pages-plan.ts'
import { changeOf } from './pages-vision.ts'
import { commitmentsTowards, objectivesBelow, outcomeById } from './queries-outcome.ts'
import { outcomeStatuses } from './queries-status.ts'
import { outcomesAnswering, sentencesOf } from './queries-vision.ts'
import {
  type CommitmentData,
  type OutcomePanelData,
  outcomePanelView,
  type SightData,
  sightPanelView,
} from './views/outcome-panel.tsx'
import { type SentencePanelData, sentencePanelView } from './views/sentence-panel.tsx'

/** How many ways up are shown; the rest are counted. */
const maxWays = 3
/** A dense plan has more ways than anybody reads. */
const maxClimbed = 50

/** The ways from the top down to a record, the record itself last. */
async function waysUp(ctx: AppContext, record: AnyRecord): Promise<Pick<SightData, 'ways' | 'moreWays'>> {
  const { kind, named } = presenterOf(ctx)
  const { nodes, edges } = await trace(ctx, record.id, 'up', 8, 100)
  const known = new Map(nodes.map((node) => [node.id, node]))
  const ways: TraceNode[][] = []
  const climb = (way: readonly TraceNode[]): void => {
    const above = edges.filter((edge) => edge.from === way[0]!.id).map((edge) => known.get(edge.to))
    const next = above.filter((node) => node !== undefined && !way.includes(node))
    if (next.length === 0 && way.length > 1) ways.push([...way])
    for (const node of next) if (ways.length < maxClimbed) climb([node!, ...way])
  }
  const here = known.get(record.id)
  if (here) climb([here])
  return {
    ways: ways.slice(0, maxWays).map((way) =>
      way.map((node) => ({
        kind: kind(node.kind),
        ...named(node),
        current: node.id === record.id,
      })),
    ),
    moreWays: Math.max(ways.length - maxWays, 0),
  }
}

export async function commitmentData(ctx: AppContext, goal: string): Promise<CommitmentData[]> {
  const { say, named, day, state } = presenterOf(ctx)
  return (await commitmentsTowards(ctx, goal, todayOf(ctx))).map((row) => ({
    code: row.code,
    ...named({ kind: 'strategy.commitment', ...row }),
    due: row.dueOn ? day(row.dueOn) : say('strategy.commitment.no-day'),
    kept: row.keptOn ? say('strategy.commitment.kept-on', { day: day(row.keptOn) }) : null,
    state: row.state as CommitmentData['state'],
    stateText: state('strategy.commitment', row.state),
    overdue: row.overdue,
  }))
}

/** Objectives directly below a goal, each with what is measured below it. */
async function objectiveData(ctx: AppContext, goal: string): Promise<SightData['objectives']> {
  const { named } = presenterOf(ctx)
  const objectives = await objectivesBelow(ctx, goal)
  const counts = await rollUp(
    ctx,
    objectives.map((each) => each.id),
  )
  return objectives.map((each) => ({
    code: each.code,
    ...named({ kind: 'strategy.objective', ...each }),
    note: countsText(ctx, counts.get(each.id)),
  }))
}

const outcomePanel = panel<OutcomePanelData>({
  on: 'strategy.outcome',
  covers: ['up', 'down'],
  place: 'lead',
  load: async (ctx, record) => {
    const outcome = await outcomeById(ctx, record.id)
    if (!outcome) return null
    const status = (await outcomeStatuses(ctx, [outcome])).get(outcome.id)!
    const [up, commitments, objectives, classification, chance] = await Promise.all([
      waysUp(ctx, record),
      commitmentData(ctx, record.id),
      objectiveData(ctx, record.id),
      classificationOf(ctx, (record.categories as string[] | null) ?? []),
      outcomeChance(ctx, outcome, status),
    ])
    const { say, plain, named } = presenterOf(ctx)
    return {
      ...up,
      card: cardOf(ctx, outcome, status),
      chance,
      rule: say(`strategy.rule.${outcome.rule ?? 'none'}`, {
        needed: outcome.ruleCount ?? 0,
        all: status.verdict.all,
        headline: status.parts[0] ? plain(status.parts[0].title) : say('strategy.rule.unseen'),
      }),
      through: outcome.measuredBy.length === 0 && status.counts.total > 0,
      parts: status.parts.slice(0, 50).map((row) => ({
        code: row.code,
        ...named({ kind: 'indicators.indicator', ...row }),
        result: row.result,
        period: newestPeriod(ctx, row),
        late: row.freshness !== null && row.freshness !== 'current',
      })),
      objectives,
      commitments,
      classification,
    }
  },
  view: outcomePanelView,
})

const objectivePanel = panel<SightData>({
  on: 'strategy.objective',
  covers: ['up', 'down'],
  place: 'lead',
  load: async (ctx, record) => {
    const [up, objectives, commitments, classification] = await Promise.all([
      waysUp(ctx, record),
      objectiveData(ctx, record.id),
      commitmentData(ctx, record.id),
      classificationOf(ctx, (record.categories as string[] | null) ?? []),
    ])
    if (up.ways.length + objectives.length + commitments.length + classification.length === 0) return null
    return {
      ...up,
      objectives,
      commitments,
      classification,
    }
  },
  view: sightPanelView,
})

const sentencePanel = panel<SentencePanelData>({
  on: 'strategy.sentence',
  place: 'lead',
  load: async (ctx, record) => {
    const [rows, answers] = await Promise.all([
      sentencesOf(ctx, record.vision as string),
      outcomesAnswering(ctx, [record.id]),
    ])
    const row = rows.find((each) => each.id === record.id)
    const statuses = await outcomeStatuses(ctx, answers)
    return {
      replaced: record.state === 'replaced',
      ...(row ? changeOf(ctx, row) : { replaces: null, replacedBy: null }),
      outcomes: answers.map((answer) => cardOf(ctx, answer, statuses.get(answer.id)!)),
    }
  },
  view: sentencePanelView,
})

export const panels = [planPanel, downloadPanel, outcomePanel, objectivePanel, sentencePanel, framePanel]
