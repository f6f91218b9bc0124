import type { ComponentChildren } from 'preact'
import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { TextControl, type WritingLanguage } from '#web/controls/text.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { DescriptionList, Disclosure } from '#web/parts/card.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, type Text } from '#web/parts/name.tsx'
import { ErrorSummary, type FieldMistake, Notice } from '#web/parts/notice.tsx'
import { LineOfSight, type SightNode, Tree, type TreeNode } from '#web/parts/sight.tsx'
import { type Audience, AudienceBadge, StateBadge, type StateView } from '#web/parts/status.tsx'
import { DataTable } from '#web/parts/table.tsx'
import { type ControlView, RecordControl } from './controls.tsx'
import { type LinkGroup, LinkGroupPart } from './linked.tsx'
import { type DisplayValue, Value } from './value.tsx'

export type FactView = { readonly label: string; readonly value: DisplayValue }
/** A room's panel, rendered by the room's own view. */
export type PanelView = { readonly place: 'task' | 'lead' | 'main'; readonly draw: (view: View) => unknown }
export type RowsView = {
  readonly name: string
  readonly label: string
  readonly columns: readonly string[]
  readonly rows: ReadonlyArray<readonly DisplayValue[]>
  readonly more: boolean
}

/** Everything a reader sees of a record, except the actions. */
export type RecordView = {
  readonly id: string
  readonly kind: string
  readonly code: string
  readonly title: Text
  readonly state: StateView
  readonly audience: Audience
  readonly organisation?: NamedLink | undefined
  readonly owner?: NamedLink | undefined
  /** Who holds the owner post today, for readers who may know. */
  readonly holder?: Text | undefined
  readonly facts: readonly FactView[]
  readonly panels: readonly PanelView[]
  readonly groups: readonly LinkGroup[]
  readonly held: ReadonlyArray<{ readonly text: string; readonly href: string }>
  readonly rows: readonly RowsView[]
  readonly sight: {
    readonly ways: readonly (readonly SightNode[])[]
    readonly furtherWays: number
    readonly below: readonly TreeNode[]
    readonly belowCount: number
    readonly cut: boolean
  }
  readonly all: string
  readonly signedIn: boolean
}

/** Something the reader may do: a form with a reason, and the fields that the next state asks for. */
export type ActionView = {
  readonly name: string
  readonly label: string
  readonly lead?: string
  readonly grave?: boolean
  readonly controls: readonly ControlView[]
  /** What stands in the way as long as nothing changes. */
  readonly obstacles: readonly string[]
  readonly open: boolean
}

export type RecordPageView = {
  readonly page: 'show'
  readonly record: RecordView
  readonly action: string
  readonly version: number
  readonly acts: readonly ActionView[]
  readonly edit?: string
  readonly publish?: string
  readonly history?: string
  readonly waiting?: { readonly when: string; readonly overtaken: boolean }
  readonly mistakes: readonly FieldMistake[]
  readonly languages: readonly WritingLanguage[]
}

export type GoneView = {
  readonly page: 'gone'
  readonly kind: string
  readonly code: string
  readonly title: Text
  readonly when: { readonly at: string; readonly text: string }
  readonly who?: Text | undefined
  readonly why?: string | undefined
  readonly action: string
  readonly list: string
  readonly restore: boolean
  readonly history?: string
  readonly mistakes: readonly FieldMistake[]
}

export function RecordPage(data: RecordPageView, view: View) {
  const { say } = view
  const { record } = data
  return (
    <>
      <ErrorSummary mistakes={data.mistakes} />
      <PageHead
        over={<RecordOver record={record} view={view} />}
        title={record.title.text}
        {...(record.title.lang ? { lang: record.title.lang } : {})}
        marks={<RecordMarks record={record} />}
        actions={
          (data.edit || data.publish || data.history) && (
            <>
              {data.edit && (
                <LinkButton href={data.edit} icon="pencil">
                  {say('record.show.edit')}
                </LinkButton>
              )}
              {data.publish && (
                <LinkButton href={data.publish} icon="globe" variant="secondary">
                  {say('record.show.publish')}
                </LinkButton>
              )}
              {data.history && (
                <LinkButton href={data.history} icon="history" variant="tertiary">
                  {say('record.show.history')}
                </LinkButton>
              )}
            </>
          )
        }
      />
      {data.waiting && (
        <Notice tone={data.waiting.overtaken ? 'warning' : 'info'}>
          {say(data.waiting.overtaken ? 'record.show.overtaken' : 'record.show.waiting', { when: data.waiting.when })}
        </Notice>
      )}
      <RecordBody record={record} view={view} />
      {data.acts.length > 0 && (
        <Section id="acts" title={say('record.show.acts')}>
          {data.acts.map((act) => (
            <Act key={act.name} act={act} data={data} view={view} />
          ))}
        </Section>
      )}
    </>
  )
}

function RecordOver({ record, view }: { record: RecordView; view: View }) {
  return (
    <>
      {view.say(record.kind)} <bdi>{record.code}</bdi>
    </>
  )
}

export function RecordMarks({ record }: { record: RecordView }) {
  return (
    <>
      <StateBadge stage={record.state.stage}>{record.state.label}</StateBadge>
      {record.signedIn && <AudienceBadge value={record.audience} />}
    </>
  )
}

/** The record itself: its owner, its place in the line of sight, its values, its connections. */
export function RecordBody({ record, view }: { record: RecordView; view: View }) {
  const { say } = view
  const responsible = [
    ...(record.organisation
      ? [{ term: say('record.field.organisation'), value: <NameLink name={record.organisation} /> }]
      : []),
    ...(record.owner
      ? [
          {
            term: say('record.field.owner'),
            value: (
              <>
                <NameLink name={record.owner} />
                {record.holder && (
                  <>
                    {' '}
                    <span class="cw-soft" lang={record.holder.lang}>
                      {say('record.show.held-by', { name: record.holder.text })}
                    </span>
                  </>
                )}
              </>
            ),
          },
        ]
      : []),
  ]
  const facts = record.facts.map(({ label, value }) => ({ term: label, value: <Value value={value} view={view} /> }))
  return (
    <>
      {responsible.length > 0 && <DescriptionList pairs={responsible} />}
      {panels(record, 'task', view)}
      {panels(record, 'lead', view)}
      {record.sight.ways.length > 0 && (
        <Section id="sight-up" title={say('record.show.up')}>
          {record.sight.ways.map((way, index) => (
            <LineOfSight
              key={way[0]?.href ?? String(index)}
              steps={way}
              label={say('record.show.way', { number: index + 1 })}
            />
          ))}
          {record.sight.furtherWays > 0 && (
            <p class="cw-soft">{say('record.show.further-ways', { count: record.sight.furtherWays })}</p>
          )}
        </Section>
      )}
      {facts.length > 0 && (
        <Section id="facts" title={say('record.show.facts')}>
          <DescriptionList pairs={facts} />
        </Section>
      )}
      {panels(record, 'main', view)}
      {record.sight.below.length > 0 && (
        <Section
          id="sight-down"
          title={say('record.show.down')}
          lead={say(record.sight.cut ? 'record.show.down-cut' : 'record.show.down-count', {
            count: record.sight.belowCount,
          })}
        >
          <Tree nodes={record.sight.below} label={say('record.show.down')} />
          {record.sight.cut && (
            <p>
              <a href={record.all}>{say('record.show.all')}</a>
            </p>
          )}
        </Section>
      )}
      {(record.groups.length > 0 || record.held.length > 0) && (
        <Section id="links" title={say('record.show.links')}>
          {record.groups.map((group, index) => (
            <LinkGroupPart key={`${group.label} ${index}`} group={group} view={view} />
          ))}
          {record.held.length > 0 && (
            <ul>
              {record.held.map((each) => (
                <li key={each.href}>
                  <a href={each.href}>{each.text}</a>
                </li>
              ))}
            </ul>
          )}
        </Section>
      )}
      {record.rows.map((table) => (
        <RowsTable key={table.name} table={table} view={view} />
      ))}
    </>
  )
}

const panels = (record: RecordView, place: PanelView['place'], view: View) =>
  record.panels.filter((panel) => panel.place === place).map((panel) => panel.draw(view) as ComponentChildren)

function RowsTable({ table, view }: { table: RowsView; view: View }) {
  return (
    <Section id={`rows-${table.name}`} title={table.label}>
      <DataTable
        id={`table-${table.name}`}
        caption={table.label}
        captionUnseen
        rows={table.rows}
        phone="scroll"
        columns={table.columns.map((head, index) => ({
          name: String(index),
          head,
          ...(index === 0 ? { names: true } : {}),
          cell: (row: readonly DisplayValue[]) => <Value value={row[index]!} view={view} />,
        }))}
      />
      {table.more && <p class="cw-soft">{view.say('record.show.rows-cut', { count: table.rows.length })}</p>}
    </Section>
  )
}

function Act({ act, data, view }: { act: ActionView; data: RecordPageView; view: View }) {
  const { say } = view
  return (
    <Disclosure summary={act.label} open={act.open}>
      <Form
        action={data.action}
        csrf={view.csrf}
        version={data.version}
        hidden={{ do: act.name }}
        submit={act.label}
        label={act.label}
        {...(act.grave ? { grave: true } : {})}
      >
        {act.lead && <p id={`act-${act.name}`}>{act.lead}</p>}
        {act.obstacles.length > 0 && (
          <Notice tone="warning">
            <p>{say('record.show.obstacles')}</p>
            <ul>
              {act.obstacles.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </Notice>
        )}
        {act.controls.map((shown) => (
          <RecordControl
            key={shown.field.name}
            shown={shown}
            languages={data.languages}
            prefix={act.name}
            view={view}
          />
        ))}
        <TextControl
          id={`${act.name}-why`}
          name="why"
          label={say('record.form.why')}
          hint={say('record.form.why-hint')}
          max={1000}
        />
      </Form>
    </Disclosure>
  )
}

/** A retired record: when, why, and how to restore it. */
export function GonePage(data: GoneView, view: View) {
  const { say } = view
  return (
    <>
      <ErrorSummary mistakes={data.mistakes} />
      <PageHead
        over={
          <>
            {say(data.kind)} <bdi>{data.code}</bdi>
          </>
        }
        title={data.title.text}
        {...(data.title.lang ? { lang: data.title.lang } : {})}
      />
      <Notice tone="warning" title={say('record.gone.title')}>
        <p>
          {data.who
            ? say('record.gone.when-who', { when: data.when.text, who: data.who.text })
            : say('record.gone.when', { when: data.when.text })}
        </p>
        {data.why && (
          <p>
            {say('web.history.why')} {data.why}
          </p>
        )}
      </Notice>
      {data.restore ? (
        <Form
          action={data.action}
          csrf={view.csrf}
          hidden={{ do: 'restore' }}
          submit={say('record.gone.restore')}
          cancel={{ href: data.list, label: say('record.gone.list') }}
          note={say('record.gone.restore-note')}
        >
          <TextControl id="restore-why" name="why" label={say('record.form.why')} max={1000} />
        </Form>
      ) : (
        <p>
          <a href={data.list}>{say('record.gone.list')}</a>
        </p>
      )}
      {data.history && (
        <p>
          <a href={data.history}>{say('record.show.history')}</a>
        </p>
      )}
    </>
  )
}
