/** Figures, units, periods, days and targets in words; the sentences are in `rules-sentences.ts`. */
import type { Direction } from '#analysis/variation.ts'
import { type Language, localize, type Say } from '#kernel/words.ts'
import { formatNumber, isDecimal } from '#values/decimal.ts'
import { addDays, type Day, formatPeriod, formatShortPeriod, type Grain, grainOf } from '#values/period.ts'
import type { TargetRow } from './rules-series.ts'

/** How the figures of one indicator are written. */
export type FigureFacts = {
  readonly unit: string | null
  readonly unitLabel: Readonly<Record<string, string>> | null
  readonly decimals: number | null
  readonly valueKind: string | null
  readonly grain: Grain | string | null
}

export type Writer = {
  readonly say: Say
  readonly language: Language
  /** A bare number with the decimals of the indicator. */
  readonly number: (value: string | number) => string
  /** The same with its unit. */
  readonly quantity: (value: string | number) => string
  /** The lower of two figures written together: without its unit if the upper one has it. */
  readonly lower: (value: string | number) => string
  /** A difference, with its sign; for percentages in percentage points. */
  readonly difference: (value: string) => string
  readonly unit: string
  readonly day: (day: Day) => string
  readonly period: (period: { from: Day; to: Day; label: string }) => string
  /** The same under a chart. */
  readonly shortPeriod: (period: { from: Day; to: Day; label: string }) => string
}

/** The unit in words: as written by people, else by UCUM code, else the code without its brackets. */
export function unitWords(facts: Pick<FigureFacts, 'unit' | 'unitLabel'>, say: Say, language: Language): string {
  if (facts.unitLabel) return localize({ ...facts.unitLabel }, language).text
  const code = facts.unit
  if (!code || code === '1') return ''
  if (code === '%') return '%'
  const known = say(`indicators.unit.${code}`)
  return known.startsWith('[') ? code.replaceAll(/[{}]/g, '') : known
}

export function writerFor(facts: FigureFacts, say: Say, language: Language): Writer {
  const unit = unitWords(facts, say, language)
  const decimals = facts.decimals ?? undefined
  const percent = facts.unit === '%'
  const text = (value: string | number) => String(value)
  const number = (value: string | number) =>
    isDecimal(text(value))
      ? formatNumber(text(value), language, { decimals })
      : finite(Number(value), language, decimals)
  const currency = facts.valueKind === 'money' && /^[A-Z]{3}$/.test(facts.unit ?? '') ? facts.unit! : undefined
  const duration = (value: string | number) =>
    facts.valueKind === 'duration' ? durationWords(Number(value), facts.unit, language) : null
  const quantity = (value: string | number) => {
    if (facts.valueKind === 'done') return say(Number(value) >= 1 ? 'indicators.done.yes' : 'indicators.done.no')
    const exact = isDecimal(text(value))
    if (percent && exact) return formatNumber(text(value), language, { decimals, kind: 'percent' })
    if (currency && exact) return formatNumber(text(value), language, { decimals, kind: 'money', currency })
    const long = duration(value)
    if (long) return long
    return unit === '' ? number(value) : joined(number(value))
  }
  const grained = (period: { from: Day; to: Day; label: string }) => ({
    ...period,
    grain: (facts.grain as Grain | null) ?? grainOf(period),
  })
  const joined = (value: string) => say(`indicators.quantity${joint(unit)}`, { value, unit })
  return {
    say,
    language,
    number,
    quantity,
    lower: (value) => (percent || currency || duration(value) ? quantity(value) : number(value)),
    difference: (value) => {
      const long = duration(Math.abs(Number(value)))
      if (long) return `${Number(value) < 0 ? '−' : '+'}${long}`
      const signed = formatNumber(value, language, { decimals, signed: true })
      if (percent) return say('indicators.points', { value: signed })
      return unit === '' ? signed : joined(signed)
    },
    unit,
    day: (day) => formatPeriod({ from: day, to: addDays(day, 1), grain: 'day', label: day }, language),
    period: (period) => formatPeriod(grained(period), language),
    shortPeriod: (period) => formatShortPeriod(grained(period), language),
  }
}

const sixtieths: Record<string, readonly [large: string, small: string]> = {
  s: ['minute', 'second'],
  min: ['hour', 'minute'],
}

/** "4 min 11 sec": a duration in two units, rounded to the smaller; null if shorter than one larger unit. */
function durationWords(value: number, unit: string | null, language: Language): string | null {
  const units = sixtieths[unit ?? '']
  const whole = Math.round(Math.abs(value))
  if (!units || !Number.isFinite(value) || whole < 60) return null
  const part = (count: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(count)
  const [large, small] = units
  const parts = [part(Math.floor(whole / 60), large), ...(whole % 60 > 0 ? [part(whole % 60, small)] : [])]
  const text = new Intl.ListFormat(language, { type: 'unit', style: 'narrow' }).format(parts)
  return value < 0 ? `−${text}` : text
}

/** How a unit is joined to its figure: Chinese words follow without a space, and "per …" is in brackets there. */
const joint = (unit: string): string =>
  unit.startsWith('每') ? '.per' : /^\p{Script=Han}/u.test(unit) ? '.joined' : ''

/** A limit is a binary fraction: it is written with one or two more decimals than the indicator. */
function finite(value: number, language: Language, decimals: number | undefined): string {
  if (!Number.isFinite(value)) return '–'
  return new Intl.NumberFormat(language, { maximumFractionDigits: decimals ?? 3 }).format(value)
}

/** What a target asks for: "at least 80 % by 31 December 2027". Cells it compares with are named by their members. */
export function targetWords(
  target: Pick<TargetRow, 'targetKind' | 'dueOn' | 'value' | 'low' | 'high' | 'base' | 'comparator'>,
  direction: Direction,
  writer: Writer,
): string {
  const { say, quantity } = writer
  const by = target.dueOn ? say('indicators.target.by', { day: writer.day(target.dueOn) }) : ''
  const key = (name: string) => `indicators.target.words.${name}`
  const value = target.value ?? ''
  const cells = (target.comparator ?? '').split(' | ').map((cell) => cellWords(cell === '*' ? '' : cell, say))
  const words = (): string => {
    switch (target.targetKind) {
      case 'range': {
        const [low, high] = [target.low, target.high]
        if (low === null && high === null) return say(key('range-of-indicator'))
        if (high === null) return say(key('at-least'), { value: quantity(low!) })
        if (low === null) return say(key('at-most'), { value: quantity(high) })
        return say(key('range'), { low: writer.lower(low), high: quantity(high) })
      }
      case 'change':
        return say(key('change'), { value: writer.difference(value), base: quantity(target.base ?? '0') })
      case 'change-percent': {
        const share = formatNumber(value, writer.language, { kind: 'percent', signed: true })
        return say(key('change'), { value: share, base: quantity(target.base ?? '0') })
      }
      case 'cumulative':
        return say(key('cumulative'), { value: quantity(value) })
      case 'done':
        return say(key('done'))
      case 'comparator':
        return Number(value) === 0
          ? say(key('comparator'), { cell: cells[0] ?? '' })
          : say(key('comparator-by'), { cell: cells[0] ?? '', value: writer.difference(value) })
      case 'gap':
        return say(key('gap'), { value: quantity(value), first: cells[0] ?? '', second: cells[1] ?? '' })
      default: {
        const rising =
          target.base !== null && target.base !== undefined ? Number(value) >= Number(target.base) : direction === 'up'
        const way = direction === 'up' ? true : direction === 'down' ? false : target.base ? rising : null
        return say(key(way === null ? 'value' : way ? 'at-least' : 'at-most'), { value: quantity(value) })
      }
    }
  }
  return by === '' ? words() : say('indicators.target.with-day', { target: words(), by })
}

/** A cell by the names of its members; the whole by its word. */
export function cellWords(cell: string, say: Say): string {
  if (cell === '') return say('indicators.cell.whole')
  return cell
    .split(';')
    .map((pair) => pair.slice(pair.indexOf('=') + 1).replaceAll(/[-_]+/g, ' '))
    .join(' · ')
}
