/**
 * Small cells of breakdowns (`measures` §2): what is withheld from everybody who may not enter these figures, along
 * with anything that would reveal it. The whole ('') is always shown; if it would reveal a part, all parts are withheld
 * instead.
 */
import { membersOf } from './breakdown.ts'
import { defaultMinimum, suppressList } from './suppression.ts'

/** 'small' was below the minimum itself, 'secondary' protects another cell. */
export type Withheld = 'small' | 'secondary'

type Counted = {
  readonly id: string
  readonly cell: string
  readonly from: string
  readonly to: string
  readonly value: string | null
  readonly numerator: string | null
  readonly denominator: string | null
}
type Facts = { readonly valueKind: string | null; readonly minimumCell: number | null }

const wholeNumber = (text: string | null): number | null =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null

/** Columns of a row that count people or cases: these are what a minimum protects. */
function countsOf(row: Counted, facts: Facts): (number | null)[] {
  const numerator = wholeNumber(row.numerator)
  const denominator = wholeNumber(row.denominator)
  if (denominator !== null || numerator !== null) {
    // A share reveals those outside it as well as those in it.
    const rest =
      facts.valueKind === 'percent' && numerator !== null && denominator !== null && numerator <= denominator
        ? denominator - numerator
        : null
    return [numerator, denominator, rest]
  }
  return facts.valueKind === 'count' ? [wholeNumber(row.value)] : []
}

const stronger = (left: Withheld | undefined, right: Withheld): Withheld => (left === 'small' ? left : right)

/**
 * Which rows are withheld, by row id. `rows` holds all cells of the periods in question: parts of one dimension are
 * judged together. Figures without counts (means, indexes) have no small numbers to protect.
 */
export function withheldCells(facts: Facts, rows: readonly Counted[]): Map<string, Withheld> {
  const minimum = facts.minimumCell ?? defaultMinimum
  const withheld = new Map<string, Withheld>()
  if (minimum <= 1) return withheld
  const parts = rows.filter((row) => row.cell !== '')
  const groups = Map.groupBy(parts, (row) => `${row.from} ${row.to} ${Object.keys(membersOf(row.cell)).join(' ')}`)
  for (const group of groups.values()) {
    const columns = group.map((row) => countsOf(row, facts))
    const width = Math.max(0, ...columns.map((column) => column.length))
    for (let place = 0; place < width; place += 1) {
      const known = group.flatMap((row, index) => {
        const count = columns[index]![place]
        return count === null || count === undefined ? [] : [{ row, count }]
      })
      for (const [id, mark] of marksOf(known, minimum)) withheld.set(id, stronger(withheld.get(id), mark))
    }
  }
  return withheld
}

function marksOf(known: ReadonlyArray<{ row: Counted; count: number }>, minimum: number): Map<string, Withheld> {
  const marks = new Map<string, Withheld>()
  const crossed = known.some(({ row }) => Object.keys(membersOf(row.cell)).length > 1)
  const small = ({ count }: { count: number }) => count > 0 && count < minimum
  if (!known.some(small)) return marks
  const { cells, total } = suppressList(
    known.map(({ count }) => count),
    { minimum },
  )
  for (const [index, part] of known.entries()) {
    const mark = cells[index]!
    if (mark !== 'shown') marks.set(part.row.id, mark)
    // The whole stays; and in a cross table other margins could reveal a cell.
    else if (total !== 'shown' || crossed) marks.set(part.row.id, 'secondary')
  }
  return marks
}
