/** Cells as spreadsheets name them: column letters and row numbers. Positions of columns count from 0 here. */

/** `A` for 0, `Z` for 25, `AA` for 26. */
export function lettersOf(column: number): string {
  let letters = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return letters
}

/** The column of a reference such as `AB12`; null if it is not one. */
export function columnOf(reference: string): number | null {
  let column = 0
  let at = 0
  for (; at < reference.length && at < 4; at += 1) {
    const code = reference.charCodeAt(at)
    const letter = code >= 97 ? code - 96 : code - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return at === 0 || at > 3 ? null : column - 1
}

export type Range = { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number }

/** The rectangle of `B2:D4`, rows from 1; null if it is not one. */
export function rangeOf(reference: string): Range | null {
  const match = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$/.exec(reference)
  if (!match) return null
  const [left, right] = [columnOf(match[1]!)!, columnOf(match[3] ?? match[1]!)!]
  const [top, bottom] = [Number(match[2]), Number(match[4] ?? match[2])]
  return { top, left, bottom, right }
}
