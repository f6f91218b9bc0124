/** The line of sight: up from a measurement to the vision, and down from the vision to every measurement. */
import type { ComponentChildren } from 'preact'
import { Icon } from '../icon.tsx'
import { useLanguage } from '../language.tsx'

export type SightNode = {
  /** What it is, in the city's word for that level: 'Vision', 'Outcome', 'Pillar'. */
  readonly kind: string
  readonly title: string
  /** Language of the title if not the page's. */
  readonly lang?: string
  readonly href?: string
  readonly current?: boolean
  readonly marks?: ComponentChildren
  readonly note?: ComponentChildren
}

/** One way from the top down to here, as a column of steps. */
export function LineOfSight({ steps, label }: { steps: readonly SightNode[]; label?: string }) {
  const { say } = useLanguage()
  return (
    <nav aria-label={label ?? say('web.sight.label')}>
      <ol class="cw-sight">
        {steps.map((step) => (
          <li key={`${step.kind} ${step.title}`} aria-current={step.current ? 'location' : undefined}>
            <SightLine node={step} />
          </li>
        ))}
      </ol>
    </nav>
  )
}

export type TreeNode = SightNode & {
  readonly children?: readonly TreeNode[]
  /** Closed at first; it opens without a script. */
  readonly closed?: boolean
  /** How many more are not shown, and where to find them. */
  readonly more?: { readonly text: string; readonly href?: string }
}

/** Everything below something, with connecting lines. */
export function Tree({ nodes, label }: { nodes: readonly TreeNode[]; label: string }) {
  return <Branches nodes={nodes} label={label} />
}

function Branches({ nodes, label }: { nodes: readonly TreeNode[]; label?: string }) {
  return (
    <ul class={label ? 'cw-tree' : 'cw-tree-branch'} aria-label={label}>
      {nodes.map((node) => {
        const below = (
          <>
            {node.children && node.children.length > 0 && <Branches nodes={node.children} />}
            {node.more && (
              <p class="cw-tree-more">
                {node.more.href ? <a href={node.more.href}>{node.more.text}</a> : node.more.text}
              </p>
            )}
          </>
        )
        const hasBelow = (node.children && node.children.length > 0) || node.more
        return (
          <li key={node.href ?? `${node.kind} ${node.title}`}>
            {hasBelow && node.closed ? <Closed node={node}>{below}</Closed> : <SightLine node={node} />}
            {!(hasBelow && node.closed) && below}
          </li>
        )
      })}
    </ul>
  )
}

function Closed({ node, children }: { node: TreeNode; children: ComponentChildren }) {
  const { say } = useLanguage()
  return (
    <>
      <SightLine node={node} />
      <details class="cw-tree-fold">
        <summary>
          <Icon name="chevron-right" />
          {say('web.tree.open', { count: node.children?.length ?? 0 })}
          <span class="cw-unseen"> {node.title}</span>
        </summary>
        {children}
      </details>
    </>
  )
}

function SightLine({ node }: { node: SightNode }) {
  return (
    <div class="cw-sight-line">
      <div class="cw-sight-words">
        <span class="cw-sight-kind">{node.kind}</span>{' '}
        {node.href && !node.current ? (
          <a href={node.href} lang={node.lang}>
            {node.title}
          </a>
        ) : (
          <span class={node.current ? 'cw-sight-here' : undefined} lang={node.lang}>
            {node.title}
          </span>
        )}
        {node.note && <div class="cw-sight-note">{node.note}</div>}
      </div>
      {node.marks && <div class="cw-cluster cw-sight-marks">{node.marks}</div>}
    </div>
  )
}
