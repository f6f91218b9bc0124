import type { ComponentChildren } from 'preact'
import { Icon } from '../icon.tsx'
import { useLanguage } from '../language.tsx'

type ProgressBarProps = {
  id: string
  label: string
  /** Done so far, and the total; without `of` the total is not known yet. */
  done?: number
  of?: number
  /** Done and all in words: '3,200 of 11,390 rows'. */
  text: string
}

/** How far long work has got. The page itself reloads (`Shell.refresh`); no script is needed. */
export function ProgressBar({ id, label, done, of, text }: ProgressBarProps) {
  return (
    <div class="cw-progress">
      <div class="cw-cluster" data-justify="between">
        <label for={id}>{label}</label>
        <span class="cw-soft cw-small">{text}</span>
      </div>
      {of === undefined ? <progress id={id} /> : <progress id={id} value={done ?? 0} max={Math.max(of, 1)} />}
    </div>
  )
}

export type Step = {
  readonly label: string
  readonly href?: string
  readonly state: 'done' | 'now' | 'ahead'
  readonly note?: string
}

/** The steps of a longer task, and the current one. */
export function StepList({ steps, label }: { steps: readonly Step[]; label: string }) {
  const { say } = useLanguage()
  return (
    <ol class="cw-steps" aria-label={label}>
      {steps.map((step, index) => (
        <li key={step.label} data-state={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span class="cw-steps-sign">
            {step.state === 'done' ? <Icon name="check" /> : <bdi aria-hidden="true">{index + 1}</bdi>}
          </span>
          <span class="cw-steps-words">
            {step.href ? <a href={step.href}>{step.label}</a> : step.label}
            <span class="cw-unseen"> {say(`web.step.${step.state}`)}</span>
            {step.note && <span class="cw-steps-note">{step.note}</span>}
          </span>
        </li>
      ))}
    </ol>
  )
}

export type Change = { readonly field: string; readonly before?: ComponentChildren; readonly after?: ComponentChildren }

export type HistoryEntry = {
  /** The instant (ISO 8601), and the same in words. */
  readonly at: string
  readonly when: string
  readonly who: string
  readonly what: ComponentChildren
  readonly why?: string
  readonly changes?: readonly Change[]
  /** A link to undo it. */
  readonly undo?: { readonly label: string; readonly href: string }
}

/** Who did what, when and why, newest first. */
export function HistoryList({ entries, label }: { entries: readonly HistoryEntry[]; label: string }) {
  const { say } = useLanguage()
  return (
    <ol class="cw-history" aria-label={label}>
      {entries.map((entry) => (
        <li key={`${entry.at} ${entry.who}`}>
          <p class="cw-history-what">{entry.what}</p>
          <p class="cw-soft cw-small">
            <time dateTime={entry.at}>{entry.when}</time> · {entry.who}
            {entry.undo && (
              <>
                {' '}
                · <a href={entry.undo.href}>{entry.undo.label}</a>
              </>
            )}
          </p>
          {entry.why && (
            <p class="cw-small">
              {say('web.history.why')}
              {entry.why}
            </p>
          )}
          {entry.changes && entry.changes.length > 0 && (
            <ul class="cw-changes">
              {entry.changes.map((change) => (
                <li key={change.field}>
                  <span class="cw-changes-field">{change.field}</span>{' '}
                  <del>
                    <span class="cw-unseen">{say('web.history.before')} </span>
                    {change.before ?? say('web.history.nothing')}
                  </del>{' '}
                  <Icon name="arrow-right" />{' '}
                  <ins>
                    <span class="cw-unseen">{say('web.history.after')} </span>
                    {change.after ?? say('web.history.nothing')}
                  </ins>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  )
}
