import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawSeries } from './chart/drawing.ts'
import { type ChartPoint, labelledPeriods, scaleFor, widthOf } from './chart/series.ts'
import { Chart, Sparkline } from './chart.tsx'
import { responseTimes } from './gallery/samples.ts'
import { renderPart } from './gallery/speak.tsx'
import { tagsOf } from './gallery/tags.ts'

const points = responseTimes((english) => english)
const chart = (changes: Partial<Parameters<typeof Chart>[0]> = {}) =>
  renderPart(<Chart id="c" title="Response" description="It falls." unit="minutes" points={points} {...changes} />)

describe('a chart', () => {
  it('is one picture with a name for those who do not see it, in two sizes', () => {
    const tags = tagsOf(chart())
    const picture = tags.filter(({ attributes }) => attributes.role === 'img')
    expect(picture.map(({ attributes }) => attributes['aria-label'])).toEqual(['Response. It falls.'])
    expect(tags.filter(({ attributes }) => /^0 0 (360|760) /.test(attributes.viewBox ?? ''))).toHaveLength(2)
  })

  it('stands before a table of every period, newest first, with gaps, targets and remarks', () => {
    const rows = tagsOf(chart()).filter(({ name }) => name === 'tr')
    expect(rows).toHaveLength(points.length + 1)
    expect(rows[1]?.text).toBe('December 20257.2at most 8.06.95 – 8.65Annualised from the year to date')
    expect(rows.find(({ text }) => text.startsWith('September 2024'))?.text).toContain('no value')
    expect(rows.find(({ text }) => text.startsWith('November 2025'))?.text).toContain('ProvisionalImproving')
    expect(rows.find(({ text }) => text.startsWith('January 2025'))?.text).toContain(
      'Break in the series: calls are counted from the first ring',
    )
  })

  it('explains only signs that it uses', () => {
    const plain = points
      .slice(0, 3)
      .map(({ period, value, text }): ChartPoint => ({ period, value, text, status: 'actual' }))
    const legend = (html: string) => tagsOf(html).find(({ attributes }) => attributes.class === 'cw-legend')?.text
    expect(legend(chart({ points: plain }))).toBe('Value')
    expect(legend(chart())).toBe(
      'ValueEstimated or annualisedTarget in forceMeanLimits of the usual rangeImprovingConcerningBreak: not comparable across this line',
    )
  })

  it('shows what is to be expected as a fan in the picture, in the legend and in the table', () => {
    const fan = { middle: 7, lower: 5, upper: 9, innerLower: 6, innerUpper: 8, text: '5 – 9', innerText: '6 – 8' }
    const ahead: ChartPoint = { period: 'January 2026', value: null, text: '', status: 'actual', fan }
    const html = chart({ points: [...points, ahead] })
    const tags = tagsOf(html)
    const rows = tags.filter(({ name }) => name === 'tr')
    expect(rows[1]?.text).toContain('January 2026still to come')
    expect(rows[1]?.text).toContain('5 – 96 – 8')
    expect(tags.find(({ attributes }) => attributes.class === 'cw-legend')?.text).toContain('Expected range, 8 in 10')
    const areas = tags.filter(({ attributes }) => attributes['fill-opacity'] === '0.16' && attributes.d)
    expect(areas).toHaveLength(2)
    // The area begins at the last value and ends with the lower edge of the last period to come.
    expect(areas[0]!.attributes.d!.split('L')).toHaveLength(3)
  })

  it('claims no shares for a fan that nobody tried', () => {
    const fan = { middle: 7, lower: 5, upper: 9, innerLower: 6, innerUpper: 8, text: '5 – 9', innerText: '6 – 8' }
    const ahead: ChartPoint = {
      period: 'January 2026',
      value: null,
      text: '',
      status: 'actual',
      fan: { ...fan, rough: true },
    }
    const tags = tagsOf(chart({ points: [...points, ahead] }))
    expect(tags.find(({ attributes }) => attributes.class === 'cw-legend')?.text).toMatch(/Expected range, rough$/)
    expect(tags.filter(({ name }) => name === 'tr')[0]?.text).toContain('Expected, roughly')
    expect(tags.some(({ text }) => /\d in 10/.test(text))).toBe(false)
    expect(tags.filter(({ attributes }) => attributes['fill-opacity'] === '0.24')).toEqual([])
  })

  it('draws with colours of the page only, without styles, classes or foreign ids', () => {
    const svg = drawSeries(
      { id: 'c', points, format: String, words: { target: '目标', break: '断' } },
      { width: 360, height: 280, text: 13 },
      'n',
    )
    const tags = tagsOf(svg)
    const names = new Set(tags.flatMap(({ attributes }) => Object.keys(attributes)))
    expect([...names].filter((name) => /^(style|class|ecmeta|xmlns|on)/.test(name))).toEqual([])
    const colours = tags
      .flatMap(({ attributes }) => [attributes.fill, attributes.stroke])
      .filter((each) => each?.startsWith('#'))
    expect(colours.filter((each) => each !== '#000')).toEqual([]) // black fills the clipping paths, which nobody sees
    expect(tags.flatMap(({ attributes }) => attributes.id ?? []).every((id) => id.startsWith('c-n-'))).toBe(true)
    expect(tags.filter(({ name }) => name === 'text').map(({ text }) => text)).toContain('目标')
  })

  it('draws a point for each value and none for a gap, hollow where it is estimated', () => {
    const few: ChartPoint[] = [
      { period: '2021', value: 3, text: '3', status: 'actual' },
      { period: '2022', value: null, text: '', status: 'actual' },
      { period: '2023', value: 5, text: '5', status: 'estimated' },
    ]
    const svg = drawSeries(
      { id: 'c', points: few, format: String, words: { target: 'T', break: 'B' } },
      { width: 360, height: 280, text: 13 },
      'n',
    )
    const marks = tagsOf(svg).filter(({ attributes }) => attributes.transform?.startsWith('matrix'))
    expect(marks.map(({ attributes }) => attributes.fill)).toEqual(['var(--cw-chart-line)', 'var(--cw-surface)'])
  })

  it('leaves out what cannot be told: no values, one value, all the same', () => {
    for (const values of [[], [null], [4], [4, 4, 4], [0]]) {
      const some = values.map(
        (value, index): ChartPoint => ({ period: String(index), value, text: String(value ?? ''), status: 'actual' }),
      )
      expect(chart({ points: some })).toContain('</svg>')
    }
  })

  it('escapes what is written into the picture', () => {
    const bad: ChartPoint[] = [{ period: '<b>&"', value: 1, text: '1', status: 'actual' }]
    expect(chart({ points: bad })).not.toContain('<b>')
  })
})

describe('the axis', () => {
  it('covers all numbers with few round steps', () => {
    const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true, noDefaultInfinity: true }), { minLength: 1 })
    fc.assert(
      fc.property(numbers, (values) => {
        const scale = scaleFor(values)
        const margin = scale.step * 1e-6 // rounding of the ticks, invisible in a picture
        expect(scale.min).toBeLessThanOrEqual(Math.min(...values) + margin)
        expect(scale.max).toBeGreaterThanOrEqual(Math.max(...values) - margin)
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2)
        expect(scale.ticks.length).toBeLessThanOrEqual(9)
      }),
    )
  })

  it('keeps the bounds of a percentage and starts at zero where zero is near', () => {
    expect(scaleFor([2, 99], { min: 0, max: 100 })).toMatchObject({ min: 0, max: 100 })
    expect(scaleFor([100, 101]).min).toBeGreaterThan(90)
  })

  it('always labels the newest period and leaves room for full-width characters', () => {
    const chinese = Array.from({ length: 24 }, () => '24年12月')
    const latin = Array.from({ length: 24 }, () => 'Dec 24')
    expect(labelledPeriods(chinese, 300, 13).at(-1)).toBe(23)
    expect(labelledPeriods(chinese, 300, 13).length).toBeLessThanOrEqual(labelledPeriods(latin, 300, 13).length)
    expect(widthOf('年', 10)).toBe(10)
  })
})

describe('a sparkline', () => {
  it('lifts the pen at a gap', () => {
    const html = renderPart(<Sparkline values={[1, 2, null, 3]} />)
    expect(html.match(/d="([^"]*)"/)?.[1]?.match(/M/g)).toHaveLength(2)
  })

  it('shows nothing where nothing is known', () => {
    expect(renderPart(<Sparkline values={[null, null]} />)).toBe('')
  })
})
