/** What this room shows on the pages of its outcomes, objectives, sentences and frames. */
import type { AnyRecord } from '#kernel/record.ts'
import { rollUp } from '#modules/indicators'
import { todayOf } from '#platform/app.ts'
import { panel } from '#platform/module.ts'
import type { AppContext } from '#platform/page.ts'
import { type TraceNode, trace } from '#platform/records/index.ts'
import { downloadPanel } from './pages-download.ts'
import { dayText, sayOf } from './pages-form.ts'
import { classificationOf, framePanel } from './pages-frames.ts'
import { planPanel } from './pages-plan.ts'
import { changeOf } from './pages-vision.ts'
import { cardOf, countsText, hrefOf, periodText, textIn } from './queries-cards.ts'
import { outcomeChance } from './queries-chance.ts'
import { commitmentsTowards, objectivesBelow, outcomeById } from './queries-outcome.ts'
import { outcomeStandings } from './queries-standing.ts'
import { answersTo, sentencesOf } from './queries-vision.ts'
import {
  type CommitmentData,
  type OutcomePanelData,
  outcomePanelView,
  type SightData,
  sightPanelView,
} from './views/outcome-panel.tsx'
import { type SentencePanelData, sentencePanelView } from './views/sentence-panel.tsx'

/** So many ways up are shown; the rest are counted. */
const maxWays = 3
/** A dense plan has more ways than anybody reads. */
const maxClimbed = 50

/** The ways from the top down to a record, the record itself last. */
async function waysUp(ctx: AppContext, record: AnyRecord): Promise<Pick<SightData, 'ways' | 'moreWays'>> {
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
        kind: sayOf(ctx)(node.kind),
        ...textIn(ctx, node.title),
        href: hrefOf(ctx, node.kind, node.code),
        current: node.id === record.id,
      })),
    ),
    moreWays: Math.max(ways.length - maxWays, 0),
  }
}

export async function commitmentData(ctx: AppContext, goal: string): Promise<CommitmentData[]> {
  const say = sayOf(ctx)
  return (await commitmentsTowards(ctx, goal, todayOf(ctx))).map((row) => ({
    code: row.code,
    ...textIn(ctx, row.title),
    href: hrefOf(ctx, 'strategy.commitment', row.code),
    due: row.dueOn ? dayText(ctx, row.dueOn) : say('strategy.commitment.no-day'),
    kept: row.keptOn ? say('strategy.commitment.kept-on', { day: dayText(ctx, row.keptOn) }) : null,
    state: row.state as CommitmentData['state'],
    stateText: say(`strategy.commitment.state.${row.state}`),
    overdue: row.overdue,
  }))
}

const outcomePanel = panel<OutcomePanelData>({
  on: 'strategy.outcome',
  covers: ['up', 'down'],
  place: 'lead',
  load: async (ctx, record) => {
    const outcome = await outcomeById(ctx, record.id)
    if (!outcome) return null
    const standing = (await outcomeStandings(ctx, [outcome])).get(outcome.id)!
    const [up, commitments, objectives, classification, chance] = await Promise.all([
      waysUp(ctx, record),
      commitmentData(ctx, record.id),
      objectivesBelow(ctx, record.id),
      classificationOf(ctx, (record.categories as string[] | null) ?? []),
      outcomeChance(ctx, outcome, standing),
    ])
    const counts = await rollUp(
      ctx,
      objectives.map((each) => each.id),
    )
    const say = sayOf(ctx)
    return {
      ...up,
      card: cardOf(ctx, outcome, standing),
      chance,
      rule: say(`strategy.rule.${outcome.rule ?? 'none'}`, {
        needed: outcome.ruleCount ?? 0,
        all: standing.verdict.all,
        headline: standing.parts[0] ? textIn(ctx, standing.parts[0].title).text : say('strategy.rule.unseen'),
      }),
      through: outcome.measuredBy.length === 0 && standing.counts.total > 0,
      parts: standing.parts.slice(0, 50).map((row) => ({
        code: row.code,
        ...textIn(ctx, row.title),
        href: hrefOf(ctx, 'indicators.indicator', row.code),
        result: row.result,
        period: periodText(ctx, row),
        late: row.freshness !== null && row.freshness !== 'current',
      })),
      objectives: objectives.map((each) => ({
        code: each.code,
        ...textIn(ctx, each.title),
        href: hrefOf(ctx, 'strategy.objective', each.code),
        note: countsText(ctx, counts.get(each.id)),
      })),
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
      objectivesBelow(ctx, record.id),
      commitmentData(ctx, record.id),
      classificationOf(ctx, (record.categories as string[] | null) ?? []),
    ])
    const below = await rollUp(
      ctx,
      objectives.map((each) => each.id),
    )
    if (up.ways.length + objectives.length + commitments.length + classification.length === 0) return null
    return {
      ...up,
      objectives: objectives.map((each) => ({
        code: each.code,
        ...textIn(ctx, each.title),
        href: hrefOf(ctx, 'strategy.objective', each.code),
        note: countsText(ctx, below.get(each.id)),
      })),
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
    const [rows, answers] = await Promise.all([sentencesOf(ctx, record.vision as string), answersTo(ctx, [record.id])])
    const row = rows.find((each) => each.id === record.id)
    const standings = await outcomeStandings(ctx, answers)
    return {
      replaced: record.state === 'replaced',
      ...(row ? changeOf(ctx, row) : { replaces: null, replacedBy: null }),
      outcomes: answers.map((answer) => cardOf(ctx, answer, standings.get(answer.id)!)),
    }
  },
  view: sentencePanelView,
})

export const panels = [planPanel, downloadPanel, outcomePanel, objectivePanel, sentencePanel, framePanel]
