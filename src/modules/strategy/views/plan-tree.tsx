import type { View } from '#kernel/view.ts'
import { LinkButton } from '#web/parts/button.tsx'
import { EmptyState } from '#web/parts/card.tsx'
import { Section } from '#web/parts/head.tsx'
import type { NamedLink, Text } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { Tree, type TreeNode } from '#web/parts/sight.tsx'
import { PerformanceBadge, StateBadge } from '#web/parts/status.tsx'
import { ResultBadge } from '#web/parts/status-card.tsx'

export type Branch = NamedLink & {
  readonly kind: string
  readonly code: string
  readonly note: string
  readonly result: 'met' | 'missed' | 'not-due' | 'unknown' | null
  /** The word for an outcome's result; indicators have their own words. */
  readonly resultText: string | null
  readonly draft: boolean
  readonly children: readonly Branch[]
  readonly more: { readonly text: string; readonly href: string } | null
}

export type PlanTreeData = {
  readonly levels: readonly Text[]
  readonly outcomes: readonly Branch[]
  readonly loose: readonly Branch[]
  readonly truncated: boolean
  readonly groupHref: string | null
  readonly publishHref: string | null
}

export function branchNode(branch: Branch, view: View): TreeNode {
  return {
    kind: branch.kind,
    title: branch.text,
    lang: branch.lang,
    href: branch.href,
    closed: true,
    note: branch.note || undefined,
    marks:
      branch.result || branch.draft ? (
        <>
          {branch.draft && <StateBadge stage="draft">{view.say('strategy.tree.draft')}</StateBadge>}
          {branch.result &&
            (branch.resultText ? (
              <ResultBadge card={{ result: branch.result, resultText: branch.resultText }} />
            ) : (
              <PerformanceBadge value={branch.result} />
            ))}
        </>
      ) : undefined,
    children: branch.children.map((each) => branchNode(each, view)),
    ...(branch.more ? { more: branch.more } : {}),
  }
}

/** Everything in a plan, level by level; each branch opens without a script. */
export function planTreeView(data: PlanTreeData, view: View) {
  const { say } = view
  const { outcomes, loose, levels, groupHref, publishHref } = data
  return (
    <>
      <Section
        id="tree"
        title={say('strategy.tree.title')}
        lead={
          levels.length > 0
            ? say('strategy.tree.levels', { levels: levels.map((level) => level.text).join(' › ') })
            : undefined
        }
        beside={
          publishHref ? (
            <a class="ds-link" href={publishHref}>
              {say('strategy.publish.link')}
            </a>
          ) : undefined
        }
      >
        {outcomes.length > 0 ? (
          <Tree label={say('strategy.tree.title')} nodes={outcomes.map((each) => branchNode(each, view))} />
        ) : (
          <EmptyState
            title={say('strategy.tree.no-outcome')}
            level={3}
            icon="target"
            actions={groupHref ? <LinkButton href={groupHref}>{say('strategy.group.link')}</LinkButton> : undefined}
          >
            <p>{say(loose.length > 0 ? 'strategy.tree.no-outcome.group' : 'strategy.tree.no-outcome.empty')}</p>
          </EmptyState>
        )}
        {data.truncated && <Notice>{say('strategy.tree.truncated')}</Notice>}
      </Section>
      {loose.length > 0 && (
        <Section
          id="loose"
          title={say('strategy.tree.loose', { count: loose.length })}
          lead={say('strategy.tree.loose.lead')}
          beside={
            groupHref && outcomes.length > 0 ? (
              <a class="ds-link" href={groupHref}>
                {say('strategy.group.link')}
              </a>
            ) : undefined
          }
        >
          <Tree
            label={say('strategy.tree.loose', { count: loose.length })}
            nodes={loose.map((each) => branchNode(each, view))}
          />
        </Section>
      )}
    </>
  )
}
