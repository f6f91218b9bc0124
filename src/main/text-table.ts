/** Columns of text for a terminal; Chinese, Japanese and Korean letters are two columns wide. */
const wide = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/

const widthOf = (text: string): number => {
  let width = 0
  for (const letter of text) width += wide.test(letter) ? 2 : 1
  return width
}

/** Lines of a table, with a rule below the header if there is one; `right` names the columns of numbers. */
export function table(
  head: readonly string[] | null,
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const all = head ? [head, ...rows] : rows
  const widths = (all[0] ?? []).map((_each, column) =>
    all.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0),
  )
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => {
        const blanks = ' '.repeat(widths[column]! - widthOf(text))
        return right.includes(column) ? blanks + text : text + blanks
      })
      .join('  ')
      .trimEnd()
  const below = head ? [widths.map((width) => '-'.repeat(width)).join('  ')] : []
  return [...(head ? [line(head)] : []), ...below, ...rows.map(line)].join('\n')
}
