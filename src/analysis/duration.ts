/**
 * Durations that tables write as decimals: "4.11" under a label "(minutes:seconds)" is 4 minutes 11 seconds, and
 * "4.1", which lost its last zero, is 4 minutes 10. They are compared and averaged as durations, not as decimals.
 */
import { canonicalDecimal, type Decimal } from '#values/decimal.ts'
import { add, divide, multiply } from './quantity.ts'

export type ClockProblem = { readonly problem: 'not-a-clock-time' | 'parts-over-sixty' }

/**
 * The duration in the smaller unit (seconds of "minutes:seconds", minutes of "hours:minutes"). Reads '4.11' and '4:11';
 * a third decimal, or a part of sixty or more, is a problem: the cell is a plain decimal after all.
 */
export function clockUnits(cell: string): Decimal | ClockProblem {
  const match = /^(-?)(\d{1,9})(?:[.:](\d{1,2}))?$/.exec(cell.trim())
  if (!match) return { problem: 'not-a-clock-time' }
  const small = Number((match[3] ?? '0').padEnd(2, '0'))
  if (small >= 60) return { problem: 'parts-over-sixty' }
  return canonicalDecimal(`${match[1]}${Number(match[2]) * 60 + small}`)
}

/** Back to the written form: 251 is '4:11'. Rounded to whole smaller units. */
export function clockText(units: Decimal): string {
  const whole = Math.round(Math.abs(Number(units)))
  return `${Number(units) < 0 && whole > 0 ? '-' : ''}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** Mean of durations in the smaller unit, to 18 decimals; null for none. */
export function meanClock(units: readonly Decimal[]): Decimal | null {
  if (units.length === 0) return null
  return divide(
    units.reduce((sum, unit) => add(sum, unit), '0'),
    multiply(String(units.length), '1'),
  )
}
