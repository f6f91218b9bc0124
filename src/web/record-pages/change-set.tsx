import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { Button } from '#web/parts/button.tsx'
import { DescriptionList } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text, Words } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'
import { DataTable, Pager } from '#web/parts/table.tsx'
import { ChangeList, type ChangeView } from './history.tsx'

export type ConflictLine = {
  readonly code: string
  readonly name?: NamedLink
  readonly field: string
  readonly when?: string
  readonly who: Text
  readonly href?: string
  /** Why it cannot be undone, if not because of somebody's later edit. */
  readonly reason?: string
}
export type ChangeSetView = {
  readonly id: string
  readonly at: string
  readonly when: string
  readonly who: Text
  readonly source: string
  readonly why?: string
  /** Records it wrote, and how many of them the reader may not see. */
  readonly count: number
  readonly hidden: number
  readonly items: ReadonlyArray<{
    readonly id: string
    readonly kind: string
    readonly name: NamedLink
    readonly code: string
    readonly what: string
    readonly changes: readonly ChangeView[]
  }>
  readonly first?: string
  readonly next?: string
  readonly undoOf?: string
  readonly undoneBy?: string
  /** May the reader undo all of it? */
  readonly undo: boolean
  /** What was edited since, after an attempt to undo. */
  readonly conflicts: readonly ConflictLine[]
}

export function ChangeSetPage(data: ChangeSetView, view: View) {
  const { say } = view
  const facts = [
    { term: say('record.changes.who'), value: <Words text={data.who} /> },
    { term: say('record.changes.when'), value: <time dateTime={data.at}>{data.when}</time> },
    { term: say('record.changes.by'), value: data.source },
    ...(data.why ? [{ term: say('record.changes.why'), value: data.why }] : []),
  ]
  return (
    <>
      {data.conflicts.length > 0 && <Conflicts data={data} view={view} />}
      <PageHead
        title={say('record.changes.title', { when: data.when })}
        lead={say('record.changes.count', { count: data.count })}
      />
      <DescriptionList pairs={facts} />
      {data.undoOf && (
        <Notice tone="info" actions={<a href={data.undoOf}>{say('record.changes.see-undone')}</a>}>
          {say('record.changes.is-undo')}
        </Notice>
      )}
      {data.undoneBy && (
        <Notice tone="info" actions={<a href={data.undoneBy}>{say('record.changes.see-undo')}</a>}>
          {say('record.changes.was-undone')}
        </Notice>
      )}
      {data.hidden > 0 && <Notice tone="info">{say('record.changes.hidden', { count: data.hidden })}</Notice>}
      <Section id="items" title={say('record.changes.items')}>
        <ol class="cw-history">
          {data.items.map((item) => (
            <li key={item.id}>
              <p class="cw-history-what">
                <NameLink name={item.name} />
              </p>
              <p class="cw-soft cw-small">
                {item.kind} <bdi>{item.code}</bdi> · {item.what}
              </p>
              <ChangeList changes={item.changes} view={view} />
            </li>
          ))}
        </ol>
        <Pager {...(data.first ? { newer: data.first } : {})} {...(data.next ? { older: data.next } : {})} />
      </Section>
      {data.undo && data.conflicts.length === 0 && (
        <Section id="undo" title={say('record.changes.undo')} lead={say('record.changes.undo-lead')}>
          <Form
            action={`/history/${data.id}`}
            csrf={view.csrf}
            submit={say('record.changes.undo-all', { count: data.count })}
            grave
          >
            <TextControl id="undo-why" name="why" label={say('record.form.why')} max={1000} />
          </Form>
        </Section>
      )}
    </>
  )
}

function Conflicts({ data, view }: { data: ChangeSetView; view: View }) {
  const { say } = view
  return (
    <Notice tone="problem" announced title={say('record.changes.conflicts', { count: data.conflicts.length })}>
      <p>{say('record.changes.conflicts-lead')}</p>
      <ul>
        {data.conflicts.map((each, index) => (
          <li key={`${index} ${each.code}`}>
            {each.name ? <NameLink name={each.name} /> : <bdi>{each.code}</bdi>}
            {each.field && `, ${each.field}`}
            {each.when && (
              <>
                {': '}
                {each.href ? <a href={each.href}>{each.when}</a> : each.when}, <Words text={each.who} />
              </>
            )}
            {each.reason && <>. {each.reason}</>}
          </li>
        ))}
      </ul>
      {data.undo && (
        <PostForm action={`/history/${data.id}`} csrf={view.csrf}>
          <Button variant="secondary" name="mode" value="possible">
            {say('record.changes.undo-possible')}
          </Button>
        </PostForm>
      )}
    </Notice>
  )
}

export type LedgerView = {
  readonly head: {
    readonly position: number
    readonly positionText: string
    readonly hash: string
    readonly at: string
    readonly when: string
  }
  /** What the nightly check found. */
  readonly checked?: {
    readonly whole: boolean
    readonly when: string
    readonly count: number
    readonly faults: number
    readonly differences: number
  }
  readonly signedIn: boolean
  readonly sets: ReadonlyArray<{
    readonly href: string
    readonly at: string
    readonly when: string
    readonly who: Text
    readonly count: number
    readonly undo: boolean
    readonly why?: string
  }>
  readonly first?: string
  readonly next?: string
}

function Checked({ checked, view: { say } }: { checked: NonNullable<LedgerView['checked']>; view: View }) {
  const { whole, when, count, faults, differences } = checked
  if (whole)
    return (
      <Notice title={say('record.ledger.checked')} tone="done">
        <p>{say('record.ledger.checked-whole', { when, count })}</p>
      </Notice>
    )
  return (
    <Notice title={say('record.ledger.checked')} tone="problem">
      <p>{say('record.ledger.checked-broken', { when, faults, differences })}</p>
      <p>
        <code>npm run -s cli -- verify</code>
      </p>
    </Notice>
  )
}

/** The sealed end of the history, how to check it, and what was changed last. */
export function LedgerPage(data: LedgerView, view: View) {
  const { say } = view
  const { head } = data
  return (
    <>
      <PageHead title={say('record.ledger.title')} lead={say('record.ledger.lead')} />
      <Section id="seal" title={say('record.ledger.seal')}>
        <DescriptionList
          pairs={[
            { term: say('record.ledger.position'), value: <bdi>{head.positionText}</bdi> },
            {
              term: say('record.ledger.hash'),
              value: (
                <code>
                  <bdi>{head.hash}</bdi>
                </code>
              ),
            },
            { term: say('record.ledger.when'), value: <time dateTime={head.at}>{head.when}</time> },
          ]}
        />
        {data.checked && <Checked checked={data.checked} view={view} />}
        <p class="cw-prose">{say('record.ledger.verify')}</p>
        <p>
          <code>{`npm run -s cli -- verify --against ${head.position}:${head.hash}`}</code>
        </p>
      </Section>
      {data.signedIn && (
        <Section id="latest" title={say('record.ledger.latest')}>
          <DataTable
            id="sets"
            caption={say('record.ledger.latest')}
            captionUnseen
            rows={data.sets}
            empty={<p class="cw-soft">{say('record.ledger.empty')}</p>}
            columns={[
              {
                name: 'when',
                head: say('record.changes.when'),
                names: true,
                cell: (set) => (
                  <a href={set.href}>
                    <time dateTime={set.at}>{set.when}</time>
                  </a>
                ),
              },
              {
                name: 'who',
                head: say('record.changes.who'),
                cell: (set) => <Words text={set.who} />,
              },
              {
                name: 'what',
                head: say('record.changes.what'),
                cell: (set) => say(set.undo ? 'record.ledger.undo-count' : 'record.ledger.count', { count: set.count }),
              },
              { name: 'why', head: say('record.changes.why'), cell: (set) => set.why ?? '' },
            ]}
          />
          <Pager {...(data.first ? { newer: data.first } : {})} {...(data.next ? { older: data.next } : {})} />
        </Section>
      )}
    </>
  )
}
