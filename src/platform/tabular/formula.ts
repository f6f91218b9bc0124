/**
 * What spreadsheets drop or do not show: blanks (NBSP and the ideographic one too), control and format characters (zero-width
 * ones, U+FEFF, marks of direction), fillers, U+2800, unassigned code points. Some programs trim them when they open or
 * paste a table, and what stands behind them becomes the first character.
 */
const unseen = '[\\s\\p{Z}\\p{C}\\p{Default_Ignorable_Code_Point}\\u2800]'
/** The signs that begin a formula (OWASP "CSV Injection"), with the full-width and small forms that Excel takes alike. */
const signs = '[=+\\-@＝＋－＠﹦﹢﹣﹫]'
/** Cells that a spreadsheet would run instead of showing: such a sign first, or only the unseen before it, or a tab or line end. */
const lead = `(?:${unseen}*${signs}|[\\t\\r\\n])`
const leads = new RegExp(`^${lead}`, 'u')
const neutralised = new RegExp(`^'+${lead}`, 'u')
const unseenBefore = new RegExp(`^${unseen}+`, 'u')
/** Signs, digits in groups, one decimal part, an exponent or a percent sign: nothing a spreadsheet could run. */
const genuineNumber = /^[+-]?(\d+|\d{1,3}([ ,.'\u00a0\u202f]\d{3})+)([.,]\d+)?([eE][+-]?\d{1,3})?( ?[%‰])?$/
/** Dashes alone, the usual sign for "no value". */
const onlyDashes = /^-+$/

/** Whether a text is a number as people write it; then a leading sign is harmless. */
export function isGenuineNumber(text: string): boolean {
  return genuineNumber.test(text)
}

/** Whether a spreadsheet might run this cell. */
export function isFormulaLike(text: string): boolean {
  if (!leads.test(text)) return false
  const shown = text.replace(unseenBefore, '')
  // Alone, a number or dashes run nothing; behind a tab or line end the cell is marked all the same, as it always was.
  return /^[\t\r\n]/.test(text) || !(isGenuineNumber(shown) || onlyDashes.test(shown))
}

/** Puts an apostrophe before a cell that a spreadsheet might run, and before one that already begins with such an apostrophe. */
export function neutralise(text: string): string {
  return isFormulaLike(text) || neutralised.test(text) ? `'${text}` : text
}

/** Removes what `neutralise` added: `restore(neutralise(text)) === text` for every text. */
export function restore(text: string): string {
  return neutralised.test(text) && (isFormulaLike(text.slice(1)) || neutralised.test(text.slice(1)))
    ? text.slice(1)
    : text
}
