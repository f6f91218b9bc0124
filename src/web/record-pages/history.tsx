import type { View } from '#kernel/view.ts'
import { Icon } from '#web/icon.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { Pager } from '#web/parts/table.tsx'
import { type DisplayValue, Value } from './value.tsx'

export type ChangeView = { readonly field: string; readonly before: DisplayValue; readonly after: DisplayValue }
export type EntryView = {
  readonly id: string
  readonly at: string
  readonly when: string
  readonly who: Text
  readonly what: string
  readonly source: string
  readonly why?: string
  readonly changes: readonly ChangeView[]
  readonly position: string
  readonly changeSet: string
}
export type HistoryView = {
  readonly kind: string
  readonly record: NamedLink & { readonly code: string }
  readonly entries: readonly EntryView[]
  readonly first?: string
  readonly next?: string
}

export function HistoryPage(data: HistoryView, view: View) {
  const { say } = view
  return (
    <>
      <PageHead
        over={
          <>
            {say(data.kind)} <bdi>{data.record.code}</bdi>
          </>
        }
        title={say('record.history.title', { title: data.record.text })}
        lead={<NameLink name={data.record} />}
      />
      <ol class="cw-history" aria-label={say('record.history.label')}>
        {data.entries.map((entry) => (
          <li key={entry.id}>
            <p class="cw-history-what">{entry.what}</p>
            <p class="cw-soft cw-small">
              <time dateTime={entry.at}>{entry.when}</time> · <Words text={entry.who} />
              {entry.source && ` · ${entry.source}`} · {entry.position} ·{' '}
              <a href={entry.changeSet}>
                {say('record.history.whole')}
                <span class="cw-unseen"> {entry.when}</span>
              </a>
            </p>
            {entry.why && (
              <p class="cw-small">
                {say('web.history.why')} {entry.why}
              </p>
            )}
            <ChangeList changes={entry.changes} view={view} />
          </li>
        ))}
      </ol>
      <Pager
        {...(data.first ? { newer: data.first } : {})}
        {...(data.next ? { older: data.next } : {})}
        words={{ newer: say('record.history.newest'), older: say('record.history.older') }}
      />
    </>
  )
}

/** Before and after of every field. If there was nothing before, only the new value is shown. */
export function ChangeList({ changes, view }: { changes: readonly ChangeView[]; view: View }) {
  if (changes.length === 0) return null
  const { say } = view
  return (
    <ul class="cw-changes">
      {changes.map((change, index) => (
        <li key={`${index} ${change.field}`}>
          <span class="cw-changes-field">{change.field}</span>{' '}
          {change.before.as !== 'nothing' && (
            <>
              <del>
                <span class="cw-unseen">{say('web.history.before')} </span>
                <Value value={change.before} view={view} />
              </del>{' '}
              <Icon name="arrow-right" />{' '}
            </>
          )}
          <ins>
            <span class="cw-unseen">{say('web.history.after')} </span>
            <Value value={change.after} view={view} />
          </ins>
        </li>
      ))}
    </ul>
  )
}
