import type { View } from '#kernel/view.ts'
import { Button, LinkButton } from '#web/parts/button.tsx'
import { DescriptionList, EmptyState } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { NameLink, type Text } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'
import { StateBadge } from '#web/parts/status.tsx'

export type FrameworkData = {
  readonly inForce:
    | (Text & {
        readonly href: string
        readonly adopted: string
        readonly overdue: boolean
        readonly parts: ReadonlyArray<Text & { readonly title: string }>
      })
    | null
  readonly numbers: ReadonlyArray<{ readonly term: string; readonly value: string }>
  readonly versions: ReadonlyArray<
    Text & {
      readonly href: string
      readonly label: string
      readonly state: 'draft' | 'adopted' | 'replaced'
      readonly stateText: string
      /** Address of the step that puts it in force. */
      readonly adopt: string | null
    }
  >
  readonly mayStart: boolean
}

const stages = { draft: 'draft', adopted: 'under-way', replaced: 'ended' } as const

/** The document in force, in full; the figures used in calculations; drafts to adopt and earlier versions. */
export function frameworkView(data: FrameworkData, view: View) {
  const { say } = view
  const { inForce } = data
  const start = data.mayStart && (
    <PostForm action="/benefits/framework" csrf={view.csrf}>
      <Button variant={inForce ? 'secondary' : 'primary'}>{say('benefits.framework.start')}</Button>
    </PostForm>
  )
  return (
    <>
      <PageHead
        title={inForce?.text ?? say('benefits.framework.title')}
        lang={inForce?.lang}
        lead={inForce?.adopted ?? say('benefits.framework.lead')}
        actions={
          inForce && view.signedIn ? (
            <LinkButton href={inForce.href} variant="secondary" icon="document">
              {say('benefits.framework.record')}
            </LinkButton>
          ) : undefined
        }
      />
      {inForce?.overdue && <Notice tone="warning">{say('benefits.framework.overdue')}</Notice>}
      {!inForce && (
        <EmptyState title={say('benefits.framework.none')} icon="document" actions={start}>
          <p>{say('benefits.framework.none-lead')}</p>
        </EmptyState>
      )}
      {inForce?.parts.map((part, index) => (
        <Section key={part.title} id={`part-${index + 1}`} title={part.title}>
          <div class="cw-prose cw-stack" data-gap="tight" lang={part.lang}>
            {part.text.split(/\n+/).map((line) => (
              <p key={line}>{line}</p>
            ))}
          </div>
        </Section>
      ))}
      <Section
        id="thresholds"
        title={say('benefits.framework.thresholds')}
        lead={inForce ? undefined : say('benefits.framework.thresholds-ours')}
      >
        <DescriptionList pairs={data.numbers} />
      </Section>
      {(data.versions.length > 0 || (inForce && start)) && (
        <Section id="versions" title={say('benefits.framework.versions')}>
          {data.versions.length > 0 && (
            <ul class="cw-stack" data-gap="tight">
              {data.versions.map((each) => (
                <li key={each.href}>
                  <NameLink name={each} /> {each.label}{' '}
                  <StateBadge stage={stages[each.state]}>{each.stateText}</StateBadge>{' '}
                  {each.adopt && (
                    <a href={each.adopt}>{say('benefits.framework.adopt-version', { version: each.label })}</a>
                  )}
                </li>
              ))}
            </ul>
          )}
          {inForce && start}
        </Section>
      )}
    </>
  )
}
