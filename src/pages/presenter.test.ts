import { expect, test } from 'vitest'
import type { Language } from '#kernel/words.ts'
import { type Caller, nobody, systemCaller } from '#platform/caller.ts'
import type { Context } from '#platform/context.ts'
import { composeRegistry } from '#test/kit/registry.ts'
import { may, maySome, mustBeAllowed } from './permission.ts'
import { presenterOf } from './presenter.ts'

const { registry, policies } = composeRegistry()

const contextFor = (language: Language, caller: Caller = nobody): Context =>
  ({
    caller,
    registry,
    policies,
    language,
    now: () => new Date('2026-11-30T22:00:00Z'),
    city: { name: { en: 'Averstadt' }, timeZone: 'Asia/Shanghai', language: 'en', demo: false },
  }) as Partial<Context> as Context

const english = presenterOf(contextFor('en'))
const chinese = presenterOf(contextFor('zh-Hans'))
const outcome = { id: 'x', kind: 'strategy.outcome', code: 'OUT-0007', title: { en: 'Cleaner air' } }

test('a text that is not in the language of the page is marked, and others are not', () => {
  expect(english.named(outcome)).toEqual({ text: 'Cleaner air', href: '/strategy/outcomes/OUT-0007' })
  expect(chinese.named(outcome)).toEqual({ text: 'Cleaner air', lang: 'en', href: '/strategy/outcomes/OUT-0007' })
  expect(chinese.option(outcome)).toEqual({ id: 'x', label: 'Cleaner air (OUT-0007)', lang: 'en' })
  expect(english.text({ und: 'Ida Brandt' })).toEqual({ text: 'Ida Brandt' })
  expect(english.plain(null)).toBe('')
})

test('an instant lies on the day that it is in the city', () => {
  expect(english.dayOf('2026-11-30 22:00:00+00')).toBe('1 December 2026')
  expect(chinese.dayOf('2026-11-30 15:59:59+00')).toBe('2026年11月30日')
})

test('a period is written by its label where it has one, else by its days', () => {
  const quarter = { from: '2026-01-01', to: '2026-04-01', label: '2026-Q1' }
  expect([english.period(quarter), chinese.period(quarter), chinese.shortPeriod(quarter)]).toEqual([
    'Q1 2026',
    '2026年第一季度',
    '2026-Q1',
  ])
  expect(english.period({ ...quarter, label: null })).toBe('1 Jan 2026 – 31 Mar 2026')
  expect(english.period({ from: '2026-01-01', to: '2028-01-01', label: '2026-2027', grain: 'multi-year' })).toBe(
    '2026–2027',
  )
})

test('money is written in whole units, and without a sign where no currency is known', () => {
  expect(english.money('1234567.89', 'EUR')).toBe('€1,234,568')
  expect(english.money('-12', null)).toMatch(/^-¤\s?12$/)
})

test('a kind is called by its plural beside any number but one', () => {
  expect([0, 1, 2].map((count) => english.counted('strategy.outcome', count))).toEqual([
    'Outcomes',
    'Outcome',
    'Outcomes',
  ])
})

test('nothing is offered to whoever is not signed in, and what they may not do is refused', () => {
  const record = { id: 'x', kind: 'strategy.outcome', organisation: null, owner: null, audience: 'public' }
  const [stranger, house] = [contextFor('en'), contextFor('en', systemCaller)]
  expect([may(stranger, 'change', record), maySome(stranger, 'create', 'strategy.outcome')]).toEqual([false, false])
  expect([may(house, 'change', record), maySome(house, 'create', 'strategy.outcome')]).toEqual([true, true])
  expect(() => mustBeAllowed(stranger, 'change', record)).toThrow(
    expect.objectContaining({ reason: 'identity.not-allowed', values: { action: 'change', kind: 'strategy.outcome' } }),
  )
  expect(mustBeAllowed(house, 'change', record)).toBeUndefined()
})
