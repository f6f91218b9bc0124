import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Actual,
  acceptable,
  type DatedTarget,
  performance,
  performanceInForce,
  progressOf,
  type Target,
  targetInForce,
} from './target.ts'

const year = (name: number) => ({ from: `${name}-01-01`, to: `${name + 1}-01-01` })
const actual = (value: Actual['value'], name = 2023, more: Partial<Actual> = {}): Actual => ({
  ...year(name),
  value,
  ...more,
})

describe('kinds of target', () => {
  test.each<[string, Target, Actual, 'up' | 'down' | 'range' | 'none', string, number | undefined]>([
    ['a ceiling of 12 days met with 4.5', { kind: 'keep', value: '12' }, actual('4.5'), 'down', 'met', undefined],
    ['a floor missed', { kind: 'keep', value: '12' }, actual('4.5'), 'up', 'missed', undefined],
    ['equality is met, up', { kind: 'keep', value: '0.3' }, actual('0.30'), 'up', 'met', undefined],
    ['equality is met, down', { kind: 'keep', value: '0.3' }, actual('0.3'), 'down', 'met', undefined],
    ['keep without a direction', { kind: 'keep', value: '12' }, actual('4.5'), 'none', 'unknown', undefined],
    ['no value', { kind: 'keep', value: '12' }, actual(null), 'up', 'unknown', undefined],
    ['within a range', { kind: 'range', min: '36.5', max: '37.5' }, actual('37.5'), 'range', 'met', undefined],
    ['outside a range', { kind: 'range', min: '36.5', max: '37.5' }, actual('37.51'), 'range', 'missed', undefined],
    ['a range open below', { kind: 'range', max: '5' }, actual('-100'), 'none', 'met', undefined],
    [
      'reach, before its day',
      { kind: 'reach', value: '100', dueOn: '2025-12-31', base: '60' },
      actual('70'),
      'up',
      'not-due',
      0.25,
    ],
    [
      'reach, on its day',
      { kind: 'reach', value: '100', dueOn: '2023-12-31', base: '60' },
      actual('70'),
      'up',
      'missed',
      0.25,
    ],
    ['reach, early', { kind: 'reach', value: '100', dueOn: '2025-12-31', base: '60' }, actual('130'), 'up', 'met', 1],
    [
      'reach downwards',
      { kind: 'reach', value: '20', dueOn: '2023-12-31', base: '60' },
      actual('30'),
      'down',
      'missed',
      0.75,
    ],
    [
      'reach without a base',
      { kind: 'reach', value: '20', dueOn: '2023-12-31' },
      actual('30'),
      'down',
      'missed',
      undefined,
    ],
    [
      'base equals target',
      { kind: 'reach', value: '20', dueOn: '2023-12-31', base: '20' },
      actual('20'),
      'up',
      'met',
      undefined,
    ],
    [
      'worse than the base',
      { kind: 'reach', value: '20', dueOn: '2023-12-31', base: '60' },
      actual('90'),
      'down',
      'missed',
      0,
    ],
    [
      'fall by 20 %',
      { kind: 'change', by: '-20', in: 'percent', base: '50', dueOn: '2023-12-31' },
      actual('40'),
      'down',
      'met',
      1,
    ],
    [
      'fall by 20 %, half way',
      { kind: 'change', by: '-20', in: 'percent', base: '50', dueOn: '2023-12-31' },
      actual('45'),
      'down',
      'missed',
      0.5,
    ],
    [
      'rise by 5 from a loss',
      { kind: 'change', by: '5', in: 'units', base: '-10', dueOn: '2023-12-31' },
      actual('-5'),
      'up',
      'met',
      1,
    ],
    [
      'rise by 50 % from a loss',
      { kind: 'change', by: '50', in: 'percent', base: '-10', dueOn: '2023-12-31' },
      actual('-6'),
      'up',
      'missed',
      0.8,
    ],
    ['a total', { kind: 'cumulative', total: '1000', dueOn: '2026-12-31' }, actual('572.25'), 'up', 'not-due', 0.57225],
    ['done', { kind: 'done', dueOn: '2026-12-31' }, actual(null, 2023, { done: true }), 'none', 'met', undefined],
    [
      'not done yet',
      { kind: 'done', dueOn: '2026-12-31' },
      actual(null, 2023, { done: false }),
      'none',
      'not-due',
      undefined,
    ],
    [
      'not done in time',
      { kind: 'done', dueOn: '2023-06-30' },
      actual(null, 2023, { done: false }),
      'none',
      'missed',
      undefined,
    ],
    ['as good as others', { kind: 'comparator' }, actual('7', 2023, { comparator: '7.0' }), 'down', 'met', undefined],
    [
      '2 better than others',
      { kind: 'comparator', margin: '2' },
      actual('8', 2023, { comparator: '7' }),
      'up',
      'missed',
      undefined,
    ],
    ['no comparator', { kind: 'comparator' }, actual('7'), 'up', 'unknown', undefined],
    [
      'a gap closed',
      { kind: 'gap', atMost: '5' },
      actual(null, 2023, { groups: ['71.2', '76.2'] }),
      'up',
      'met',
      undefined,
    ],
    [
      'a gap too wide',
      { kind: 'gap', atMost: '5' },
      actual(null, 2023, { groups: ['76.3', '71.2'] }),
      'up',
      'missed',
      undefined,
    ],
  ])('%s', (_, target, measured, direction, result, progress) => {
    const found = performance(target, measured, { direction })
    expect(found.result).toBe(result)
    if (progress === undefined) expect(found.progress).toBe(undefined)
    else expect(found.progress).toBeCloseTo(progress, 12)
  })

  test('the gap is positive on the good side, exactly', () => {
    expect(performance({ kind: 'keep', value: '12' }, actual('4.5'), { direction: 'down' }).gap).toBe('7.5')
    expect(performance({ kind: 'keep', value: '0.3' }, actual('0.1'), { direction: 'up' }).gap).toBe('-0.2')
  })

  test('base = target is said to be not defined', () => {
    const found = performance({ kind: 'reach', value: '20', dueOn: '2023-12-31', base: '20' }, actual('25'), {
      direction: 'up',
    })
    expect(found.reasons).toContain('progress-not-defined')
  })

  test('a target that asks for the wrong way is marked', () => {
    const found = performance({ kind: 'reach', value: '20', dueOn: '2023-12-31', base: '60' }, actual('30'), {
      direction: 'up',
    })
    expect(found.reasons).toContain('target-against-direction')
  })

  test('very late and stopped values leave the result unknown', () => {
    for (const freshness of ['very-late', 'stopped'] as const) {
      expect(performance({ kind: 'keep', value: '12' }, actual('4.5'), { direction: 'down', freshness }).result).toBe(
        'unknown',
      )
    }
    expect(
      performance({ kind: 'keep', value: '12' }, actual('4.5'), { direction: 'down', freshness: 'due-late' }).result,
    ).toBe('met')
  })

  test('a day that has passed without a value is unknown', () => {
    const target: Target = { kind: 'reach', value: '100', dueOn: '2024-12-31', base: '0' }
    expect(performance(target, actual('70'), { direction: 'up', today: '2025-06-01' })).toMatchObject({
      result: 'unknown',
      reasons: ['no-value-for-due-day'],
    })
    expect(performance(target, actual('70'), { direction: 'up', today: '2024-06-01' }).result).toBe('not-due')
  })

  test('an annualised result says so', () => {
    const found = performance({ kind: 'keep', value: '12' }, actual('4.5', 2023, { status: 'annualised' }), {
      direction: 'down',
    })
    expect(found).toMatchObject({ result: 'met', reasons: ['annualised'] })
  })

  const decimals = fc
    .tuple(fc.integer({ min: -99999, max: 99999 }), fc.integer({ min: 0, max: 4 }))
    .map(([n, scale]) => (n / 10 ** scale).toFixed(scale))
  const negative = (text: string) => (text.startsWith('-') ? text.slice(1) : `-${text}`)

  test('negating everything and turning the direction round gives the same result and progress', () => {
    fc.assert(
      fc.property(
        decimals,
        decimals,
        decimals,
        fc.constantFrom('keep', 'reach', 'change'),
        (value, asked, base, kind) => {
          const make = (flip: boolean): Target => {
            const turn = (text: string) => (flip ? negative(text) : text)
            if (kind === 'keep') return { kind, value: turn(asked) }
            if (kind === 'reach') return { kind, value: turn(asked), base: turn(base), dueOn: '2023-06-30' }
            return { kind: 'change', by: turn(asked), in: 'units', base: turn(base), dueOn: '2023-06-30' }
          }
          const plain = performance(make(false), actual(value), { direction: 'up' })
          const mirrored = performance(make(true), actual(negative(value)), { direction: 'down' })
          expect(mirrored.result).toBe(plain.result)
          expect(mirrored.progress).toBe(plain.progress)
          expect(mirrored.gap).toBe(plain.gap)
        },
      ),
    )
  })

  test('progress stays within 0 and 1', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (value, base, asked) => {
        const progress = progressOf(value, base, asked)
        if (progress !== null) expect(progress >= 0 && progress <= 1).toBe(true)
      }),
    )
  })
})

describe('the target in force', () => {
  const at = (value: string, inForceFrom: string, decidedOn?: string): DatedTarget => ({
    target: { kind: 'keep', value },
    inForceFrom,
    ...(decidedOn ? { decidedOn } : {}),
  })

  test('is the newest one that stood when the period began; later ones are steps', () => {
    const targets = [at('80', '2023-07-01'), at('60', '2020-01-01'), at('70', '2023-01-01')]
    const found = targetInForce(targets, year(2023))
    expect(found.inForce).toBe(targets[2])
    expect(found.later).toEqual([targets[0]])
  })

  test('met under the old, missed under the new', () => {
    const found = performanceInForce([at('60', '2020-01-01'), at('80', '2023-07-01')], actual('70'), {
      direction: 'up',
    })
    expect(found.result).toBe('met')
    expect(found.reasons).toContain('met-under-old-missed-under-new')
    expect(found.later).toMatchObject([{ result: 'missed' }])
  })

  test('a target put in force backwards counts from the day it was decided', () => {
    const found = performanceInForce(
      [at('60', '2020-01-01', '2024-03-01')],
      actual('70', 2023, { recordedOn: '2024-02-01' }),
      { direction: 'up' },
    )
    expect(found.result).toBe('met')
    expect(found.reasons).toContain('target-added-after-result')
  })

  test('a target set while the period ran is used and marked', () => {
    const found = performanceInForce([at('60', '2023-05-01')], actual('70'), { direction: 'up' })
    expect(found.reasons).toContain('target-set-after-period-began')
  })

  test('without any target nothing is judged', () => {
    expect(performanceInForce([], actual('70'), { direction: 'up' })).toMatchObject({
      result: 'unknown',
      reasons: ['no-target'],
    })
  })
})

describe('values that would meet a target', () => {
  const dueOn = '2030-12-31'
  test('lie on the side that the direction, the base or the range says', () => {
    expect(acceptable({ kind: 'keep', value: '80' }, 'up')).toEqual({ min: 80 })
    expect(acceptable({ kind: 'keep', value: '80' }, 'down')).toEqual({ max: 80 })
    expect(acceptable({ kind: 'keep', value: '80' }, 'none')).toBe('no-direction')
    expect(acceptable({ kind: 'reach', value: '5', base: '9', dueOn }, 'not-agreed')).toEqual({ max: 5 })
    expect(acceptable({ kind: 'change', by: '-20', in: 'percent', base: '50', dueOn }, 'none')).toEqual({ max: 40 })
    expect(acceptable({ kind: 'cumulative', total: '100', dueOn }, 'down')).toEqual({ min: 100 })
    expect(acceptable({ kind: 'range', min: '2', max: null }, 'range')).toEqual({ min: 2 })
    expect(acceptable({ kind: 'range' }, 'range')).toBe('no-range')
    expect(acceptable({ kind: 'done', dueOn }, 'up')).toBe('no-single-level')
  })

  test('are the same values that performance calls met', () => {
    const value = fc.integer({ min: -100, max: 100 })
    const target: fc.Arbitrary<Target> = fc.oneof(
      value.map((each): Target => ({ kind: 'keep', value: each })),
      fc.tuple(value, value).map(([each, base]): Target => ({ kind: 'reach', value: each, base, dueOn: '2020-12-31' })),
      fc
        .tuple(value, value)
        .map(([by, base]): Target => ({ kind: 'change', by, in: 'percent', base, dueOn: '2020-12-31' })),
      fc.tuple(value, value).map(([min, max]): Target => ({ kind: 'range', min, max })),
      value.map((total): Target => ({ kind: 'cumulative', total, dueOn: '2020-12-31' })),
    )
    fc.assert(
      fc.property(
        target,
        value,
        fc.constantFrom('up' as const, 'down' as const, 'none' as const),
        (each, actual, direction) => {
          const asked = acceptable(each, direction)
          const { result } = performance(each, { from: '2020-01-01', to: '2021-01-01', value: actual }, { direction })
          if (typeof asked === 'string') expect(result).toBe('unknown')
          else
            expect(result === 'met').toBe(
              actual >= (asked.min ?? Number.NEGATIVE_INFINITY) && actual <= (asked.max ?? Number.POSITIVE_INFINITY),
            )
        },
      ),
    )
  })
})
