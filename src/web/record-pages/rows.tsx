import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { ParagraphControl, TextControl, type WritingLanguage } from '#web/controls/text.tsx'
import { Button } from '#web/parts/button.tsx'
import { Disclosure, Tabs } from '#web/parts/card.tsx'
import { RecordHead, Section } from '#web/parts/head.tsx'
import type { NamedLink } from '#web/parts/name.tsx'
import { type FieldMistake, Notice } from '#web/parts/notice.tsx'
import { JustDone } from '#web/parts/post.tsx'
import { DataTable, Pager } from '#web/parts/table.tsx'
import { type ControlView, RecordControl } from './controls.tsx'

type Tab = { readonly label: string; readonly href: string; readonly current: boolean }

/** One row as a line of the form. */
export type LineView = {
  readonly at: number
  readonly title: string
  readonly lead: string | undefined
  /** Which stored row it shows and what stood there; '' for a new one. */
  readonly seen: string
  readonly was: string
  readonly remove: boolean
  readonly controls: readonly ControlView[]
  /** What is long or rarely filled in, folded away. */
  readonly aside: readonly ControlView[]
  readonly asideOpen: boolean
  readonly asideFilled: boolean
  /** What the stored row says, where it is folded away as one of many. */
  readonly folded: string | undefined
  /** Somebody else wrote this row meanwhile. */
  readonly clash: string | undefined
}

export type RowsPageView = {
  readonly record: NamedLink & { readonly code: string }
  readonly title: string
  readonly lead: string | undefined
  /** The other tables of the record, and the parts of this one. */
  readonly tabs: readonly Tab[]
  readonly parts: readonly Tab[]
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  readonly fresh: readonly LineView[]
  readonly stored: readonly LineView[]
  readonly count: number
  /** Rows that are never rewritten here. */
  readonly standing: { readonly heads: readonly string[]; readonly rows: ReadonlyArray<readonly string[]> } | undefined
  readonly pager: {
    readonly summary: string | undefined
    readonly newer: string | undefined
    readonly older: string | undefined
  }
  readonly mistakes: readonly FieldMistake[]
  readonly languages: readonly WritingLanguage[]
  /** Nothing where each row says its reason. */
  readonly why: { readonly value: string; readonly hint: string; readonly problem: string | undefined } | undefined
  readonly derive: { readonly ready: boolean; readonly words: string; readonly edit: string } | undefined
  readonly paste: string
  /** The columns in the order in which they are pasted without headings. */
  readonly headings: string
  readonly said: string | undefined
  readonly done: { readonly changeSet: string; readonly sentence: string } | undefined
  readonly exported: string | undefined
  readonly public: boolean
}

/** All rows of one table of a record as a form: new ones first, then those that are there. */
export function RowsPage(data: RowsPageView, view: View) {
  const { say } = view
  return (
    <div class="cw-stack" data-gap="loose">
      <RecordHead record={data.record} lead={data.lead ?? say('record.rows.lead')} />
      {data.tabs.length > 1 && <Tabs tabs={data.tabs} label={say('record.rows.tables')} />}
      {data.parts.length > 1 && <Tabs tabs={data.parts} label={say('record.rows.parts')} />}
      {data.done && (
        <JustDone
          action={data.action}
          csrf={view.csrf}
          sentence={data.done.sentence}
          changeSet={data.done.changeSet}
          undo={say('record.rows.undo')}
        />
      )}
      {data.said && <Notice announced>{data.said}</Notice>}
      <Section id="rows" title={data.title}>
        <Form
          action={data.action}
          csrf={view.csrf}
          label={data.title}
          hidden={{ ...data.hidden, lines: String(data.count) }}
          mistakes={data.mistakes}
          submit={say('record.rows.save', { table: data.title })}
          cancel={{ href: data.record.href }}
          note={say(data.public ? 'record.form.note-public' : 'record.rows.note')}
          further={
            <Button variant="secondary" name="act" value="more" icon="plus">
              {say('record.rows.more')}
            </Button>
          }
        >
          {/* Enter presses the first button of a form: it should save, not add a row. */}
          <button type="submit" class="cw-unseen" tabIndex={-1} aria-hidden="true">
            {say('record.form.save')}
          </button>
          {data.derive && <Derive derive={data.derive} view={view} />}
          {data.fresh.map((line) => (
            <Line key={line.at} line={line} data={data} view={view} />
          ))}
          <PasteBox data={data} view={view} />
          {data.stored.length > 0 && (
            <>
              <h3>{say('record.rows.there')}</h3>
              {data.stored.map((line) => (
                <StoredLine key={line.at} line={line} data={data} view={view} />
              ))}
            </>
          )}
          {data.why && (
            <TextControl
              id="field-why"
              name="why"
              label={say('record.form.why')}
              hint={data.why.hint}
              value={data.why.value}
              problem={data.why.problem}
              max={1000}
            />
          )}
        </Form>
      </Section>
      {data.standing && data.standing.rows.length > 0 && <Standing standing={data.standing} view={view} />}
      <Pager {...data.pager} />
      {data.exported && (
        <p>
          <a href={data.exported} download>
            {say('record.rows.download')}
          </a>
        </p>
      )}
    </div>
  )
}

/** On the page of a record: the tables whose rows the reader may write. */
export function RowLinks({
  tables,
  view: { say },
}: {
  tables: ReadonlyArray<{ readonly label: string; readonly href: string }>
  view: View
}) {
  return (
    <Section id="row-forms" title={say('record.rows.link')}>
      <ul class="cw-cluster">
        {tables.map(({ label, href }) => (
          <li key={href}>
            <a href={href}>{label}</a>
          </li>
        ))}
      </ul>
    </Section>
  )
}

type LineProps = { line: LineView; data: RowsPageView; view: View }

function StoredLine({ line, data, view }: LineProps) {
  const fields = <Line line={line} data={data} view={view} />
  return line.folded === undefined ? fields : <Disclosure summary={line.folded}>{fields}</Disclosure>
}

function Line({ line, data, view }: LineProps) {
  const { say } = view
  const { at } = line
  // A form for one new row has room for its hints; of many lines each takes as little as it can.
  const row = data.standing === undefined
  const draw = (shown: ControlView) => (
    <RecordControl key={shown.field.name} shown={shown} languages={data.languages} compact={row} view={view} />
  )
  return (
    <fieldset class="cw-form-line" id={`line-${at}`} tabIndex={-1}>
      <legend>{line.title}</legend>
      <input type="hidden" name={`seen.${at}`} value={line.seen} />
      <input type="hidden" name={`was.${at}`} value={line.was} />
      {line.lead && <p class="cw-soft">{line.lead}</p>}
      {line.clash && <Notice tone="warning">{line.clash}</Notice>}
      {row ? <div class="cw-form-row">{line.controls.map(draw)}</div> : line.controls.map(draw)}
      {line.aside.length > 0 && (
        <Disclosure
          summary={say(line.asideFilled ? 'record.rows.aside-filled' : 'record.rows.aside', {
            names: line.aside.map((each) => each.field.label).join(', '),
          })}
          open={line.asideOpen}
        >
          {line.aside.map(draw)}
        </Disclosure>
      )}
      {line.seen !== '' && (
        <div class="ds-field">
          <input
            class="ds-input"
            type="checkbox"
            id={`remove-${at}`}
            name={`remove.${at}`}
            value="true"
            checked={line.remove}
          />
          <label class="ds-label" for={`remove-${at}`}>
            {say('record.rows.remove')}
            <span class="cw-unseen"> {line.title}</span>
          </label>
        </div>
      )}
    </fieldset>
  )
}

function PasteBox({ data, view: { say } }: { data: RowsPageView; view: View }) {
  return (
    <Disclosure summary={say('record.rows.paste')} open={data.paste !== ''}>
      <ParagraphControl
        id="field-paste"
        name="paste"
        label={say('record.rows.paste-label')}
        hint={say('record.rows.paste-hint', { names: data.headings })}
        value={data.paste}
        rows={6}
      />
      <div>
        <Button variant="secondary" name="act" value="paste">
          {say('record.rows.paste-read')}
        </Button>
      </div>
    </Disclosure>
  )
}

function Derive({ derive, view: { say } }: { derive: NonNullable<RowsPageView['derive']>; view: View }) {
  if (!derive.ready)
    return (
      <Notice>
        {say(`${derive.words}.missing`)} <a href={derive.edit}>{say('record.show.edit')}</a>
      </Notice>
    )
  return (
    <div class="cw-cluster">
      <Button variant="secondary" name="act" value="derive">
        {say(derive.words)}
      </Button>
      <span class="cw-soft cw-small">{say(`${derive.words}.note`)}</span>
    </div>
  )
}

function Standing({ standing, view: { say } }: { standing: NonNullable<RowsPageView['standing']>; view: View }) {
  return (
    <Section id="standing" title={say('record.rows.standing')}>
      <DataTable
        id="standing-table"
        caption={say('record.rows.standing')}
        captionUnseen
        rows={standing.rows}
        columns={standing.heads.map((head, index) => ({
          name: String(index),
          head,
          ...(index === 0 ? { names: true } : {}),
          cell: (row: readonly string[]) => <bdi>{row[index]}</bdi>,
        }))}
      />
    </Section>
  )
}
