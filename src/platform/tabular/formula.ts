/**
 * Cells that a spreadsheet would run instead of showing (OWASP "CSV Injection"): = + - @, tab and line ends in front,
 * and the full-width forms that East Asian versions of Excel treat alike.
 */
const leads = /^[=+\-@\t\r\n＝＋－＠]/
const neutralised = /^'+[=+\-@\t\r\n＝＋－＠]/
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
  return leads.test(text) && !isGenuineNumber(text) && !onlyDashes.test(text)
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
