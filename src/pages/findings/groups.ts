/** What waits, grouped by what to do: for *my work*, home, decisions and the brief. */
import type { Context } from '#platform/context.ts'
import type { Finding } from '#platform/finding.ts'
import { groupFindings } from '#platform/findings/index.ts'
import type { FindingItem, FindingStep, FindingWork } from '#web/finding-pages/item.tsx'
import { togetherFor } from './acts.ts'
import { countedSentence, findingsAddress, itemsOf, partsOf, stepOf } from './items.ts'

/** Records that a group names; the rest is one click away. */
const maxNamed = 5
/** Records that a sentence names. */
const maxInSentence = 3

type Group = {
  readonly finding: string
  readonly forMe: boolean
  readonly count: number
  readonly items: readonly FindingItem[]
}

async function groupsOf(ctx: Context, findings: readonly Finding[], mine: boolean, first: number): Promise<Group[]> {
  const groups = await groupFindings(ctx, findings, { findings: findings.map(({ key }) => key), mine }, first)
  const shown = await itemsOf(
    ctx,
    findings,
    groups.flatMap((group) => group.first),
  )
  const items = new Map(shown.map((item) => [item.key, item]))
  return groups.flatMap(({ first: some, ...group }) => {
    const known = some.flatMap((row) => items.get(row.id) ?? [])
    return known.length === 0 ? [] : [{ ...group, items: known }]
  })
}

/** One group a finding, whomever its records wait for. */
const together = (groups: readonly Group[]): Group[] =>
  [...Map.groupBy(groups, (group) => group.finding).values()].map((parts) => ({
    ...parts[0]!,
    count: parts.reduce((sum, part) => sum + part.count, 0),
    items: parts.flatMap((part) => part.items),
  }))

/**
 * What is mine. First what waits for my posts, or for no post and an organisation I act for, and I may do; then what waits
 * for holders of other posts there, and I may do as well; then what lies with my posts, or in organisations that I lead, but
 * is done by somebody else, with who that is.
 */
export async function workOf(ctx: Context, findings: readonly Finding[]): Promise<FindingWork> {
  const groups = await groupsOf(ctx, findings, true, maxNamed + 3)
  const shown = (group: Group, items: readonly FindingItem[], count: number) => ({
    ...wordsOf(ctx, group.finding, count),
    href: findingsAddress(...partsOf(group.finding), true),
    together: togetherFor(ctx, findings.find((each) => each.key === group.finding)!),
    items: items.slice(0, maxNamed),
    further: Math.max(count - Math.min(items.length, maxNamed), 0),
  })
  // Of the rest nobody has asked the policies yet; where some of the first were refused, only the others are counted.
  const some = (group: Group, items: readonly FindingItem[]) =>
    items.length === 0 ? [] : [shown(group, items, items.length === group.items.length ? group.count : items.length)]
  const done = (forMe: boolean) =>
    groups.flatMap((group) =>
      group.forMe === forMe
        ? some(
            group,
            group.items.filter((item) => item.act),
          )
        : [],
    )
  // Whoever leads an organisation sees what others have not done there.
  const leads = ctx.caller.grants.some(({ role }) => role === 'leader')
  const waiting = together(groups).flatMap((group) =>
    some(
      group,
      group.items.filter((item) => !item.act && (item.forMyPost || leads)),
    ),
  )
  return { mine: done(true), possible: done(false), waiting }
}

/** Steps of the whole city or, with `mine`, those that the reader may take; the most urgent first. */
export async function stepsOf(ctx: Context, findings: readonly Finding[], mine: boolean): Promise<FindingStep[]> {
  const groups = await groupsOf(ctx, findings, mine, maxInSentence + 1)
  return together(groups).flatMap(({ finding, count, items }): FindingStep[] => {
    const own = mine ? items.filter((item) => item.act) : items
    const [first] = own
    if (!first) return []
    const alone = mine && own.length < items.length ? own.length : count
    const [room, name] = partsOf(finding)
    return [
      {
        key: finding,
        ...(alone === 1
          ? { sentence: first.text, ...(first.lang ? { lang: first.lang } : {}), names: first.sentence }
          : { ...wordsOf(ctx, finding, alone), names: namesOf(ctx, own, alone) }),
        step: stepOf(ctx, finding),
        href: alone === 1 && first.act ? first.act.href : findingsAddress(room, name, mine),
        count: alone,
      },
    ]
  })
}

const wordsOf = (ctx: Context, finding: string, count: number) => ({
  sentence: countedSentence(ctx, finding, count),
  step: stepOf(ctx, finding),
})

/** 'Safer streets, Warm homes and 12 more'. */
function namesOf(ctx: Context, items: readonly FindingItem[], count: number): string {
  const names = items.slice(0, maxInSentence).map((item) => item.text)
  const more = count - names.length
  const say = ctx.registry.words.say(ctx.language)
  return new Intl.ListFormat(ctx.language, { type: 'conjunction' }).format(
    more > 0 ? [...names, say('finding.more', { count: more })] : names,
  )
}
