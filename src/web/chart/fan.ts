/** The forecast fan: two areas and a dashed line, from the last value on. */
import type { ChartPoint, Fan } from './series.ts'

type Place = (index: number, value: number) => readonly [number, number]

/** Paths in the colours of the page; empty if no point has a fan. */
export function fanMarkup(points: readonly ChartPoint[], place: Place): string {
  const steps = points.flatMap(({ fan }, index) => (fan ? [{ index, fan }] : []))
  if (steps.length === 0) return ''
  const before = points.slice(0, steps[0]!.index).findLastIndex(({ value }) => value !== null)
  const start = before < 0 ? [] : [pair(place(before, points[before]!.value!))]
  const line = (which: keyof Fan) => steps.map(({ index, fan }) => pair(place(index, fan[which] as number)))
  const area = (lower: keyof Fan, upper: keyof Fan, opacity: number) => {
    const edge = [...start, ...line(upper), ...line(lower).reverse()]
    return `<path d="M${edge.join('L')}Z" fill="var(--cw-chart-line)" fill-opacity="${opacity}"></path>`
  }
  const middle = [...start, ...line('middle')]
  return [
    area('lower', 'upper', 0.16),
    steps[0]!.fan.rough ? '' : area('innerLower', 'innerUpper', 0.24),
    `<path d="M${middle.join('L')}" fill="none" stroke="var(--cw-chart-line)" stroke-width="1.5" stroke-dasharray="2 4"></path>`,
  ].join('')
}

const pair = ([x, y]: readonly [number, number]): string => `${x.toFixed(1)} ${y.toFixed(1)}`
