import type { View } from '#kernel/view.ts'
import { EmptyState } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { CommitmentList, type CommitmentView, DueList, type DueView, type StepView } from './parts.tsx'
import { StepList } from './steps.tsx'

export type WorkData = {
  readonly posts: readonly NamedLink[]
  readonly groups: ReadonlyArray<{ readonly room: string; readonly steps: readonly StepView[] }>
  readonly commitments: readonly CommitmentView[]
  readonly due: readonly DueView[]
}

/** What waits for the posts and organisations of whoever is signed in. */
export function workView(data: WorkData, view: View) {
  const { say } = view
  const nothing = data.groups.length === 0 && data.commitments.length === 0 && data.due.length === 0
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
      {nothing && (
        <EmptyState title={say('overview.work.nothing')} icon="check-circle">
          <p>{say('overview.work.nothing.text')}</p>
        </EmptyState>
      )}
      {data.commitments.length > 0 && (
        <Section id="commitments" title={say('overview.commitment.title')}>
          <CommitmentList rows={data.commitments} view={view} />
        </Section>
      )}
      {data.due.length > 0 && (
        <Section id="due" title={say('overview.due.title')}>
          <DueList rows={data.due} view={view} />
        </Section>
      )}
      {data.groups.map((group) => (
        <Section key={group.room} id={`room-${data.groups.indexOf(group)}`} title={group.room}>
          <StepList steps={group.steps} />
        </Section>
      ))}
    </>
  )
}
