/**
 * Exact decimal numbers as text. Outside `analysis/` no quantity is a binary fraction: comparisons with targets, sums
 * and round trips must be exact. A canonical decimal is '-12.5': no grouping, no exponent, no leading or trailing zeros,
 * no '-0'. Limits are those of the PostgreSQL columns: 28 digits before the point, 18 after.
 */
import type { Language } from '#kernel/words.ts'

/** A canonical decimal, e.g. '0', '-0.05', '1234.5'. */
export type Decimal = string

/** How a column writes numbers, named by an example. `,` also allows Indian (12,34,567) and Chinese (1,2345) grouping. */
export const numberFormats = ['1234.5', '1,234.5', '1.234,5', '1 234,5', '1 234.5', "1'234.5"] as const
export type NumberFormat = (typeof numberFormats)[number]

export type DecimalProblemCode = 'not-a-number' | 'wrong-format' | 'too-long' | 'ambiguous'

/** `percent`: the cell has a percent sign; its value is left as written ('12 %' is '12'). */
export type ReadDecimal = { readonly value: Decimal; readonly percent: boolean }
export type DecimalProblem = { readonly problem: DecimalProblemCode }

const maxWhole = 28
const maxFraction = 18

type Parts = { readonly units: bigint; readonly scale: number }

const exactPattern = /^([-+]?)(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d{1,3}))?$|^([-+]?)\.(\d+)(?:[eE]([-+]?\d{1,3}))?$/

function parts(text: string): Parts | null {
  const match = exactPattern.exec(text)
  if (!match) return null
  const negative = (match[1] ?? match[5]) === '-'
  const fraction = match[3] ?? match[6] ?? ''
  const exponent = Number(match[4] ?? match[7] ?? 0)
  let units = BigInt((match[2] ?? '') + fraction)
  let scale = fraction.length - exponent
  if (scale < 0) {
    units *= 10n ** BigInt(-scale)
    scale = 0
  }
  return { units: negative ? -units : units, scale }
}

function must(decimal: string): Parts {
  const found = parts(decimal)
  if (!found) throw new RangeError(`"${decimal}" is not a decimal number.`)
  return found
}

function write(units: bigint, scale: number): Decimal {
  const negative = units < 0n
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale === 0 ? '' : digits.slice(digits.length - scale).replace(/0+$/, '')
  return units === 0n ? '0' : `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** The canonical form of a decimal in plain or exponent notation; throws RangeError for anything else. */
export function canonicalDecimal(text: string): Decimal {
  const { units, scale } = must(text)
  return write(units, scale)
}

/** True for plain or exponent notation with a point ('1.50', '1e3'). */
export const isDecimal = (text: string): boolean => exactPattern.test(text)

/** The shortest decimal that reads back to this binary number; throws RangeError for NaN and infinities. */
export function decimalFromNumber(value: number): Decimal {
  if (!Number.isFinite(value)) throw new RangeError('Only finite numbers have a decimal form.')
  return canonicalDecimal(String(value))
}

function aligned(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  const [left, right] = [must(a), must(b)]
  const scale = Math.max(left.scale, right.scale)
  return [left.units * 10n ** BigInt(scale - left.scale), right.units * 10n ** BigInt(scale - right.scale), scale]
}

/** −1, 0 or 1, exactly. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a === b) return 0
  const [left, right] = aligned(a, b)
  return left < right ? -1 : left > right ? 1 : 0
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = aligned(a, b)
  return write(left + right, scale)
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right, scale] = aligned(a, b)
  return write(left - right, scale)
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right] = [must(a), must(b)]
  return write(left.units * right.units, left.scale + right.scale)
}

/**
 * `a / b` rounded half away from zero to `places` decimals (0–18). Null where `b` is zero: a share of nothing is not
 * defined.
 */
export function divideDecimals(a: Decimal, b: Decimal, places = maxFraction): Decimal | null {
  const [left, right] = aligned(a, b)
  if (right === 0n) return null
  const negative = left < 0n !== right < 0n
  const [top, bottom] = [left < 0n ? -left : left, right < 0n ? -right : right]
  const rounded = (top * 10n ** BigInt(places) * 2n + bottom) / (bottom * 2n)
  return write(negative ? -rounded : rounded, places)
}

/** Rounded half away from zero to `places` decimals. */
export const roundDecimal = (decimal: Decimal, places: number): Decimal => divideDecimals(decimal, '1', places)!

export const negateDecimal = (decimal: Decimal): Decimal => subtractDecimals('0', decimal)

/** All the spaces people group digits with: plain, no-break, narrow no-break, thin, figure, ideographic. */
const spaces = /[\u0020\u00a0\u202f\u2009\u2007\u3000]/g

/** One spelling per sign: full-width digits and marks to ASCII, minus signs to '-', all spaces to ' '. */
const tidy = (text: string): string =>
  text
    .replace(/[\uff01-\uff5e]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[\u2212\u2012\u2013]/g, '-')
    .replace(/[\u2019\u02bc]/g, "'")
    .replace(spaces, ' ')
    .trim()

const threes = (mark: string) => `[1-9]\\d{0,2}(?:${mark}\\d{3})+`
const grouped: Record<NumberFormat, RegExp> = {
  '1234.5': /^(\d*)(?:\.(\d*))?$/,
  '1,234.5': new RegExp(
    `^(\\d+|${threes(',')}|[1-9]\\d?(?:,\\d{2})+,\\d{3}|[1-9]\\d{0,3}(?:,\\d{4})+|)(?:\\.(\\d*))?$`,
  ),
  '1.234,5': new RegExp(`^(\\d+|${threes('\\.')}|)(?:,(\\d*))?$`),
  '1 234,5': new RegExp(`^(\\d+|${threes(' ')}|)(?:,(\\d*))?$`),
  '1 234.5': new RegExp(`^(\\d+|${threes(' ')}|)(?:\\.(\\d*))?$`),
  "1'234.5": new RegExp(`^(\\d+|${threes("'")}|)(?:\\.(\\d*))?$`),
}

/** Longer cells are not numbers; the patterns below need bounded input. */
const maxCell = 80

const numberLike = /^[-+(]?\s*[\d.,' ]*\d[\d.,' ]*(?:[eE][-+]?\d{1,3})?\s*\)?\s*%?$/

/**
 * Reads one cell in a stated format. Accepts signs before the number, (1,234) for negative, full-width digits, an
 * exponent and a percent sign. Never guesses: a number in another format is 'wrong-format'.
 */
export function parseDecimal(text: string, format: NumberFormat): ReadDecimal | DecimalProblem {
  if (text.length > maxCell) return { problem: 'not-a-number' }
  const cell = tidy(text)
  if (!numberLike.test(cell)) return { problem: 'not-a-number' }
  const percent = cell.endsWith('%')
  const bare = percent ? cell.slice(0, -1).trim() : cell
  const bracketed = bare.startsWith('(') && bare.endsWith(')')
  if (!bracketed && /[()]/.test(bare)) return { problem: 'not-a-number' }
  const unsigned = (bracketed ? bare.slice(1, -1) : bare.replace(/^[-+]\s*/, '')).trim()
  const [mantissa, exponent = ''] = unsigned.split(/[eE]/)
  const match = grouped[format].exec(mantissa!)
  if (!match || (!match[1] && !match[2])) return { problem: 'wrong-format' }
  const whole = match[1]!.replace(/[^\d]/g, '') || '0'
  const power = exponent === '' ? '' : `e${exponent}`
  const value = canonicalDecimal(`${bracketed || bare.startsWith('-') ? '-' : ''}${whole}.${match[2] ?? ''}${power}`)
  const [before, after = ''] = value.replace('-', '').split('.')
  if (before!.length > maxWhole || after.length > maxFraction) return { problem: 'too-long' }
  return { value, percent }
}

/** A readable cell, as opposed to a problem. */
export const isReadDecimal = (result: ReadDecimal | DecimalProblem): result is ReadDecimal => 'value' in result

export type DetectedFormat =
  | { readonly format: NumberFormat }
  /** The values leave these open; `example` is a cell that reads differently in each. */
  | { readonly format: 'ambiguous'; readonly candidates: readonly NumberFormat[]; readonly example: string }
  /** No single format reads every number; `at` is the index of the cell that ruled out the last candidate. */
  | { readonly format: 'mixed'; readonly at: number }
  /** No cell holds a number. */
  | { readonly format: 'none' }

/**
 * Finds the one format that reads every number of a column. Cells that are not numbers in any format (blank, 'NA')
 * are ignored. A column with only '1.234' stays ambiguous: it could be about one, or over a thousand.
 */
export function detectNumberFormat(cells: Iterable<string>): DetectedFormat {
  let candidates: readonly NumberFormat[] = numberFormats
  const differing = new Map<string, string>()
  let seen = false
  let at = -1
  for (const cell of cells) {
    at += 1
    if (cell.length > maxCell || !numberLike.test(tidy(cell))) continue
    seen = true
    const values = new Map<NumberFormat, string>()
    for (const format of candidates) {
      const read = parseDecimal(cell, format)
      if (isReadDecimal(read)) values.set(format, read.value)
    }
    if (values.size === 0) return { format: 'mixed', at }
    candidates = candidates.filter((format) => values.has(format))
    for (const [index, first] of candidates.entries()) {
      for (const second of candidates.slice(index + 1)) {
        const pair = `${first}|${second}`
        if (values.get(first) !== values.get(second) && !differing.has(pair)) differing.set(pair, cell)
      }
    }
  }
  if (!seen) return { format: 'none' }
  for (const [index, first] of candidates.entries()) {
    for (const second of candidates.slice(index + 1)) {
      const example = differing.get(`${first}|${second}`)
      if (example !== undefined) return { format: 'ambiguous', candidates, example }
    }
  }
  return { format: candidates[0]! }
}

export type NumberStyle = {
  /** Decimals to show: exactly this many, or between `min` and `max`. Default: as many as the value has, up to 3. */
  readonly decimals?: number | { readonly min: number; readonly max: number }
  /** 'percent' appends the sign and does not multiply; 'money' has a `currency` (ISO 4217), or ¤ for none. Default 'plain'. */
  readonly kind?: 'plain' | 'percent' | 'money'
  readonly currency?: string
  /** Short form: 1.2M in English, 120万 in Chinese. */
  readonly compact?: boolean
  /** Show a sign on positive values, for changes. */
  readonly signed?: boolean
}

const formatters = new Map<string, Intl.NumberFormat>()

function formatter(language: Language, style: NumberStyle): Intl.NumberFormat {
  const { min, max } =
    style.decimals === undefined
      ? { min: 0, max: style.compact ? 1 : 3 }
      : typeof style.decimals === 'number'
        ? { min: style.decimals, max: style.decimals }
        : style.decimals
  const kind = style.kind ?? 'plain'
  const key = `${language}|${min}|${max}|${kind}|${style.currency ?? ''}|${style.compact ?? false}|${style.signed ?? false}`
  let found = formatters.get(key)
  if (!found) {
    found = new Intl.NumberFormat(language, {
      minimumFractionDigits: min,
      maximumFractionDigits: max,
      roundingMode: 'halfExpand',
      ...(kind === 'percent' ? { style: 'unit', unit: 'percent' } : {}),
      ...(kind === 'money'
        ? // Where no currency is named, the code that ISO 4217 has for that. Never the narrow symbol: four are `kr`, twenty `$`.
          { style: 'currency', currency: style.currency ?? 'XXX', currencyDisplay: 'symbol' }
        : {}),
      ...(style.compact ? { notation: 'compact' } : {}),
      signDisplay: style.signed ? 'exceptZero' : 'negative',
    })
    formatters.set(key, found)
  }
  return found
}

/** A decimal as a language writes it; exact at any length (never converted to a binary fraction). */
export function formatNumber(decimal: Decimal, language: Language, style: NumberStyle = {}): string {
  return formatter(language, style).format(canonicalDecimal(decimal) as Intl.StringNumericLiteral)
}
