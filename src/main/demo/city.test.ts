import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { outcomeResult, type RollupItem, rollUp } from '#analysis/rollup.ts'
import { performanceInForce, type Target } from '#analysis/target.ts'
import { variation } from '#analysis/variation.ts'
import { addDays, type Day, duePeriod, freshness, isDay, isPeriod, nextPeriod, parsePeriod } from '#values/period.ts'
import { demoCity, indicatorSpecifications } from './city.ts'
import { cityFiscalYear } from './series.ts'
import type { DemoIndicator, DemoMeasurement, DemoTarget } from './types.ts'

const shipped = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../modules/${path}`, import.meta.url), 'utf8')) as Shipped
type Shipped = {
  indicators: { no: string; unit: string }[]
  axes: { members: { code: string }[] }[]
}
const library = shipped('indicators/library/iso-37120-2014.json')
const iso37101 = shipped('strategy/frames/iso-37101.json')
const sdg = shipped('strategy/frames/sdg.json')

const today = '2026-11-22'
const city = demoCity(today)
const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const whole = (item: DemoIndicator) => item.measurements.filter((entry) => entry.cell === undefined)
const settled = (item: DemoIndicator) => whole(item).filter((entry) => entry.status !== 'annualised')
const named = (name: string) => city.indicators.find((item) => item.ref === `demo:indicator:${name}`)!

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
  const demo = demoCity(day)
  return demo.outcomes.map((outcome) => {
    const items: RollupItem<string>[] = demo.indicators
      .filter((item) => item.measures.includes(outcome.ref))
      .map((item) => ({ key: item.ref, result: resultOf(item, day) }))
    const rule =
      outcome.rule === 'all'
        ? ({ rule: 'all' } as const)
        : outcome.rule === 'some'
          ? ({ rule: 'n-of', n: outcome.ruleCount! } as const)
          : ({ rule: 'headline', key: outcome.headlineIndicator! } as const)
    return { name: outcome.ref.split(':')[2]!, result: outcomeResult(items, rule).result, counts: rollUp(items) }
  })
}

describe('the demo city as a whole', () => {
  test('is the same for the same day and differs on another', () => {
    expect(hash(demoCity(today))).toBe(hash(city))
    expect(hash(demoCity('2027-01-03'))).not.toBe(hash(city))
  })

  test('has the size that was promised', () => {
    expect(city.organisations).toHaveLength(13)
    expect(new Set(city.organisations.map((item) => item.sector)).size).toBe(3)
    expect(city.posts).toHaveLength(40)
    expect(city.accounts).toHaveLength(9)
    expect(new Set(city.accounts.map((item) => item.role)).size).toBe(7)
    expect(city.plans).toHaveLength(1)
    expect(city.visions.map((item) => item.sentences.length)).toEqual([6, 8])
    expect(city.outcomes).toHaveLength(8)
    expect(city.objectives).toHaveLength(30)
    expect(new Set(city.objectives.map((item) => item.level))).toEqual(new Set([1, 2, 3]))
    expect(city.commitments).toHaveLength(8)
    expect(city.indicators).toHaveLength(120)
    expect(city.population).toBe(640_000)
  })

  test('is plain data: a trip through JSON loses nothing', () => {
    expect(JSON.parse(JSON.stringify(city))).toEqual(city)
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
      for (const [key, member] of Object.entries(value)) {
        if (['title', 'text', 'why', 'reason', 'note', 'definition', 'description', 'source', 'method'].includes(key))
          expect(typeof member, `${path}.${key}`).toBe('object')
        walk(member, `${path}.${key}`)
      }
    }
    walk(city, 'city')
    for (const text of texts) {
      expect(text.en).toMatch(/^[A-Z0-9][^\u4e00-\u9fff]+$/)
      expect(text['zh-Hans']).toMatch(/[\u4e00-\u9fff]/)
      expect(text['zh-Hans']).not.toMatch(/[,;:?!]/)
    }
    expect(texts.length).toBeGreaterThan(700)
  })
})

describe('references', () => {
  const known = new Set<string>()
  const own = [
    ...city.organisations,
    ...city.people,
    ...city.posts,
    ...city.plans,
    ...city.visions,
    ...city.visions.flatMap((item) => item.sentences),
    ...city.outcomes,
    ...city.objectives,
    ...city.commitments,
    ...city.indicators,
  ]
  for (const item of own) {
    if (known.has(item.ref)) throw new Error(`${item.ref} stands twice`)
    known.add(item.ref)
  }

  test('every reference points to something', () => {
    const walk = (value: unknown): void => {
      if (typeof value === 'string' && value.startsWith('demo:')) expect(known).toContain(value)
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk)
    }
    walk(city)
  })

  test('each indicator measures something, each objective serves an outcome under a parent one level up', () => {
    const levels = new Map(city.objectives.map((item) => [item.ref, item.level]))
    for (const item of city.indicators) expect(item.measures, item.ref).toHaveLength(1)
    for (const item of city.objectives) {
      expect(item.outcomes.length).toBeGreaterThan(0)
      expect(item.parent === undefined ? 1 : levels.get(item.parent)! + 1, item.ref).toBe(item.level)
      if (item.level > 1)
        expect(
          city.indicators.some((indicator) => indicator.measures.includes(item.ref)),
          item.ref,
        ).toBe(true)
    }
  })

  test('every sentence of the current vision has an outcome, and a headline measures its own outcome', () => {
    const answered = city.outcomes.flatMap((item) => item.sentences)
    expect(city.visions[1]!.sentences.map((item) => item.ref).sort()).toEqual([...answered].sort())
    for (const item of city.outcomes.filter((outcome) => outcome.rule === 'headline'))
      expect(city.indicators.find((one) => one.ref === item.headlineIndicator)?.measures).toContain(item.ref)
  })

  test('what has no owner is a draft, and past commitments are kept or missed', () => {
    for (const item of [...city.outcomes, ...city.objectives, ...city.indicators])
      expect(item.state, item.ref).toBe(item.owner ? 'agreed' : 'draft')
    for (const item of city.commitments) {
      expect(['kept', 'missed'].includes(item.state), item.ref).toBe(item.dueOn < today)
      expect(item.keptOn !== undefined, item.ref).toBe(item.state === 'kept')
      if (item.keptOn) expect(item.keptOn <= item.dueOn).toBe(true)
    }
  })

  test('every cell of a frame exists, and every library number', () => {
    const [purposes, issues] = iso37101.axes.map((axis) => axis.members.map((member) => member.code))
    const goals = sdg.axes[0]!.members.map((member) => member.code)
    for (const category of city.outcomes.flatMap((item) => item.categories)) {
      const [frame, cell] = category.split(':')
      const [first, second] = cell!.split('/')
      if (frame === 'sdg') expect(goals).toContain(first)
      else expect([purposes!.includes(first!), issues!.includes(second!)]).toEqual([true, true])
    }
    const numbered = city.indicators.filter((item) => item.libraryNo)
    expect(numbered.length).toBeGreaterThanOrEqual(10)
    for (const item of numbered) {
      const entry = library.indicators.find((one) => one.no === item.libraryNo)
      expect(entry?.unit, item.ref).toBe(item.unit)
    }
  })
})

describe('posts and people', () => {
  const holds = (holding: { from: Day; to?: Day }) =>
    holding.from <= today && (holding.to === undefined || today < holding.to)

  test('some posts are vacant, and one person left without anybody taking over', () => {
    const vacant = city.posts.filter((post) => !post.holdings.some(holds)).map((post) => post.ref.split(':')[2])
    expect(vacant).toEqual(['street-works-manager', 'skills-manager', 'health-data-manager'])
    const active = new Set(city.posts.flatMap((post) => post.holdings.filter(holds).map((holding) => holding.person)))
    const gone = city.posts.filter((post) => {
      const last = post.holdings.at(-1)
      return last?.to !== undefined && !active.has(last.person)
    })
    expect(gone.map((post) => post.ref)).toEqual(['demo:post:health-data-manager'])
    const left = city.indicators.filter((item) => item.owner === gone[0]!.ref)
    expect(left.length).toBeGreaterThan(1)
  })

  test('nobody takes over before the one before has gone, and addresses belong to no real domain', () => {
    for (const post of city.posts)
      post.holdings.slice(1).forEach((holding, index) => {
        expect(post.holdings[index]!.to! <= holding.from).toBe(true)
      })
    for (const person of city.people) expect(person.email).toMatch(/^[a-z.-]+@averlind\.example$/)
    expect(new Set(city.people.map((person) => person.email)).size).toBe(city.people.length)
  })
})

describe('the numbers', () => {
  test('periods follow each other, are past their due day, and have labels that can be read back', () => {
    for (const item of city.indicators) {
      const rows = whole(item)
      expect(rows.length, item.ref).toBeGreaterThan(2)
      rows.forEach((row, index) => {
        const period = parsePeriod(row.label, { grain: item.grain, fiscal: item.fiscal ? cityFiscalYear : undefined })
        expect(period, `${item.ref} ${row.label}`).toMatchObject({ from: row.from, to: row.to })
        if (index > 0) expect(rows[index - 1]!.to <= row.from).toBe(true)
        if (row.status !== 'annualised') expect(addDays(row.to, item.lagDays) < today, item.ref).toBe(true)
      })
    }
  })

  test('values are decimal strings inside their bounds, with the decimals of the indicator', () => {
    for (const item of city.indicators)
      for (const row of item.measurements) {
        const decimals = row.value.split('.')[1]?.length ?? 0
        expect(row.value, item.ref).toMatch(/^\d+(\.\d+)?$/)
        expect(decimals, item.ref).toBe(item.decimals)
        if (item.valueKind === 'percent') expect(Number(row.value)).toBeLessThanOrEqual(100)
        expect(row.numerator === undefined, item.ref).toBe(item.numeratorText === undefined)
        expect(row.denominator === undefined, item.ref).toBe(item.denominatorText === undefined)
      }
  })

  test('every rate and percent follows from its numerator and denominator', () => {
    for (const item of city.indicators.filter((one) => ['percent', 'rate'].includes(one.valueKind)))
      for (const row of item.measurements) {
        const scale = item.unit === '%' ? 100 : 100_000
        const value = (Number(row.numerator) * scale) / Number(row.denominator)
        expect(value.toFixed(item.decimals), item.ref).toBe(row.value)
      }
  })

  test('districts add up to the city in every period', () => {
    const broken = city.indicators.filter((item) => item.measurements.some((row) => row.cell))
    expect(broken.length).toBeGreaterThanOrEqual(8)
    const amount = (row: DemoMeasurement) => [row.numerator ?? row.value, row.denominator ?? '1'].map(Number)
    for (const item of broken.filter((one) => one.valueKind !== 'average'))
      for (const total of whole(item)) {
        const parts = item.measurements.filter((row) => row.cell && row.from === total.from)
        expect(parts).toHaveLength(6)
        const sum = parts.reduce((left, row) => left + amount(row)[0]!, 0)
        expect(sum, `${item.ref} ${total.label}`).toBe(amount(total)[0])
      }
    const small = broken.filter(
      (item) => item.minimumCell === 10 && item.measurements.some((row) => row.cell && Number(row.value) < 10),
    )
    expect(small.length).toBeGreaterThanOrEqual(3)
  })
})

describe('the stories', () => {
  const states = (key: (item: DemoIndicator) => string) => new Set(city.indicators.map(key))

  test('all directions, value kinds, grains, target kinds and states of a measurement occur', () => {
    expect(states((item) => item.direction)).toEqual(new Set(['up', 'down', 'range', 'none', 'not-agreed']))
    expect(states((item) => item.grain)).toEqual(new Set(['month', 'quarter', 'year']))
    expect(states((item) => item.valueKind)).toEqual(
      new Set(['percent', 'rate', 'count', 'ratio', 'average', 'sum', 'done']),
    )
    expect(new Set(city.indicators.flatMap((item) => item.targets.map((target) => target.targetKind)))).toEqual(
      new Set(['reach', 'keep', 'range', 'change', 'change-percent', 'cumulative', 'done', 'comparator', 'gap']),
    )
    expect(new Set(city.indicators.flatMap((item) => item.measurements.map((row) => row.status)))).toEqual(
      new Set(['actual', 'provisional', 'estimated', 'annualised']),
    )
    expect(states((item) => freshnessOf(item, today))).toEqual(
      new Set(['not-yet-due', 'due-late', 'very-late', 'stopped']),
    )
  })

  test('breaks, a change of direction, corrections, gaps, late starts, cumulative, seasonal and unowned ones occur', () => {
    const having = (test: (item: DemoIndicator) => unknown) => city.indicators.filter(test).length
    expect(having((item) => item.breaks.length)).toBeGreaterThanOrEqual(4)
    expect(having((item) => item.directions)).toBe(2)
    expect(having((item) => item.measurements.some((row) => row.correctedFrom))).toBe(2)
    expect(having((item) => item.cumulative)).toBeGreaterThanOrEqual(5)
    expect(having((item) => item.seasonal)).toBeGreaterThanOrEqual(8)
    expect(having((item) => item.rareEvents)).toBeGreaterThanOrEqual(2)
    expect(having((item) => !item.owner)).toBeGreaterThanOrEqual(15)
    expect(having((item) => item.fiscal)).toBeGreaterThanOrEqual(4)
    expect(having((item) => item.grain !== 'year' && settled(item).length < 12)).toBeGreaterThanOrEqual(2)
    const gaps = settled(named('river-oxygen')).filter((row, index, all) => index > 0 && all[index - 1]!.to < row.from)
    expect(gaps).toHaveLength(1)
    for (const item of city.indicators.filter((one) => one.directions))
      expect(item.directions!.at(-1)!.direction).toBe(item.direction)
  })

  test('cumulative totals never fall', () => {
    for (const item of city.indicators.filter((one) => one.cumulative)) {
      const values = whole(item).map((row) => Number(row.value))
      values.slice(1).forEach((value, index) => {
        expect(value, item.ref).toBeGreaterThanOrEqual(values[index]!)
      })
    }
  })

  test('the series say what their stories tell', () => {
    const newestSignals = (name: string) =>
      variation(settled(named(name)).map((row) => ({ value: Number(row.value) }))).latestSignal
    expect(newestSignals('requests-in-time')?.side).toBe('high')
    expect(newestSignals('burglary')?.side).toBe('low')
    expect(newestSignals('bus-on-time')?.side).toBe('low')
    expect(newestSignals('temporary-homes')?.side).toBe('high')
    const share = (name: string, met: (value: number) => boolean) => {
      const values = settled(named(name)).map((row) => Number(row.value))
      return values.filter(met).length / values.length
    }
    expect(share('fire-response', (value) => value <= 8)).toBe(1)
    expect(share('invoices-paid', (value) => value >= 90)).toBe(1)
    expect(share('repairs-on-time', (value) => value >= 95)).toBe(0)
    expect(share('first-contact', (value) => value >= 72)).toBeGreaterThan(0.25)
    expect(share('first-contact', (value) => value >= 72)).toBeLessThan(0.75)
  })

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
      for (const item of demoCity(day).indicators)
        for (const measured of ['demo:outcome:health', 'demo:outcome:care'])
          if (item.measures.includes(measured)) {
            expect(item.organisation).toBe('demo:org:health')
            expect(['very-late', 'stopped'], item.ref).toContain(freshnessOf(item, day))
          }
    },
  )

  test('every day of the data is a day', () => {
    for (const item of city.indicators)
      for (const target of item.targets)
        for (const day of [target.from, target.setOn, target.dueOn ?? today]) expect(isDay(day)).toBe(true)
    expect(indicatorSpecifications.every((spec) => spec.lagDays >= 0)).toBe(true)
  })
})
