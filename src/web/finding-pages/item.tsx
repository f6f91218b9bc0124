/** One finding as pages show it, and lists of them. */
import type { View } from '#kernel/view.ts'
import { Icon } from '../icon.tsx'
import { LinkButton } from '../parts/button.tsx'
import { Section } from '../parts/head.tsx'
import { type NamedLink, NameLink, type Text } from '../parts/name.tsx'
import { Badge } from '../parts/status.tsx'

export type FindingItem = NamedLink & {
  readonly key: string
  readonly finding: string
  readonly code: string
  readonly kind: string
  readonly sentence: string
  /** Other records it is about, and how many more. */
  readonly others: readonly NamedLink[]
  readonly furtherOthers: number
  /** What the reader may do to end it. */
  readonly act: { readonly href: string; readonly label: string } | null
  readonly forMyPost: boolean
  readonly waits: { readonly post: Text | null; readonly vacant: boolean; readonly organisation: Text | null }
  /** Roles that may end it, for those who may not. */
  readonly roles: string
  readonly since: string
  readonly escalated: boolean
  readonly stake: string
}

/** One step for several records of a finding, or for one that it names. */
export type FindingStep = {
  readonly key: string
  readonly sentence: string
  readonly lang?: string
  readonly names: string
  readonly step: string
  readonly href: string
  readonly count: number
}

export type FindingGroupView = {
  readonly sentence: string
  readonly step: string
  /** Where all of them are listed. */
  readonly href: string
  /** Where many are ended together. */
  readonly together: string | null
  readonly items: readonly FindingItem[]
  readonly further: number
}
export type FindingWork = {
  /** What waits for the reader, who may do it. */
  readonly mine: readonly FindingGroupView[]
  /** What waits for holders of other posts, and the reader may do as well. */
  readonly possible: readonly FindingGroupView[]
  /** What others do for the reader. */
  readonly waiting: readonly FindingGroupView[]
}

/** For whom it waits: the post, or that it is vacant, and the organisation. */
export function WaitsFor({ item, view: { say } }: { item: FindingItem; view: View }) {
  const { post, vacant, organisation } = item.waits
  if (!post && !organisation) return <span class="cw-soft">{say('finding.waits.nobody')}</span>
  return (
    <>
      {post && <bdi lang={post.lang}>{post.text}</bdi>}
      {post && vacant && <span class="cw-soft"> ({say('finding.waits.vacant')})</span>}
      {post && organisation && ' · '}
      {organisation && (
        <bdi class={post ? 'cw-soft' : undefined} lang={organisation.lang}>
          {organisation.text}
        </bdi>
      )}
    </>
  )
}

/** The button that ends it, or who may. */
export function ActOrWait({ item, view }: { item: FindingItem; view: View }) {
  const { say } = view
  if (item.act)
    return (
      <LinkButton href={item.act.href} variant="secondary">
        {item.act.label} <span class="cw-unseen">{item.text}</span>
      </LinkButton>
    )
  return (
    <span class="cw-soft cw-small">
      {item.roles === '' ? say('finding.waits.other') : say('finding.waits.roles', { roles: item.roles })}
    </span>
  )
}

/** Other records that the finding is about. */
export function Others({ item, view: { say } }: { item: FindingItem; view: View }) {
  if (item.others.length === 0) return null
  return (
    <ul>
      {item.others.map((other) => (
        <li key={other.href}>
          <NameLink name={other} />
        </li>
      ))}
      {item.furtherOthers > 0 && <li>{say('finding.more', { count: item.furtherOthers })}</li>}
    </ul>
  )
}

/** Groups of findings, each with its first records by name. */
export function FindingGroups({ groups, id, view }: { groups: readonly FindingGroupView[]; id: string; view: View }) {
  const { say } = view
  return (
    <>
      {groups.map((group, index) => (
        <Section key={group.href} id={`${id}-${index}`} title={group.sentence} lead={group.step} level={3}>
          <ul class="cw-findings">
            {group.items.map((item) => (
              <li key={item.key}>
                <div>
                  <NameLink name={item} /> <bdi class="cw-soft cw-small">{item.code}</bdi>{' '}
                  {item.escalated && (
                    <Badge icon="alert" tone="concern">
                      {say('finding.escalated')}
                    </Badge>
                  )}
                  <p class="cw-small">
                    {item.sentence}
                    {!item.forMyPost && (
                      <>
                        {' '}
                        <span class="cw-soft">
                          {say('finding.waits.for')} <WaitsFor item={item} view={view} />
                        </span>
                      </>
                    )}
                  </p>
                </div>
                <ActOrWait item={item} view={view} />
              </li>
            ))}
          </ul>
          {(group.further > 0 || group.together) && (
            <p class="cw-cluster">
              {group.further > 0 && <a href={group.href}>{say('finding.all-further', { count: group.further })}</a>}
              {group.together && <a href={group.together}>{say('finding.together')}</a>}
            </p>
          )}
        </Section>
      ))}
    </>
  )
}

/** Sentences, each with the records they are about and the one step they ask for. */
export function FindingSteps({ steps }: { steps: readonly FindingStep[] }) {
  return (
    <div class="cw-next">
      <ol>
        {steps.map((step) => (
          <li key={step.key}>
            <div class="cw-next-words">
              <a class="cw-cover" href={step.href} lang={step.lang}>
                {step.sentence}
              </a>
              <p>{step.names}</p>
              <p class="cw-soft">{step.step}</p>
            </div>
            <Icon name="chevron-right" />
          </li>
        ))}
      </ol>
    </div>
  )
}
