import { describe, expect, test } from 'vitest'
import { outcomeResult, type RollupItem, rollUp } from '#analysis/rollup.ts'
import { performanceInForce, type Target } from '#analysis/target.ts'
import type { Change } from '#platform/records/index.ts'
import { cityRef, sampleRecord } from '#platform/samples.ts'
import { type Day, duePeriod, freshness, isPeriod, nextPeriod, parsePeriod } from '#values/period.ts'
import { demoIndicators } from '../../modules/indicators/samples/city.ts'
import { cityFiscalYear } from '../../modules/indicators/samples/series.ts'
import type { DemoIndicator, DemoTarget } from '../../modules/indicators/samples/types.ts'
import { modules } from '../modules.ts'
import accounts from './accounts.json' with { type: 'json' }
import { cityChanges } from './city.ts'

const today = '2026-11-22'
type Made = Change & { readonly ref: string; readonly values: Readonly<Record<string, never>> }

/** Records of a kind as the rooms make them, with their external ids; ids are written as external ids. */
function cityOn(day: Day) {
  const { batches } = cityChanges(modules, day)
  const changes = batches.flat()
  const refs = new Map<string, string>()
  for (const { id, values } of changes) {
    const [external] = (values?.externalIds ?? []) as Array<{ id: string }>
    if (external) refs.set(id!, external.id)
  }
  const named = (value: unknown): unknown =>
    typeof value === 'string'
      ? (refs.get(value) ?? value)
      : Array.isArray(value)
        ? value.map(named)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, named(each)]))
          : value
  const all = changes.map((each) => ({ ...(named(each) as Made), ref: refs.get(each.id!)! }))
  return { changes: all, made: (kind: string) => all.filter((each) => each.kind === kind && each.action === 'create') }
}

const city = cityOn(today)
const settled = (item: DemoIndicator) =>
  item.measurements.filter((entry) => entry.cell === undefined && entry.status !== 'annualised')

function freshnessOf(item: DemoIndicator, day: Day) {
  const options = { grain: item.grain, fiscal: item.fiscal ? cityFiscalYear : undefined }
  const period = parsePeriod(settled(item).at(-1)!.label, options)
  if (!period || !isPeriod(period)) throw new Error(`${item.ref}: label`)
  return freshness(duePeriod(nextPeriod(period), item.lagDays), day, item.grain)
}

function analysed(target: DemoTarget): Target {
  const { targetKind: kind, value = '0', base, dueOn = '' } = target
  if (kind === 'range') return { kind, min: target.low, max: target.high }
  if (kind === 'change') return { kind, by: value, in: 'units', base: base!, dueOn }
  if (kind === 'change-percent') return { kind: 'change', by: value, in: 'percent', base: base!, dueOn }
  if (kind === 'cumulative') return { kind, total: value, dueOn }
  if (kind === 'done') return { kind, dueOn }
  if (kind === 'comparator') return { kind, margin: value }
  if (kind === 'gap') return { kind, atMost: value }
  return kind === 'reach' ? { kind, value, base, dueOn } : { kind, value }
}

/** The result of the newest value, or of the newest that reaches the due day of the target. */
function resultOf(item: DemoIndicator, day: Day) {
  const targets = item.targets
    .filter((target) => !target.cell && !target.comparatorCells)
    .map((target) => ({ target: analysed(target), inForceFrom: target.from, decidedOn: target.setOn }))
  const newest = settled(item).at(-1)!
  const context = { direction: item.direction, today: day, freshness: freshnessOf(item, day) }
  return performanceInForce(targets, { ...newest, done: newest.value === '1' }, context).result
}

function outcomes(day: Day) {
  const { changes, made } = cityOn(day)
  const indicators = demoIndicators(day)
  return made('strategy.outcome').map(({ ref, values }) => {
    const { rule, ruleCount } = values as unknown as { rule: string; ruleCount: number }
    const headline = changes.find((each) => each.ref === ref && each.values?.headlineIndicator)?.values
    const items: RollupItem<string>[] = indicators
      .filter((item) => item.measures.includes(ref))
      .map((item) => ({ key: item.ref, result: resultOf(item, day) }))
    const decided =
      rule === 'all'
        ? ({ rule: 'all' } as const)
        : rule === 'some'
          ? ({ rule: 'n-of', n: ruleCount } as const)
          : ({ rule: 'headline', key: String(headline!.headlineIndicator) } as const)
    return { name: ref.split(':')[2]!, result: outcomeResult(items, decided).result, counts: rollUp(items) }
  })
}

describe('the demo city as a whole', () => {
  test('is the same for the same day and differs on another', () => {
    expect(cityOn(today).changes.map(withoutId)).toEqual(city.changes.map(withoutId))
    expect(cityOn('2027-01-03').changes.map(withoutId)).not.toEqual(city.changes.map(withoutId))
  })

  test('has the size that was promised', () => {
    const sizes = Object.fromEntries(
      [...Map.groupBy(city.changes, ({ kind }) => kind)].map(([kind]) => [kind, city.made(kind).length]),
    )
    expect(sizes).toMatchObject({
      'directory.organisation': 14,
      'directory.person': 43,
      'directory.post': 40,
      'strategy.frame': 2,
      'strategy.category': 35,
      'strategy.plan': 1,
      'strategy.vision': 2,
      'strategy.sentence': 14,
      'strategy.outcome': 8,
      'strategy.objective': 30,
      'strategy.commitment': 8,
      'indicators.indicator': 121,
      'benefits.framework': 1,
      'benefits.benefit': 25,
      'benefits.change': 17,
      'benefits.enabler': 18,
      'benefits.review': 8,
    })
    expect(new Set(city.made('directory.organisation').map(({ values }) => values.sector)).size).toBe(3)
    expect(accounts).toHaveLength(9)
    expect(new Set(accounts.map((item) => item.role)).size).toBe(7)
    expect(new Set(city.made('strategy.objective').map(({ values }) => values.level))).toEqual(new Set([1, 2, 3]))
  })

  test('has a record of every kind that people make', () => {
    const kinds = modules.flatMap((module) => module.kinds ?? []).map(({ kind }) => kind)
    expect(kinds.filter((kind) => city.made(kind).length === 0)).toEqual(['identity.account'])
  })

  test('has every text in both languages, and Chinese in the Chinese one', () => {
    const texts: { en: string; 'zh-Hans': string }[] = []
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      if ('en' in value || 'zh-Hans' in value) {
        expect(Object.keys(value).sort(), path).toEqual(['en', 'zh-Hans'])
        texts.push(value as { en: string; 'zh-Hans': string })
        return
      }
      for (const [key, member] of Object.entries(value)) walk(member, `${path}.${key}`)
    }
    for (const change of city.changes) if (!change.kind.startsWith('benefits.')) walk(change, change.ref)
    for (const text of texts) {
      expect(text.en).toMatch(/^[A-Z0-9][^\u4e00-\u9fff]+$/)
      expect(text['zh-Hans']).toMatch(/[\u4e00-\u9fff]/)
      expect(text['zh-Hans']).not.toMatch(/[,;:?!]/)
    }
    expect(texts.length).toBeGreaterThan(700)
  })

  test('a reference that no room makes, and a record that two of them make, are refused by name', () => {
    const body = (name: string, above: string) => ({
      samples: [
        {
          stage: 'records' as const,
          changes: (of: Parameters<typeof sampleRecord>[0]) => [
            sampleRecord(of, 'directory.organisation', name, { values: { parent: of.idOf(above) } }),
          ],
        },
      ],
    })
    expect(() => cityChanges([body('demo:org:a', 'demo:org:b')], today)).toThrow(/demo:org:b/)
    expect(() => cityChanges([body('demo:org:a', 'demo:org:a'), body('demo:org:a', 'demo:org:a')], today)).toThrow(
      /"demo:org:a" twice/,
    )
    // Which room comes first does not matter to what points at what.
    expect(cityChanges([body('demo:org:a', cityRef), body(cityRef, cityRef)], today).batches).toHaveLength(2)
  })
})

const withoutId = ({ id: _, ...change }: Made) =>
  JSON.stringify(change).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '')

const endsOf = ({ values }: Made, name: string): string[] =>
  ((values.links as unknown as Record<string, Array<{ to: string }>>)[name] ?? []).map(({ to }) => to)

describe('references', () => {
  const objectives = city.made('strategy.objective')
  const indicators = city.made('indicators.indicator')

  test('each indicator measures something, each objective serves an outcome under a parent one level up', () => {
    const levels = new Map(objectives.map(({ ref, values }) => [ref, Number(values.level)]))
    const measured = new Set(indicators.flatMap((item) => endsOf(item, 'measures')))
    for (const item of indicators) expect(endsOf(item, 'measures'), item.ref).toHaveLength(1)
    for (const item of objectives) {
      expect(endsOf(item, 'contributesTo').length).toBeGreaterThan(0)
      const [parent] = endsOf(item, 'under')
      expect(parent === undefined ? 1 : levels.get(parent)! + 1, item.ref).toBe(item.values.level)
      if (Number(item.values.level) > 1) expect(measured.has(item.ref), item.ref).toBe(true)
    }
  })

  test('every sentence of the current vision has an outcome, and a headline measures its own outcome', () => {
    const answered = city.made('strategy.outcome').flatMap((item) => endsOf(item, 'answers'))
    const current = city.made('strategy.sentence').filter(({ values }) => values.vision === 'demo:vision:current')
    expect(current.map(({ ref }) => ref).sort()).toEqual([...answered].sort())
    const headlines = city.changes.filter((each) => each.values?.headlineIndicator)
    expect(headlines.length).toBeGreaterThan(0)
    for (const { ref, values } of headlines)
      expect(endsOf(indicators.find((one) => one.ref === values.headlineIndicator)!, 'measures')).toContain(ref)
  })

  test('what has no owner is a draft and stays inside, and past commitments are kept or missed', () => {
    const public_ = new Set(city.changes.filter(({ action }) => action === 'publish').map(({ ref }) => ref))
    const agreed = new Set(city.changes.filter(({ action }) => action === 'agree').map(({ ref }) => ref))
    for (const item of [...city.made('strategy.outcome'), ...objectives, ...indicators]) {
      const state = agreed.has(item.ref) ? 'agreed' : (item.state ?? 'draft')
      expect(state, item.ref).toBe(item.values.owner ? 'agreed' : 'draft')
      expect(public_.has(item.ref), item.ref).toBe(state === 'agreed')
    }
    for (const { ref, state, values } of city.made('strategy.commitment')) {
      const { dueOn, keptOn } = values as unknown as { dueOn: string; keptOn: string | null }
      expect(['kept', 'missed'].includes(state!), ref).toBe(dueOn < today)
      expect(keptOn !== null, ref).toBe(state === 'kept')
      if (keptOn !== null) expect(keptOn <= dueOn).toBe(true)
    }
  })
})

describe('posts and people', () => {
  type Holding = { person: string; from: Day; to: Day | null }
  const posts = city.made('directory.post').map(({ ref, rows }) => ({
    ref,
    holdings: (rows as unknown as { holding: { set: Holding[] } }).holding.set,
  }))
  const holds = ({ from, to }: Holding) => from <= today && (to === null || today < to)

  test('some posts are vacant, and one person left without anybody taking over', () => {
    const vacant = posts.filter((post) => !post.holdings.some(holds)).map((post) => post.ref.split(':')[2])
    expect(vacant).toEqual(['street-works-manager', 'skills-manager', 'health-data-manager'])
    const active = new Set(posts.flatMap((post) => post.holdings.filter(holds).map((holding) => holding.person)))
    const gone = posts.filter((post) => {
      const last = post.holdings.at(-1)
      return last && last.to !== null && !active.has(last.person)
    })
    expect(gone.map((post) => post.ref)).toEqual(['demo:post:health-data-manager'])
    const left = city.made('indicators.indicator').filter(({ values }) => values.owner === gone[0]!.ref)
    expect(left.length).toBeGreaterThan(1)
  })

  test('nobody takes over before the one before has gone, and addresses belong to no real domain', () => {
    for (const { holdings } of posts)
      holdings.slice(1).forEach((holding, index) => {
        expect(holdings[index]!.to! <= holding.from).toBe(true)
      })
    const emails = city.made('directory.person').map(({ values }) => values.email)
    for (const email of emails) expect(email).toMatch(/^[a-z.-]+@averlind\.example$/)
    expect(new Set(emails).size).toBe(emails.length)
  })
})

describe('the story of the city', () => {
  test.each(['2026-01-02', '2026-02-28', '2026-05-20', '2026-08-01', today, '2026-12-31', '2028-02-29', '2028-03-02'])(
    'on %s three outcomes are on course, two are missed, two are unknown because one agency went silent, one is undecided',
    (day) => {
      const result = outcomes(day)
      const byName = Object.fromEntries(result.map((item) => [item.name, item.result]))
      expect(byName).toEqual({
        clean: 'met',
        safe: 'met',
        answers: 'met',
        mobility: 'missed',
        homes: 'missed',
        health: 'unknown',
        care: 'unknown',
        work: 'not-due',
      })
      const mixed = result.find((item) => item.name === 'work')!.counts
      expect(mixed).toMatchObject({ met: 2, missed: 1 })
      for (const item of demoIndicators(day))
        for (const measured of ['demo:outcome:health', 'demo:outcome:care'])
          if (item.measures.includes(measured)) {
            expect(item.organisation).toBe('demo:org:health')
            expect(['very-late', 'stopped'], item.ref).toContain(freshnessOf(item, day))
          }
    },
  )
})
