/** Numbers of a workbook as text: exactly as shown, with no local decimal signs. */
import { dayFromNumber } from '#values/period.ts'
import type { NumberDisplay } from './styles.ts'

/** Excel keeps 15 significant digits; anything beyond is noise from binary fractions. */
const significant = 15
/** Day number (days since 1970-01-01) of serial 0, in the two systems. */
const epoch1900 = -25568
const epoch1904 = -24107

const longNumber = /^-?\d*\.?\d*(?:[eE][-+]?\d{1,3})?$/

/** A stored number as text; null if it is not a number. */
export function numberText(stored: string, look: NumberDisplay, date1904: boolean, decimals = 0): string | null {
  const text = stored.trim()
  if (text === '' || text.length > 40 || !longNumber.test(text)) return null
  const value = Number(text)
  if (!Number.isFinite(value)) return null
  switch (look) {
    case 'percent':
      return `${shifted(plainNumber(value), 2)}%`
    case 'day':
    case 'month':
    case 'year':
    case 'moment':
      return dateText(value, look, date1904) ?? plainNumber(value)
    case 'clock':
    case 'time':
      return timeText(value, look)
    default:
      return padded(plainText(text, value), decimals)
  }
}

/** Trailing zeros that are shown say how exactly a number is known. */
function padded(text: string, decimals: number): string {
  const fraction = text.split('.')[1]?.length ?? 0
  if (fraction >= decimals) return text
  return `${text}${fraction === 0 ? '.' : ''}${'0'.repeat(decimals - fraction)}`
}

function plainText(text: string, value: number): string {
  return text.length <= significant && /^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d*[1-9])$/.test(text)
    ? text
    : plainNumber(value)
}

/** The shortest plain decimal of at most 15 significant digits. */
function plainNumber(value: number): string {
  const short = String(Number(value.toPrecision(significant)))
  const match = /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(short)
  if (!match) return short === '-0' ? '0' : short
  const digits = `${match[2]}${match[3] ?? ''}`
  const point = 1 + Number(match[4])
  if (point <= 0) return `${match[1]}0.${'0'.repeat(-point)}${digits}`
  // Exponents above 20 leave no digits behind the point.
  return `${match[1]}${digits.padEnd(point, '0')}`
}

/** A plain decimal times ten to the power of `places`, digit by digit. */
function shifted(text: string, places: number): string {
  const negative = text.startsWith('-')
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.')
  const digits = whole + fraction.padEnd(places, '0')
  const at = whole.length + places
  const left = digits.slice(0, at).replace(/^0+(?=\d)/, '')
  const right = digits.slice(at).replace(/0+$/, '')
  return `${negative ? '-' : ''}${left}${right === '' ? '' : `.${right}`}`
}

/**
 * The day of a serial number, as far as it is shown. The 1900 system counts a 29 February 1900 that never existed (serial
 * 60): it is written as shown, and refused later as it is not a day of the calendar; before it, serials are one
 * day behind.
 */
function dateText(value: number, look: NumberDisplay, date1904: boolean): string | null {
  // Seconds are rounded, because a time is stored as a fraction of a day.
  const seconds = Math.round(value * 86_400)
  const serial = Math.floor(seconds / 86_400)
  const rest = seconds - serial * 86_400
  if (serial < (date1904 ? 0 : 1) || serial > 2_958_465) return null
  const day =
    date1904 || serial < 60
      ? dayFromNumber(serial + (date1904 ? epoch1904 : epoch1900))
      : serial === 60
        ? '1900-02-29'
        : dayFromNumber(serial + epoch1900 - 1)
  if (look === 'year') return day.slice(0, 4)
  if (look === 'month') return day.slice(0, 7)
  return rest === 0 || look === 'day' ? day : `${day}T${clock(rest)}`
}

/**
 * A time or duration as hours, minutes and seconds. Seconds are left out where they are zero and not shown: what
 * looks like 4:11 is 4:11, and whether these are hours or minutes is for the profile to say.
 */
function timeText(value: number, look: 'clock' | 'time'): string {
  const seconds = Math.round(Math.abs(value) * 86_400)
  const text = clock(seconds, 1)
  const shown = look === 'clock' && seconds % 60 === 0 ? text.slice(0, -3) : text
  return `${value < 0 && seconds > 0 ? '-' : ''}${shown}`
}

function clock(seconds: number, width = 2): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${String(Math.floor(seconds / 3600)).padStart(width, '0')}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
