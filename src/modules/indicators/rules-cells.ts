/** What somebody sees of a measurement whose figures are withheld. */
import type { Withheld } from '#analysis/small-cells.ts'

/** The row as seen without access to small figures. */
export function maskedRow<Row extends { id: string }>(
  row: Row,
  withheld: ReadonlyMap<string, Withheld>,
): Row & { withheld: Withheld | null } {
  const mark = withheld.get(row.id) ?? null
  return mark === null
    ? { ...row, withheld: null }
    : { ...row, value: null, numerator: null, denominator: null, raw: null, note: null, withheld: mark }
}
