/** Names and texts as people wrote them, marked where they are not in the language of the page. */
import type { Column } from './table.tsx'

/** A text, and its language where that is not the page's. */
export type Text = { readonly text: string; readonly lang?: string | undefined }

/** A name that leads to its record. */
export type NamedLink = Text & { readonly href: string }

export function NameLink({ name }: { name: NamedLink }) {
  return (
    <a href={name.href} lang={name.lang}>
      {name.text}
    </a>
  )
}

/** A text in its own language. Where there is none, `none` says so softly. */
export function Words({ text, none }: { text: Text | null | undefined; none?: string }) {
  if (text) return <span lang={text.lang}>{text.text}</span>
  return none === undefined ? null : <span class="cw-soft">{none}</span>
}

/** The column that names each row of a table and leads to its record. */
export const nameColumn = <Row extends NamedLink>(name: string, head: string): Column<Row> => ({
  name,
  head,
  names: true,
  cell: (row) => <NameLink name={row} />,
})
