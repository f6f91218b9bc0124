/** What the formatting of a cell says about its value: how a number is shown, and the fill colour. */
import type { Archive } from './archive.ts'
import { tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'
import { type Attributes, scanPart } from './part.ts'

/**
 * `month` and `year`: a day shown only to that precision. `clock`: hours and minutes; `time`: with seconds. `text`:
 * the cell is formatted as text.
 */
export type NumberDisplay = 'plain' | 'percent' | 'day' | 'month' | 'year' | 'moment' | 'clock' | 'time' | 'text'

export type CellStyle = {
  readonly number: NumberDisplay
  /** Least number of decimals shown for a plain number. */
  readonly decimals: number
  /** As `#RRGGBB`, or the name of a theme's or an indexed colour; null without a fill. */
  readonly fill: string | null
}

export type CellStyles = { readonly of: (style: string | undefined) => CellStyle }

const plainStyle: CellStyle = { number: 'plain', decimals: 0, fill: null }

/** Reads the styles; a workbook without any has plain cells. */
export async function readCellStyles(
  archive: Archive,
  part: string | null,
  limits: WorkbookLimits,
): Promise<CellStyles> {
  if (part === null || !archive.names.has(part)) return { of: () => plainStyle }
  const formats = new Map<string, Pick<CellStyle, 'number' | 'decimals'>>()
  const fills: Array<string | null> = []
  const looks: CellStyle[] = []
  let within = ''
  let pattern = ''
  let colour: string | null = null
  const bounded = (list: { readonly length?: number; readonly size?: number }) => {
    if ((list.length ?? list.size ?? 0) >= limits.styles) throw tooMuch('styles', limits.styles, part)
  }
  await scanPart(archive.read(part), part, limits, {
    open: (name, attributes) => {
      if (name === 'cellXfs' || name === 'cellStyleXfs' || name === 'dxfs') within = name
      else if (name === 'numFmt' && within === '') {
        bounded(formats)
        const code = attributes.formatCode ?? ''
        formats.set(attributes.numFmtId ?? '', { number: displayOf(code), decimals: decimalsOf(code) })
      } else if (name === 'patternFill') {
        pattern = attributes.patternType ?? 'none'
        colour = null
      } else if (name === 'fgColor') colour = colourOf(attributes)
      else if (name === 'xf' && within === 'cellXfs') {
        bounded(looks)
        const id = attributes.numFmtId ?? '0'
        const own = formats.get(id) ?? { number: builtIn(Number(id)), decimals: id === '2' || id === '4' ? 2 : 0 }
        looks.push({ ...own, fill: fills[Number(attributes.fillId ?? 0)] ?? null })
      }
    },
    close: (name) => {
      if (name === within) within = ''
      else if (name === 'fill' && within !== 'dxfs') {
        bounded(fills)
        fills.push(pattern === 'none' || pattern === 'gray125' || pattern === '' ? null : colour)
        pattern = ''
      }
    },
  })
  return { of: (style) => (style === undefined ? (looks[0] ?? plainStyle) : (looks[Number(style)] ?? plainStyle)) }
}

function colourOf(attributes: Attributes): string | null {
  const { rgb, theme, indexed, tint } = attributes
  if (rgb && /^[0-9A-Fa-f]{6,8}$/.test(rgb)) {
    const colour = `#${rgb.slice(-6).toUpperCase()}`
    return colour === '#FFFFFF' ? null : colour
  }
  // The first colour of a theme is the background.
  if (theme !== undefined)
    return theme === '0' && !tint ? null : `theme ${theme}${tint ? ` ${Number(tint).toFixed(2)}` : ''}`
  if (indexed !== undefined) return indexed === '64' || indexed === '9' || indexed === '1' ? null : `colour ${indexed}`
  return null
}

/** Formats given by number instead of code (ECMA-376 18.8.30), including those of East Asian versions. */
function builtIn(id: number): NumberDisplay {
  if (id === 9 || id === 10) return 'percent'
  if ((id >= 14 && id <= 16) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) || (id >= 50 && id <= 58)) return 'day'
  if (id === 17) return 'month'
  if (id === 22) return 'moment'
  if (id === 18 || id === 20 || id === 32) return 'clock'
  if (id === 19 || id === 21 || id === 33 || (id >= 45 && id <= 47)) return 'time'
  return id === 49 ? 'text' : 'plain'
}

/** What a format code shows: only its first section counts, without texts, colours and conditions. */
export function displayOf(code: string): NumberDisplay {
  const section = code
    .slice(0, 500)
    .replace(/\\./g, '')
    .replace(/"[^"]*"?/g, '')
    .replace(/[_*]./g, '')
    .split(';')[0]!
  if (section.trim() === '@') return 'text'
  if (/\[(h+|m+|s+)\]/i.test(section)) return /s/i.test(section) ? 'time' : 'clock'
  const letters = section.replace(/\[[^\]]*\]?/g, '').toLowerCase()
  if (letters.replace(/general/g, '').includes('%')) return 'percent'
  const bare = letters.replace(/general/g, '').replace(/am\/pm|a\/p/g, 'h')
  const [day, year, hour] = [/d/.test(bare), /[ye]/.test(bare.replace(/e[+-]/g, '')), /[hs]/.test(bare)]
  const month = /m/.test(bare)
  if (day || (year && month && hour)) return hour ? 'moment' : 'day'
  if (hour) return bare.includes('s') ? 'time' : 'clock'
  if (month) return year ? 'month' : 'day'
  return year && !/[0#?]/.test(bare) ? 'year' : 'plain'
}

/** Zeros after the point in the first section of a format code. */
function decimalsOf(code: string): number {
  const section = code
    .slice(0, 500)
    .replace(/"[^"]*"?/g, '')
    .split(';')[0]!
  return Math.min(18, /0\.(0+)/.exec(section)?.[1]?.length ?? 0)
}
