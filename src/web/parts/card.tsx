import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../icon.tsx'
import { useLanguage } from '../language.tsx'

type CardProps = {
  title?: string
  /** Makes the whole card lead to this address; the title stays the link. */
  href?: string
  lang?: string
  over?: ComponentChildren
  level?: 2 | 3 | 4
  marks?: ComponentChildren
  foot?: ComponentChildren
  children?: ComponentChildren
}

/** One thing among several of its kind. */
export function Card({ title, href, lang, over, level = 3, marks, foot, children }: CardProps) {
  const Level = `h${level}` as const
  return (
    <article class="cw-card">
      {over && <p class="cw-over">{over}</p>}
      {title && (
        <Level lang={lang}>
          {href ? (
            <a class="cw-cover" href={href}>
              {title}
            </a>
          ) : (
            title
          )}
        </Level>
      )}
      {children}
      {marks && <div class="cw-cluster">{marks}</div>}
      {foot && <div class="cw-card-foot">{foot}</div>}
    </article>
  )
}

type EmptyStateProps = {
  title: string
  icon?: IconName
  level?: 2 | 3
  children: ComponentChildren
  actions?: ComponentChildren
}

/** Nothing here yet: what would be here, and what to do first. */
export function EmptyState({ title, icon = 'document', level = 2, children, actions }: EmptyStateProps) {
  const Level = `h${level}` as const
  return (
    <div class="cw-empty">
      <span class="cw-empty-sign">
        <Icon name={icon} />
      </span>
      <Level>{title}</Level>
      <div class="cw-prose cw-soft">{children}</div>
      {actions && <div class="cw-cluster">{actions}</div>}
    </div>
  )
}

export type NextStep = { readonly title: string; readonly why?: string; readonly href: string; readonly count?: string }

/** What to do next, most pressing first. Never more than five: nobody would read the sixth. */
export function NextSteps({
  steps,
  title,
  id = 'next-steps',
}: {
  steps: readonly NextStep[]
  title?: string
  id?: string
}) {
  const { say } = useLanguage()
  if (steps.length === 0) return null
  return (
    <section class="cw-next" aria-labelledby={id}>
      <h2 id={id}>{title ?? say('web.next.title')}</h2>
      <ol>
        {steps.slice(0, 5).map((step) => (
          <li key={step.href}>
            <div class="cw-next-words">
              <a class="cw-cover" href={step.href}>
                {step.title}
              </a>
              {step.why && <p>{step.why}</p>}
            </div>
            {step.count && <bdi class="cw-next-count">{step.count}</bdi>}
            <Icon name="chevron-right" />
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Names and what they mean or hold, in pairs. A pair without a value is left to the page to leave out or explain. */
export function DescriptionList({
  pairs,
}: {
  pairs: ReadonlyArray<{ term: string; value: ComponentChildren; hint?: string }>
}) {
  return (
    <dl class="cw-pairs">
      {pairs.map(({ term, value, hint }) => (
        <div key={term}>
          <dt>
            {term}
            {hint && <span class="cw-pairs-hint">{hint}</span>}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export type Tab = { readonly label: string; readonly href: string; readonly current?: boolean; readonly count?: string }

/** Views of one thing, each with its own address. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  return (
    <nav class="cw-tabs" aria-label={label}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.href}>
            <a href={tab.href} aria-current={tab.current ? 'page' : undefined}>
              {tab.label}
              {tab.count && <bdi class="cw-count">{tab.count}</bdi>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Longer content that not everybody needs. */
export function Disclosure({
  summary,
  open,
  children,
}: {
  summary: string
  open?: boolean
  children: ComponentChildren
}) {
  return (
    <details class="cw-disclosure" open={open || undefined}>
      <summary>
        <Icon name="chevron-right" />
        {summary}
      </summary>
      <div>{children}</div>
    </details>
  )
}
