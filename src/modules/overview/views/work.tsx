import type { View } from '#kernel/view.ts'
import { FindingGroups, type FindingWork } from '#web/finding-pages/item.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'

export type WorkData = FindingWork & { readonly posts: readonly NamedLink[] }

/** What waits for the posts and organisations of whoever is signed in: theirs to do, what they may do for others, and what others do for
 * them. */
export function workView(data: WorkData, view: View) {
  const { say } = view
  return (
    <>
      <PageHead
        title={say('overview.work.title')}
        lead={
          data.posts.length > 0 ? (
            <>
              {say('overview.work.lead')}{' '}
              {data.posts.map((post, index) => (
                <span key={post.href}>
                  {index > 0 && ' · '}
                  <NameLink name={post} />
                </span>
              ))}
            </>
          ) : (
            say('overview.work.no-post')
          )
        }
      />
      {data.mine.length + data.possible.length + data.waiting.length === 0 && (
        <EmptyState title={say('overview.work.nothing')} icon="check-circle">
          <p>{say('overview.work.nothing.text')}</p>
        </EmptyState>
      )}
      {data.mine.length > 0 && (
        <Section id="mine" title={say('finding.work.mine')}>
          <FindingGroups groups={data.mine} id="mine" view={view} />
        </Section>
      )}
      {data.possible.length > 0 && (
        <Section id="possible" title={say('finding.work.possible')} lead={say('finding.work.possible.lead')}>
          <FindingGroups groups={data.possible} id="possible" view={view} />
        </Section>
      )}
      {data.waiting.length > 0 && (
        <Section id="waiting" title={say('finding.work.waiting')}>
          <FindingGroups groups={data.waiting} id="waiting" view={view} />
        </Section>
      )}
    </>
  )
}
