import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../icon.tsx'
import { useLanguage } from '../language.tsx'

export type NoticeTone = 'info' | 'done' | 'warning' | 'problem'

const icons: Record<NoticeTone, IconName> = {
  info: 'info',
  done: 'check-circle',
  warning: 'alert',
  problem: 'cross-circle',
}

type NoticeProps = {
  tone?: NoticeTone
  title?: string
  children?: ComponentChildren
  actions?: ComponentChildren
  /** True for what has just happened: announced by screen readers immediately. */
  announced?: boolean
}

/** Something to know before reading on. The tone is said in a word too, for those who do not see it. */
export function Notice({ tone = 'info', title, children, actions, announced }: NoticeProps) {
  const { say } = useLanguage()
  const role = announced ? (tone === 'problem' ? 'alert' : 'status') : 'note'
  return (
    <div class="cw-notice" data-tone={tone} role={role}>
      <Icon name={icons[tone]} />
      <div class="cw-notice-body">
        <span class="cw-unseen">{say(`web.notice.${tone}`)}</span>
        {title && <p class="cw-notice-title">{title}</p>}
        {children && <div>{children}</div>}
        {actions && <div class="cw-cluster">{actions}</div>}
      </div>
    </div>
  )
}

export type FieldMistake = { readonly field: string; readonly text: string }

/**
 * Everything that is wrong with a form, shown above it, each item linked to its field (`field` is the id of the
 * control). It takes the focus, so that it comes first when the page is shown again.
 */
export function ErrorSummary({ mistakes, title }: { mistakes: readonly FieldMistake[]; title?: string }) {
  const { say } = useLanguage()
  if (mistakes.length === 0) return null
  return (
    <div
      class="cw-notice"
      data-tone="problem"
      role="alert"
      tabIndex={-1}
      id="mistakes"
      aria-labelledby="mistakes-title"
    >
      <Icon name="alert" />
      <div class="cw-notice-body">
        <h2 class="cw-notice-title" id="mistakes-title">
          {title ?? say('web.form.mistakes', { count: mistakes.length })}
        </h2>
        <ul class="cw-mistakes">
          {mistakes.map(({ field, text }) => (
            <li key={`${field} ${text}`}>
              <a href={`#${field}`}>{text}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
