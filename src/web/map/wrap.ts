/**
 * Breaks a label into lines without a browser. Widths are generous estimates for the sans-serif fonts of the style
 * sheet: a line may be shorter than it could be, but does not overflow its box.
 */

const widths = new Map<string, number>()

/** Width of a character in em; cached, because a large map asks for the same ones a hundred thousand times. */
function widthOf(character: string): number {
  let width = widths.get(character)
  if (width === undefined) {
    width = estimate(character)
    // More than any city's text uses; hostile text resets it.
    if (widths.size > 10_000) widths.clear()
    widths.set(character, width)
  }
  return width
}

function estimate(character: string): number {
  const code = character.codePointAt(0)!
  if (code >= 0x1100 && isWide(code)) return 1.02
  if (' .,:;\'"|!ijl·'.includes(character)) return 0.3
  if ('()[]{}-/ftr’‘“”'.includes(character)) return 0.42
  if ('mwMW@%—…&'.includes(character)) return 0.92
  if (/\p{Lu}/u.test(character)) return 0.7
  // Combining characters take no width.
  if (/\p{Mn}/u.test(character)) return 0
  return 0.58
}

/** Chinese, Japanese and Korean characters, full-width forms and pictographs. */
const isWide = (code: number) =>
  code <= 0x115f ||
  (code >= 0x2e80 && code <= 0xa4cf) ||
  (code >= 0xac00 && code <= 0xd7a3) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0xfe30 && code <= 0xfe6f) ||
  (code >= 0xff00 && code <= 0xff60) ||
  (code >= 0xffe0 && code <= 0xffe6) ||
  (code >= 0x1f300 && code <= 0x1faff) ||
  code >= 0x20000

export const textWidth = (text: string): number => {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

// Chinese may break between any two characters, but no line begins with closing or ends with opening punctuation.
const closes = /^[\p{Pe}\p{Pf}，。、；：！？％…·’”]/u
const opens = /[\p{Ps}\p{Pi}‘“]$/u

/** Pieces between which a line may break; a space stays with the piece before it. */
function piecesOf(text: string): string[] {
  const pieces: string[] = []
  for (const word of text.match(/[^\s/-]*[/-]?[^\S\n]*|\s+/g) ?? []) {
    let piece = ''
    for (const character of word) {
      const wide = isWide(character.codePointAt(0)!) && character.codePointAt(0)! >= 0x1100
      const before = piece.at(-1)
      const mayBreak =
        piece !== '' &&
        !closes.test(character) &&
        !opens.test(piece) &&
        (wide || (before !== undefined && endsWide(piece)))
      if (mayBreak) {
        pieces.push(piece)
        piece = ''
      }
      piece += character
    }
    if (piece !== '') pieces.push(piece)
  }
  return pieces
}

const endsWide = (text: string) => {
  const last = [...text].at(-1)!.codePointAt(0)!
  return last >= 0x1100 && isWide(last)
}

/**
 * At most `most` lines of `width` em, about equally long; text that does not fit ends with an ellipsis. A word longer
 * than a line is cut.
 */
export function wrap(text: string, width: number, most: number): string[] {
  const lines = broken(text, width, most)
  if (lines.length < 2 || lines.at(-1)!.endsWith('…')) return lines
  // One word alone on the last line reads badly: the narrowest width that needs no more lines.
  let best = lines
  for (let narrower = width * 0.95; narrower > width / 2; narrower -= width * 0.05) {
    const next = broken(text, narrower, most)
    if (next.length > lines.length || next.at(-1)!.endsWith('…')) break
    best = next
  }
  return best
}

function broken(text: string, width: number, most: number): string[] {
  // A line keeps its trailing space until the end: it is needed if two lines are joined again.
  const lines: string[] = []
  let line = ''
  for (const piece of piecesOf(text.trim().replace(/\s+/g, ' '))) {
    let rest = piece
    if (textWidth((line + rest).trimEnd()) <= width) {
      line += rest
      continue
    }
    if (line !== '') lines.push(line)
    while (textWidth(rest.trimEnd()) > width) {
      const head = fitting(rest, width)
      lines.push(head)
      rest = rest.slice(head.length)
      if (lines.length > most) break
    }
    line = rest
    if (lines.length > most) break
  }
  if (line.trim() !== '') lines.push(line)
  if (lines.length <= most) return lines.map((each) => each.trimEnd())
  const last = `${lines[most - 1]!}${lines[most] ?? ''}`
  return [
    ...lines.slice(0, most - 1).map((each) => each.trimEnd()),
    `${fitting(last, width - widthOf('…')).trimEnd()}…`,
  ]
}

/** As much of the text as fits, at least one character. */
function fitting(text: string, width: number): string {
  let fits = ''
  let used = 0
  for (const character of text) {
    used += widthOf(character)
    if (used > width && fits !== '') break
    fits += character
  }
  return fits
}
