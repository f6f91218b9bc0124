import type { View } from '#kernel/view.ts'
import { Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, nameColumn } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Badge } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type BodyData = {
  readonly posts: ReadonlyArray<
    NamedLink & { readonly code: string; readonly vacant: boolean; readonly holder: string; readonly owns: number }
  >
  readonly owned: ReadonlyArray<{
    readonly kind: string
    readonly all: number
    readonly unowned: number
    readonly href: string
  }>
  readonly signedIn: boolean
}

/** On an organisation's page: its posts, and what it is responsible for. */
export function bodyView({ posts, owned, signedIn }: BodyData, view: View) {
  const { say } = view
  return (
    <>
      <Section id="posts" title={say('directory.panel.posts.title')}>
        <DataTable
          id="post-table"
          caption={say('directory.panel.posts.caption')}
          captionUnseen
          rows={posts}
          empty={<p class="cw-soft">{say('directory.panel.posts.none')}</p>}
          columns={[
            nameColumn('post', say('directory.panel.posts.post')),
            {
              name: 'holder',
              head: say('directory.panel.posts.holder'),
              cell: (post) =>
                post.vacant ? (
                  <Badge icon="alert" tone="concern">
                    {post.holder}
                  </Badge>
                ) : (
                  post.holder
                ),
            },
            {
              name: 'owns',
              head: say('directory.panel.posts.owns'),
              cell: (post) => say('directory.panel.owns', { count: post.owns }),
            },
          ]}
        />
      </Section>
      <Section id="responsible" title={say('directory.panel.responsible.organisation')}>
        <DataTable
          id="responsible-table"
          caption={say('directory.panel.responsible.caption')}
          captionUnseen
          rows={owned}
          empty={<p class="cw-soft">{say('directory.panel.responsible.none')}</p>}
          columns={[
            { name: 'kind', head: say('directory.panel.responsible.kind'), names: true, cell: (row) => row.kind },
            { name: 'all', head: say('directory.panel.responsible.all'), numeric: true, cell: (row) => row.all },
            {
              name: 'unowned',
              head: say('directory.panel.responsible.unowned'),
              numeric: true,
              cell: (row) => (row.unowned > 0 && signedIn ? <a href={row.href}>{row.unowned}</a> : row.unowned),
            },
          ]}
        />
      </Section>
    </>
  )
}

export type PostData = {
  readonly vacant: boolean
  readonly owns: number
  readonly assign: string | null
  readonly rows: ReadonlyArray<NamedLink & { readonly code: string; readonly kind: string }>
}

/** On the page of a post: whether somebody holds it, and what it is responsible for. */
export function postView({ vacant, owns, assign, rows }: PostData, view: View) {
  const { say } = view
  return (
    <>
      {vacant && (
        <Notice
          tone="warning"
          actions={assign && owns > 0 ? <a href={assign}>{say('directory.panel.vacant.step')}</a> : undefined}
        >
          {say('directory.panel.vacant.notice', { count: owns })}
        </Notice>
      )}
      <Section id="responsible" title={say('directory.panel.responsible.title')}>
        {rows.length === 0 ? (
          <p class="cw-soft">{say('directory.panel.responsible.none')}</p>
        ) : (
          <ul class="cw-stack" data-gap="tight">
            {rows.map((row) => (
              <li key={row.code}>
                <span class="cw-soft cw-small">{row.kind}</span> <NameLink name={row} />
              </li>
            ))}
          </ul>
        )}
        {owns > rows.length && (
          <p class="cw-soft">{say('directory.panel.responsible.more', { count: owns - rows.length })}</p>
        )}
      </Section>
    </>
  )
}
