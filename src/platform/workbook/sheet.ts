/** The rows of one sheet as a stream: each cell as text, with its kind. A row is not kept once it has been yielded. */
import { columnOf } from './address.ts'
import type { Archive } from './archive.ts'
import { damaged, tooMuch } from './faults.ts'
import type { WorkbookLimits } from './limits.ts'
import { numberText } from './numbers.ts'
import { type Attributes, isTrue, readPart } from './part.ts'
import { RunText, type SharedStrings, unescaped } from './strings.ts'
import type { CellStyle, CellStyles } from './styles.ts'

/** Characters kept of the first rows, including an allowance for each cell. */
const sampleCharacters = 4_000_000

/** `lost`: a formula whose result is not in the file. */
export type CellKind = 'text' | 'number' | 'flag' | 'error' | 'lost' | 'blank'

export type SheetCell = {
  /** From 0. */
  readonly column: number
  readonly text: string
  readonly kind: CellKind
  readonly formula: boolean
  /** Fill colour of the cell; null without one. */
  readonly fill: string | null
}

export type SheetRow = {
  /** As the spreadsheet numbers it, from 1. */
  readonly number: number
  readonly hidden: boolean
  /** From left to right; cells without text and colour are left out. */
  readonly cells: readonly SheetCell[]
}

export type SheetReading = {
  readonly archive: Archive
  readonly part: string
  readonly name: string
  readonly strings: SharedStrings
  readonly looks: CellStyles
  readonly date1904: boolean
  readonly limits: WorkbookLimits
  /** Hidden columns, from 0, as pairs of first and last; filled in before the first row. */
  readonly hiddenColumns: Array<readonly [number, number]>
}

/** Reads the rows. Rows without any cell count towards the limit, but are not yielded. */
export function readSheet(reading: SheetReading): AsyncGenerator<SheetRow> {
  const { archive, part, name, limits } = reading
  return readPart<SheetRow>(archive.read(part), name, limits, (emit) => new SheetEvents(reading, emit))
}

/** The first rows, fewer if they are long. */
export async function firstRows(rows: AsyncGenerator<SheetRow>, count: number): Promise<SheetRow[]> {
  const sample: SheetRow[] = []
  for (let size = 0; sample.length < count && size < sampleCharacters; ) {
    const next = await rows.next()
    if (next.done) break
    sample.push(next.value)
    for (const cell of next.value.cells) size += cell.text.length + 100
  }
  return sample
}

class SheetEvents {
  readonly #reading: SheetReading
  readonly #emit: (row: SheetRow) => void
  readonly #inline: RunText
  #row = 0
  #rows = 0
  #hidden = false
  #cells: SheetCell[] = []
  #column = -1
  #type = ''
  #style: string | undefined
  #stored = ''
  #formula = false
  #inlineText: string | null = null
  #collecting = false
  #inData = false
  #inCell = false

  constructor(reading: SheetReading, emit: (row: SheetRow) => void) {
    this.#reading = reading
    this.#emit = emit
    this.#inline = new RunText((text) => {
      this.#inlineText = text
    }, 'is')
  }

  readonly open = (name: string, attributes: Attributes): void => {
    if (this.#inCell) {
      if (name === 'v') this.#collecting = true
      else if (name === 'f') this.#formula = true
      else this.#inline.open(name)
    } else if (name === 'c') this.#openCell(attributes)
    else if (name === 'row') this.#openRow(attributes)
    else if (name === 'sheetData') this.#inData = true
    else if (name === 'col' && isTrue(attributes.hidden)) this.#hide(attributes)
  }

  readonly text = (text: string): void => {
    if (!this.#inCell) return
    if (this.#collecting) this.#stored += text
    else this.#inline.text(text)
  }

  readonly close = (name: string): void => {
    if (name === 'v') this.#collecting = false
    else if (name === 'c') this.#closeCell()
    else if (name === 'row') this.#closeRow()
    else if (name === 'sheetData') this.#inData = false
    else if (this.#inCell) this.#inline.close(name)
  }

  #openRow(attributes: Attributes): void {
    const { limits, name } = this.#reading
    this.#rows += 1
    const stated = attributes.r === undefined ? this.#row + 1 : Number(attributes.r)
    if (!Number.isInteger(stated) || stated <= this.#row) throw damaged('order', name)
    if (stated > limits.rows || this.#rows > limits.rows) throw tooMuch('rows', limits.rows, name)
    this.#row = stated
    this.#hidden = isTrue(attributes.hidden)
    this.#cells = []
    this.#column = -1
  }

  #closeRow(): void {
    if (this.#cells.length === 0) return
    this.#emit({ number: this.#row, hidden: this.#hidden, cells: this.#cells })
    this.#cells = []
  }

  #openCell(attributes: Attributes): void {
    const { limits, name } = this.#reading
    const column = attributes.r === undefined ? this.#column + 1 : columnOf(attributes.r)
    if (!this.#inData || column === null || column <= this.#column) throw damaged('order', name)
    if (column >= limits.columns) throw tooMuch('columns', limits.columns, name)
    this.#column = column
    this.#type = attributes.t ?? 'n'
    this.#style = attributes.s
    this.#stored = ''
    this.#formula = false
    this.#inlineText = null
    this.#inCell = true
  }

  #closeCell(): void {
    this.#inCell = false
    const look = this.#reading.looks.of(this.#style)
    const [kind, text] = this.#value(look)
    if (text === '' && kind !== 'lost' && look.fill === null) return
    this.#cells.push({
      column: this.#column,
      text,
      kind: text === '' && kind !== 'lost' ? 'blank' : kind,
      formula: this.#formula,
      fill: look.fill,
    })
  }

  #value(look: CellStyle): [CellKind, string] {
    const { strings, date1904, name } = this.#reading
    const stored = this.#stored
    if (this.#type === 'inlineStr') return ['text', this.#inlineText ?? '']
    if (stored === '') return this.#formula && this.#type !== 'str' ? ['lost', ''] : ['blank', '']
    switch (this.#type) {
      case 's': {
        if (!/^\d{1,9}$/.test(stored.trim())) throw damaged('string', name)
        return ['text', strings.at(Number(stored))]
      }
      case 'str':
        return ['text', unescaped(stored)]
      case 'b':
        return ['flag', isTrue(stored.trim()) ? 'true' : 'false']
      case 'e':
        return ['error', stored.trim().slice(0, 40)]
      // ISO 8601, as strict workbooks may write days.
      case 'd':
        return [
          'number',
          stored
            .trim()
            .replace(/T00:00:00(\.0+)?Z?$/, '')
            .slice(0, 40),
        ]
      default: {
        const text = numberText(stored, look.number, date1904, look.decimals)
        return text === null ? ['text', stored.slice(0, 40)] : ['number', text]
      }
    }
  }

  #hide(attributes: Attributes): void {
    const [first, last] = [Number(attributes.min), Number(attributes.max)]
    if (first >= 1 && last >= first && this.#reading.hiddenColumns.length < 1000)
      this.#reading.hiddenColumns.push([first - 1, Math.min(last, this.#reading.limits.columns) - 1])
  }
}
