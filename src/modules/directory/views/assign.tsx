import type { View } from '#kernel/view.ts'
import { EmptyState } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, nameColumn, type Text, Words } from '#web/parts/name.tsx'
import { Badge } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type GapsView = ReadonlyArray<{
  readonly kind: string
  readonly organisation: Text | null
  readonly missing: 'organisation' | 'owner'
  readonly count: number
  readonly href: string
}>

/** Groups of records without organisation or post. */
export function gapsView(gaps: GapsView, view: View) {
  const { say } = view
  if (gaps.length === 0)
    return (
      <EmptyState title={say('directory.assign.done')} icon="check-circle">
        <p>{say('directory.assign.done.more')}</p>
      </EmptyState>
    )
  return (
    <Section id="groups" title={say('directory.assign.groups')}>
      <DataTable
        id="gaps"
        caption={say('directory.assign.groups.caption')}
        captionUnseen
        rows={gaps}
        columns={[
          {
            name: 'organisation',
            head: say('directory.assign.groups.organisation'),
            names: true,
            cell: (gap) => <Words text={gap.organisation} none={say('directory.assign.no-organisation')} />,
          },
          { name: 'kind', head: say('directory.assign.groups.kind'), cell: (gap) => gap.kind },
          {
            name: 'missing',
            head: say('directory.assign.groups.missing'),
            cell: (gap) => <Badge tone="open">{say(`directory.assign.missing.${gap.missing}`)}</Badge>,
          },
          { name: 'count', head: say('directory.assign.groups.count'), numeric: true, cell: (gap) => gap.count },
          {
            name: 'choose',
            head: say('directory.navigation.assign'),
            cell: (gap) => <a href={gap.href}>{say('directory.assign.choose', { count: gap.count })}</a>,
          },
        ]}
      />
    </Section>
  )
}

export type VacantData = {
  readonly posts: ReadonlyArray<
    NamedLink & {
      readonly code: string
      readonly organisation: Text | null
      readonly since: string | null
      readonly owns: number
      readonly assign: string
    }
  >
}

/** Posts that nobody holds, those that own something first. */
export function vacantView({ posts }: VacantData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead title={say('directory.vacant.title')} lead={say('directory.vacant.lead')} />
      <DataTable
        id="vacant"
        caption={say('directory.vacant.caption', { count: posts.length })}
        rows={posts}
        empty={
          <EmptyState title={say('directory.vacant.none')} icon="check-circle">
            <p>{say('directory.vacant.none.text')}</p>
          </EmptyState>
        }
        columns={[
          nameColumn('post', say('directory.post')),
          {
            name: 'organisation',
            head: say('directory.organisation'),
            cell: (post) => <span lang={post.organisation?.lang}>{post.organisation?.text ?? '–'}</span>,
          },
          {
            name: 'since',
            head: say('directory.vacant.since'),
            cell: (post) => post.since ?? say('directory.vacant.never'),
          },
          {
            name: 'owns',
            head: say('directory.panel.posts.owns'),
            cell: (post) =>
              post.owns > 0 ? (
                <a href={post.assign}>{say('directory.panel.owns', { count: post.owns })}</a>
              ) : (
                say('directory.panel.owns', { count: 0 })
              ),
          },
        ]}
      />
    </>
  )
}
