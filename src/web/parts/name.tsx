/** Names and texts as people wrote them, marked if they are not in the page's language. */
import type { Column } from './table.tsx'

/** A text, and its language if not the page's. */
export type Text = { readonly text: string; readonly lang?: string | undefined }

/** A name that links to its record. */
export type NamedLink = Text & { readonly href: string }

export function NameLink({ name }: { name: NamedLink }) {
  return (
    <a href={name.href} lang={name.lang}>
      {name.text}
    </a>
  )
}

/** A text in its own language. If there is none, `none` says so in a muted style. */
export function Words({ text, none }: { text: Text | null | undefined; none?: string }) {
  if (text) return <span lang={text.lang}>{text.text}</span>
  return none === undefined ? null : <span class="cw-soft">{none}</span>
}

/** The column that names each row of a table and links to its record. */
export const nameColumn = <Row extends NamedLink>(name: string, head: string): Column<Row> => ({
  name,
  head,
  names: true,
  cell: (row) => <NameLink name={row} />,
})
