/** Computes the numbers of an indicator from its story: the same story and day always give the same numbers. */
import { normals, type Random, seeded } from '#analysis/random.ts'
import {
  addDays,
  calendarYears,
  type Day,
  duePeriod,
  type FiscalCalendar,
  nextPeriod,
  type Period,
  partsOf,
  periodContaining,
  previousPeriod,
} from '#values/period.ts'
import { cellFigures, shareOut } from './districts.ts'
import { type Figures, figuresOf, scaleOf, seedOf } from './figures.ts'
import type { IndicatorSpecification, Story } from './specification.ts'
import type { DemoMeasurement, DemoStatus } from './types.ts'
import texts from './words.json' with { type: 'json' }

/** The city's fiscal year: April to March, 2025/26. */
export const cityFiscalYear: FiscalCalendar = { startMonth: 4, namedBy: 'start' }

const windowLength = { month: 60, quarter: 20, year: 5 } as const
const turnLength = 10
const stepAt = 0.6
const doneAt = 0.7
/** Values arrive this long after their due day, so that leap days never move one that is meant to be very late back to late. */
const graceDays = 2
const breakAt = 0.5
/** Cosine by month, written out so that no machine rounds it differently. */
const yearlyWave = [1, 0.87, 0.5, 0, -0.5, -0.87, -1, -0.87, -0.5, 0, 0.5, 0.87]

/** The periods of the window, oldest first: the newest is the last whose value has arrived. */
export function storyPeriods(spec: IndicatorSpecification, today: Day, planFrom: Day): Period[] {
  const calendar = spec.fiscal ? cityFiscalYear : calendarYears
  let period = periodContaining(today, spec.grain, calendar)
  while (addDays(duePeriod(period, spec.lagDays), graceDays) >= today) period = previousPeriod(period)
  const periods: Period[] = []
  const count = spec.story.points ?? windowLength[spec.grain]
  while (periods.length < count && (spec.story.shape !== 'cum' || period.from >= planFrom)) {
    periods.unshift(period)
    period = previousPeriod(period)
  }
  return periods
}

/** Where the course of the story bends: the step, or the middle where only the definition changed. */
export const bendIndex = (story: Story, count: number): number =>
  Math.round(count * (story.shape === 'step' ? stepAt : breakAt))

function seasonOf(story: Story, period: Period): number {
  if (!story.season) return 0
  const months = period.grain === 'month' ? 1 : period.grain === 'quarter' ? 3 : 12
  const first = partsOf(period.from).month - 1
  let sum = 0
  for (let offset = 0; offset < months; offset += 1) sum += yearlyWave[(first + offset) % 12]!
  return (story.season * sum) / months
}

/** Poisson numbers by multiplication (Knuth, TAOCP 2, 3.4.1). */
function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean)
  let product = random()
  let count = 0
  while (product > limit) {
    product *= random()
    count += 1
  }
  return count
}

function courseAt(story: Story, index: number, count: number): number {
  const { shape, start, end } = story
  const last = count - 1
  if (shape === 'line') return start + ((end - start) * index) / last
  if (shape === 'step') return index < bendIndex(story, count) ? start : end
  if (shape === 'done') return index < Math.round(count * doneAt) ? 0 : 1
  if (shape === 'turn') return start + (end - start) * Math.max(0, (index - (last - turnLength)) / turnLength)
  return start
}

/** The level of each period, before denominators and rounding; one more than `periods` for the running year. */
function levels(spec: IndicatorSpecification, periods: readonly Period[], count: number): number[] {
  const { story } = spec
  const random = seeded(seedOf(spec.ref))
  const normal = normals(random)
  let total = 0
  return periods.map((period, index) => {
    if (story.shape === 'rare') return poisson(story.start, random)
    if (story.shape === 'done') return courseAt(story, index, count)
    if (story.shape === 'cum') {
      total += Math.max(0, story.end / count + story.noise * normal())
      return total
    }
    const level = courseAt(story, index, count) + seasonOf(story, period) + story.noise * normal()
    const upper = spec.valueKind === 'percent' ? 100 : Number.POSITIVE_INFINITY
    return Math.min(upper, Math.max(0, level))
  })
}

function wholeFigures(spec: IndicatorSpecification, level: number, position: number, random: Random): Figures {
  const { base } = spec.story
  if (base === undefined) return { value: level.toFixed(spec.decimals) }
  // A population grows slowly and without noise; samples and case loads vary.
  const large = base >= 90_000
  const denominator = Math.round(large ? base * (0.985 + 0.015 * position) : base * (0.985 + 0.03 * random()))
  const numerator = Math.round((level * denominator) / scaleOf(spec.unit))
  return figuresOf(spec, spec.valueKind === 'percent' ? Math.min(numerator, denominator) : numerator, denominator)
}

/** What was published before cases counted twice were removed: six in a hundred too many. */
function correctionOf(spec: IndicatorSpecification, figures: Figures) {
  const note = texts.notes.corrected
  if (figures.numerator === undefined || figures.denominator === undefined)
    return { note, correctedFrom: (Number(figures.value) * 1.06).toFixed(spec.decimals) }
  const before = figuresOf(spec, Math.round(Number(figures.numerator) * 1.06), Number(figures.denominator))
  return { note, correctedFrom: before.value, correctedNumeratorFrom: before.numerator }
}

/** All measurements of an indicator in the periods of its window, whole city first, oldest first. */
export function measurementsOf(spec: IndicatorSpecification, planned: readonly Period[]): DemoMeasurement[] {
  const { story } = spec
  const count = planned.length
  const newest = count - 1 - (story.silent ?? 0)
  const periods = story.annualised ? [...planned, nextPeriod(planned[count - 1]!)] : planned
  const course = levels(spec, periods, count)
  const random = seeded(seedOf(`${spec.ref} denominators`))
  const whole: DemoMeasurement[] = []
  const cells: DemoMeasurement[] = []
  periods.forEach((period, index) => {
    const figures = wholeFigures(spec, course[index]!, index / (count - 1), random)
    const running = index === count
    if ((index > newest && !running) || story.gaps?.includes(index)) return
    const status: DemoStatus = running
      ? 'annualised'
      : index > newest - (story.provisional ?? 0)
        ? 'provisional'
        : index > newest - (story.estimated ?? 0)
          ? 'estimated'
          : 'actual'
    const span = { from: period.from, to: period.to, label: period.label }
    const corrected = story.corrected !== undefined && index === newest - story.corrected
    whole.push({
      ...span,
      ...figures,
      status,
      ...(status === 'actual' ? {} : { note: texts.notes[status] }),
      ...(corrected ? correctionOf(spec, figures) : {}),
    })
    if (!story.districts || running) return
    for (const part of story.spread === undefined ? shareOut(spec, figures, index) : cellFigures(spec, figures, index))
      cells.push({ ...span, ...part, status })
  })
  return [...whole, ...cells]
}
