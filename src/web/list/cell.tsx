/** What stands in a cell of a list, as data: the table writes it as markup, a download as text. */
import type { DisplayValue } from '#kernel/fields/field.ts'
import type { View } from '#kernel/view.ts'
import { Sparkline } from '#web/chart.tsx'
import type { IconName } from '#web/icon.tsx'
import { Badge, type Tone } from '#web/parts/status.tsx'
import { Value } from '#web/record-pages/value.tsx'

export type ListCell =
  | DisplayValue
  /** A word with an icon; `note` qualifies it. */
  | {
      readonly as: 'badge'
      readonly text: string
      readonly icon?: IconName
      readonly tone?: Tone
      readonly note?: string | undefined
    }
  /** A series, oldest first, and the level it should reach; the number itself stands beside it. */
  | {
      readonly as: 'trend'
      readonly values: ReadonlyArray<number | null>
      readonly target?: number | null
      readonly tone?: 'good' | 'concern' | 'quiet'
    }
  | { readonly as: 'instant'; readonly at: string; readonly text: string }
  /** The first line is what matters, the others are quiet. */
  | { readonly as: 'lines'; readonly lines: readonly ListCell[] }
  /** Beside each other, as long as there is room. */
  | { readonly as: 'row'; readonly parts: readonly ListCell[] }

export function Cell({ cell, view }: { cell: ListCell; view: View }) {
  switch (cell.as) {
    case 'badge':
      return (
        <Badge icon={cell.icon} tone={cell.tone} note={cell.note}>
          {cell.text}
        </Badge>
      )
    case 'trend':
      return <Sparkline values={cell.values} target={cell.target ?? null} tone={cell.tone ?? 'quiet'} />
    case 'instant':
      return <time dateTime={cell.at}>{cell.text}</time>
    case 'lines':
      return (
        <>
          {cell.lines.map((line, index) => (
            <div key={`${index}`} class={index === 0 ? undefined : 'cw-soft cw-small'}>
              <Cell cell={line} view={view} />
            </div>
          ))}
        </>
      )
    case 'row':
      return (
        <span class="cw-cell-row">
          {cell.parts.map((part, index) => (
            <Cell key={`${index}`} cell={part} view={view} />
          ))}
        </span>
      )
    default:
      return <Value value={cell} view={view} />
  }
}

/** A cell in its table: one line where there is room for columns, cut where it is too long; the title has all of it. */
export function CellInRow({ cell, view }: { cell: ListCell; view: View }) {
  return (
    <div class="cw-cell" title={textOfCell(cell, view.say('record.page.hidden')) || undefined}>
      <div class="cw-cell-line">
        <Cell cell={cell} view={view} />
      </div>
    </div>
  )
}

/** The same as text; what is only drawn has none. */
export function textOfCell(cell: ListCell, hidden: string): string {
  switch (cell.as) {
    case 'text':
    case 'link':
    case 'instant':
      return cell.text
    case 'badge':
      return [cell.text, cell.note].filter(Boolean).join(' ')
    case 'address':
      return cell.text ?? cell.href
    case 'several':
      return cell.items.map((item) => textOfCell(item, hidden)).join('; ')
    case 'lines':
    case 'row':
      return (cell.as === 'lines' ? cell.lines : cell.parts)
        .map((part) => textOfCell(part, hidden))
        .filter((text) => text !== '')
        .join(' · ')
    case 'hidden':
      return hidden
    default:
      return ''
  }
}
