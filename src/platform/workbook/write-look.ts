/** How written cells look, and how their text is put into XML. */

/** Position in `cellXfs` of the part below. */
export const styles = {
  plain: 0,
  header: 1,
  day: 2,
  literal: 3,
  example: 4,
  exampleDay: 5,
  title: 6,
  prose: 7,
  key: 8,
} as const
export type StyleName = keyof typeof styles

/** Numbers that keep trailing zeros have one style for each number of decimals, from this one on. */
const firstFixed = Object.keys(styles).length
export const maxDecimals = 18
/** Style of numbers with this many decimals (1 to 18). */
export const fixedStyle = (decimals: number): number => firstFixed + decimals - 1

/** Fonts and colours: dark blue names on a pale ground, examples in grey italics on a pale yellow one. */
export function stylesPart(): string {
  const font = (inner: string) => `<font>${inner}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`
  const fill = (colour: string) =>
    `<fill><patternFill patternType="solid"><fgColor rgb="FF${colour}"/><bgColor indexed="64"/></patternFill></fill>`
  const xf = (format: number, fontId: number, fillId: number, more = '', inner = '') =>
    `<xf numFmtId="${format}" fontId="${fontId}" fillId="${fillId}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"${more}>${inner}</xf>`
  const wrap = '<alignment vertical="top" wrapText="1"/>'
  const decimals = Array.from({ length: maxDecimals }, (_, index) => index + 1)
  const fixedFormats = decimals.map(
    (count) => `<numFmt numFmtId="${164 + count}" formatCode="0.${'0'.repeat(count)}"/>`,
  )
  const fixed = decimals.map((count) => xf(164 + count, 0, 0))
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${1 + maxDecimals}"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>${fixedFormats.join('')}</numFmts><fonts count="5">${font('')}${font('<b/>')}${font('<i/>')}<font><b/><sz val="16"/><name val="Calibri"/><family val="2"/></font><font><sz val="8"/><color rgb="FF7F7F7F"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('DCE6F1')}${fill('FFF9DB')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${firstFixed + maxDecimals}">${xf(0, 0, 0)}${xf(0, 1, 2, ' applyAlignment="1"', wrap)}${xf(164, 0, 0)}${xf(49, 0, 0, ' quotePrefix="1"')}${xf(0, 2, 3)}${xf(164, 2, 3)}${xf(0, 3, 0)}${xf(0, 0, 0, ' applyAlignment="1"', wrap)}${xf(0, 4, 0)}${fixed.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}

const markup: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Text escaped for XML. What XML cannot contain (control characters, halves of a pair), and the carriage return that it would turn
 * into a line feed, is written `_x000D_`, as spreadsheets do; text that already looks like that is escaped.
 */
export function escaped(text: string): string {
  return text
    .replace(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    .replace(/[&<>"]/g, (sign) => markup[sign]!)
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 does not allow
      /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
}
