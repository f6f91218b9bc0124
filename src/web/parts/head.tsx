import type { ComponentChildren } from 'preact'
import type { Text } from './name.tsx'

type PageHeadProps = {
  /** What kind of thing this is and its code, above the name. */
  over?: ComponentChildren
  title: string
  /** Language of the title if not the page's. */
  lang?: string
  lead?: ComponentChildren
  /** States and other marks under the lead. */
  marks?: ComponentChildren
  actions?: ComponentChildren
}

/** The page's one `h1`: what it is, in a sentence, and what can be done here. */
export function PageHead({ over, title, lang, lead, marks, actions }: PageHeadProps) {
  return (
    <header class="cw-head">
      <div class="cw-head-words">
        {over && <p class="cw-over">{over}</p>}
        <h1 lang={lang}>{title}</h1>
        {lead && <p class="cw-lead">{lead}</p>}
        {marks && <div class="cw-cluster">{marks}</div>}
      </div>
      {actions && <div class="cw-actions">{actions}</div>}
    </header>
  )
}

/** The head of a page about and below one record: a form for its rows, say. */
export function RecordHead({ record, lead }: { record: Text & { readonly code: string }; lead: string }) {
  return <PageHead over={<bdi>{record.code}</bdi>} title={record.text} lang={record.lang} lead={lead} />
}

type HeadingProps = { level?: 2 | 3 | 4; id?: string; lang?: string; children: ComponentChildren }

/** A heading below the `h1`. */
export function Heading({ level = 2, id, lang, children }: HeadingProps) {
  const Level = `h${level}` as const
  return (
    <Level id={id} lang={lang}>
      {children}
    </Level>
  )
}

type SectionProps = {
  id: string
  title: string
  level?: 2 | 3
  lead?: ComponentChildren
  /** A link or two next to the heading. */
  beside?: ComponentChildren
  children: ComponentChildren
}

/** A section of a page under its own heading; its address is `#id`. */
export function Section({ id, title, level = 2, lead, beside, children }: SectionProps) {
  return (
    <section class="cw-section" aria-labelledby={id}>
      <div class="cw-section-head">
        <Heading level={level} id={id}>
          {title}
        </Heading>
        {beside}
      </div>
      {lead && <p class="cw-soft cw-prose">{lead}</p>}
      {children}
    </section>
  )
}
