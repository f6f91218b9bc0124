import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { imitate } from '#analysis/simulated.ts'
import { seriesCommand } from './series.ts'

const folder = mkdtempSync(join(tmpdir(), 'commonweal-series-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = async (content: string | Buffer, ...args: string[]) => {
  const file = join(folder, 'series.csv')
  writeFileSync(file, content)
  let out = ''
  let err = ''
  const code = await seriesCommand.run([file, ...args], {
    app: () => Promise.reject(new Error('The command opened the database.')),
    database: () => Promise.reject(new Error('needs no database')),
    out: (text) => {
      out += `${text}\n`
    },
    err: (text) => {
      err += `${text}\n`
    },
  })
  return { code, out, err, json: args.includes('--json') && out ? JSON.parse(out) : null }
}
const monthly = (values: (number | string)[], first = 2024) =>
  `period,value\n${values.map((value, index) => `${first + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')},${value}`).join('\n')}\n`

describe('the series command', () => {
  test('gives the known limits, signals, capability and words of a series', async () => {
    const { code, json } = await run(
      monthly([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]),
      '--json',
      '--target',
      '12',
      '--direction',
      'down',
    )
    expect(code).toBe(0)
    expect(json.limits.mean).toBeCloseTo(1.944, 3)
    expect([json.limits.lower, json.limits.upper].map((limit: number) => limit.toFixed(2))).toEqual(['-0.72', '4.60'])
    expect(json).toMatchObject({
      points: 18,
      grain: 'month',
      reading: 'usual',
      capability: 'consistently-meets',
      signals: [{ period: '2024-05', kind: 'outside', side: 'high' }],
    })
    expect(json.words.happening).toMatch(/^As usual: 1 in Jun 2025/)
    expect(json.words.against).toBe('Met: 1 in Jun 2025; the target is at most 12.')
  })

  test('speaks Chinese, and says no signal words under 12 points', async () => {
    const { code, out } = await run(monthly([1, 9, 1]), '--language', 'zh-CN')
    expect([code, out.split('\n')[0]]).toEqual([
      0,
      '历史数据不足：现行口径下只有 3 个可用数值，至少需要 12 个才能判断什么属于平常。',
    ])
  })

  test('names what is wrong by row and column, all of it, and ends with 1', async () => {
    const { code, json } = await run(
      'period,value\n2024-01,1\n2024-02-31,2\n2024-03,abc\n2024-01,5\n2024,7\n',
      '--json',
    )
    expect(code).toBe(1)
    expect(
      json.problems.map((each: { row: number; column: string; code: string }) => [each.row, each.column, each.code]),
    ).toEqual([
      [3, 'period', 'period-no-such-day'],
      [4, 'value', 'not-a-number'],
      [6, 'period', 'grains-mixed'],
    ])
    const twice = await run('period,value\n2024-01,1\n2024-02,2\n2024-01,5\n', '--json')
    expect(twice.json.problems).toMatchObject([{ row: 4, column: 'period', code: 'period-twice' }])
    const missing = await run('month;figure\n2024-01;1\n')
    expect(missing.err).toContain('no column “period”')
    expect((await run('period,value\n2024-01,"1,234.5"\n2024-02,"1.234,5"\n')).err).toContain('Row 3, column value')
  })

  test('an unknown option, a target without a direction, and a bad number are usage errors', async () => {
    expect((await run(monthly([1]), '--goal', '3')).code).toBe(2)
    expect((await run(monthly([1]), '--target', '3')).err).toContain('--direction')
    expect((await run(monthly([1]), '--target', 'x', '--direction', 'up')).code).toBe(2)
    expect(
      (await run(monthly([-1, -7]), '--target', '-5', '--direction', 'up', '--json')).json.performance.result,
    ).toBe('missed')
  })

  test('a file that is no table is refused in a sentence', async () => {
    expect((await run('')).code).toBe(1)
    expect((await run(Buffer.from('PK\u0003\u0004 and so on'))).err).toMatch(/XLSX|ZIP/)
  })
})

describe('looking ahead', () => {
  const sixty = monthly(
    imitate('noise', 60, 1).map((value) => value.toFixed(2)),
    2019,
  )

  test('gives range, chance and backtest in words and figures', async () => {
    const asked = ['--to', '2024-06', '--target', '45', '--direction', 'up']
    const { code, json } = await run(sixty, ...asked, '--json')
    expect(code).toBe(0)
    expect(json.forecast).toMatchObject({ to: '2024-06', method: 'ANN', counted: 60, withheld: [] })
    expect(json.forecast.steps).toHaveLength(6)
    expect(json.forecast.chance.tenths).toBeGreaterThanOrEqual(7)
    const [lower, upper] = json.forecast.steps[5].range80
    expect(lower).toBeLessThan(50)
    expect(upper).toBeGreaterThan(50)
    const { out } = await run(sixty, ...asked)
    expect(out).toMatch(/For Jun 2024: between [\d.]+ and [\d.]+ in 8 of 10 cases/)
    expect(out).toMatch(
      /The chance to meet the target \(at least 45 by 30 Jun 2024\) is about [789] in 10, if the past/,
    )
    expect(out).toMatch(/Tried on its own past: from \d+ earlier periods/)
    const chinese = await run(sixty, ...asked, '--language', 'zh-Hans')
    expect(chinese.out).toMatch(/如果以往规律延续，达到目标（.*）的可能性约为[七八九]成。/)
  })

  test('without a target it gives the range alone, and with a few values why there is no chance', async () => {
    const plain = await run(sixty, '--to', '2024-03', '--json')
    expect(plain.json.forecast).toMatchObject({ chance: null, withheld: ['no-target'] })
    expect(plain.json.forecast.words.chance).toBeUndefined()
    const few = await run(
      'period,value\n2018,4\n2019,6\n2020,5\n2021,7\n',
      '--to',
      '2022',
      '--target',
      '6',
      '--direction',
      'up',
    )
    expect(few.out).toContain(
      'Too little history: only 4 values count under the present definition, and a chance needs 12.',
    )
    expect(few.out).toMatch(/For 2022: roughly between/)
    expect(few.out).not.toMatch(/in 10/)
  })

  test('a period that cannot be looked at is named, with what to do', async () => {
    for (const [to, reported] of [
      ['soon', '--to takes a period'],
      ['2027', 'is no period of this file'],
      ['2023-05', 'is not after the newest period'],
      ['2090-01', 'name an earlier one'],
    ]) {
      const { code, err, out } = await run(sixty, '--to', to!)
      expect([to, code, out]).toEqual([to, 2, ''])
      expect(err).toContain(reported)
    }
  })
})
