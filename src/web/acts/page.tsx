import type { View } from '#kernel/view.ts'
import { FlagControl, SelectControl } from '#web/controls/choice.tsx'
import { Form, FormGroup } from '#web/controls/form.tsx'
import { DayControl } from '#web/controls/number.tsx'
import type { RecordOption } from '#web/controls/reference.tsx'
import { TextControl, type WritingLanguage } from '#web/controls/text.tsx'
import { Button } from '#web/parts/button.tsx'
import { Disclosure, EmptyState, type Tab, Tabs } from '#web/parts/card.tsx'
import { Tick } from '#web/parts/choose.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink, Words } from '#web/parts/name.tsx'
import { type FieldMistake, Notice } from '#web/parts/notice.tsx'
import { JustDone } from '#web/parts/post.tsx'
import { DataTable, FilterBar } from '#web/parts/table.tsx'
import { type ControlView, RecordControl } from '#web/record-pages/controls.tsx'

type ShownRecord = NamedLink & {
  readonly id: string
  readonly code: string
  readonly kind: string
  readonly state: string
  readonly organisation: NamedLink | null
}

export type ActForm = {
  readonly controls: readonly ControlView[]
  /** Questions about a record that is written along. */
  readonly making: { readonly title: string; readonly controls: readonly ControlView[] } | null
  readonly publishing: { readonly from: string; readonly untranslated: boolean } | null
  readonly languages: readonly WritingLanguage[]
  readonly mistakes: readonly FieldMistake[]
  readonly why: string
  readonly rows: ReadonlyArray<ShownRecord & { readonly ticked: boolean }>
  /** Chosen, but something stands in the way. */
  readonly along: readonly string[]
  /** How many of each kind, if there are several kinds. */
  readonly several: string | null
  /** Records beyond those with a box. */
  readonly further: number
  readonly whole: boolean
  readonly seen: string
  /** The button that does it, once it has been looked at. */
  readonly ready: string | null
  /** It has been looked at, and nothing can be done. */
  readonly idle: boolean
  readonly left: ReadonlyArray<{
    readonly sentence: string
    readonly count: number
    readonly names: readonly ShownRecord[]
  }>
}

export type ActData = {
  readonly title: string
  readonly lead: string
  readonly action: string
  readonly back?: { readonly href: string; readonly label: string }
  readonly acts: readonly Tab[]
  readonly choose?: {
    readonly path: string
    readonly name: string
    readonly label: string
    readonly options: readonly RecordOption[]
    readonly value: string
  }
  readonly above?: { readonly data: unknown; readonly view: (data: unknown, view: View) => unknown }
  readonly notices: readonly string[]
  readonly done?: {
    readonly changeSet: string
    readonly count: number
    /** Records that it was not done for. */
    readonly left?: number
    /** Where to go on with what is left. */
    readonly again?: string
  }
  readonly told?: string
  /** Says that not all that are found are taken. */
  readonly bound?: string
  /** Says that none are found. */
  readonly none?: string
  readonly form?: ActForm
}

/** One step for many records: which ones, what it needs, what stands in the way, then doing it. */
export function ActPage(data: ActData, view: View) {
  const { say } = view
  const { done, form, choose } = data
  const back = data.back && <a href={data.back.href}>{data.back.label}</a>
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead title={data.title} lead={data.lead} />
      {done && (
        <JustDone
          action={data.action}
          csrf={view.csrf}
          sentence={say('record.act.just', { count: done.count, left: done.left ?? 0 })}
          changeSet={done.changeSet}
          undo={say('record.rows.undo')}
        />
      )}
      {choose && (
        <FilterBar action={choose.path}>
          <SelectControl
            id="field-choose"
            name={choose.name}
            label={choose.label}
            options={choose.options.map(({ id, ...option }) => ({ value: id, ...option }))}
            value={choose.value}
            required
          />
        </FilterBar>
      )}
      {data.notices.map((sentence) => (
        <Notice key={sentence} tone="warning">
          {sentence}
        </Notice>
      ))}
      {data.above && (data.above.view(data.above.data, view) as never)}
      {data.told && <h2>{data.told}</h2>}
      {data.acts.length > 0 && <Tabs tabs={data.acts} label={say('record.act.which')} />}
      {data.bound && <Notice>{data.bound}</Notice>}
      {data.none && (
        <EmptyState title={data.none} icon="check-circle">
          <p>{back ?? say('record.act.none.text')}</p>
        </EmptyState>
      )}
      {form?.idle && !done && <Notice>{say('record.act.none-ready')}</Notice>}
      {form && !done && <Questions data={data} form={form} view={view} />}
      {form && form.left.length > 0 && <Left form={form} done={done !== undefined} view={view} />}
      {done && (back || done.again) && <p>{back ?? <a href={done.again}>{say('record.act.again')}</a>}</p>}
    </div>
  )
}

function Questions({ data, form, view }: { data: ActData; form: ActForm; view: View }) {
  const { say } = view
  const control = (shown: ControlView) => (
    <RecordControl key={shown.field.name} shown={shown} languages={form.languages} view={view} />
  )
  const look = say('record.act.look')
  const again = form.ready && (
    <Button variant="secondary" name="step" value="look">
      {say('record.act.look-again')}
    </Button>
  )
  return (
    <Form
      action={data.action}
      csrf={view.csrf}
      hidden={{ seen: form.seen }}
      mistakes={form.mistakes}
      submit={form.ready ?? look}
      note={say(form.ready ? 'record.act.note' : 'record.act.look-note')}
      further={again}
      {...(data.back ? { cancel: { href: data.back.href } } : {})}
    >
      <input type="hidden" name="step" value={form.ready ? 'do' : 'look'} />
      {form.along.map((id) => (
        <input key={id} type="hidden" name="records" value={id} />
      ))}
      {form.making && <FormGroup title={form.making.title}>{form.making.controls.map(control)}</FormGroup>}
      {form.controls.map(control)}
      {form.publishing && (
        <>
          <DayControl
            id="field-from"
            name="from"
            label={say('record.publish.from')}
            hint={say('record.publish.from-hint')}
            value={form.publishing.from}
            min={view.today}
          />
          <FlagControl
            id="field-untranslated"
            name="untranslated"
            label={say('record.act.publish.with-untranslated')}
            hint={say('record.act.publish.with-untranslated-hint')}
            value={form.publishing.untranslated}
          />
        </>
      )}
      <TextControl
        id="field-why"
        name="why"
        label={say('record.form.why')}
        hint={say('record.form.why-hint')}
        value={form.why}
        max={1000}
      />
      <div id="records" tabIndex={-1} class="cw-stack">
        {form.several && <p class="cw-soft cw-small">{form.several}</p>}
        {form.rows.length > 0 && <Records form={form} view={view} />}
        {form.further > 0 && (
          <FlagControl
            id="field-whole"
            name="whole"
            label={say('record.act.further', { count: form.further })}
            value={form.whole}
          />
        )}
      </div>
    </Form>
  )
}

function Records({ form, view }: { form: ActForm; view: View }) {
  const { say } = view
  return (
    <DataTable
      id="chosen"
      caption={say(form.ready ? 'record.act.ready' : 'record.act.chosen', { count: form.rows.length })}
      rows={form.rows}
      columns={[
        {
          name: 'title',
          head: say('record.act.record'),
          names: true,
          width: 'wide',
          cell: (row) => (
            <Tick id={`record-${row.id}`} name="records" value={row.id} checked={row.ticked} label={row} />
          ),
        },
        {
          name: 'code',
          head: say('record.list.number'),
          width: 'short',
          cell: (row) => <a href={row.href}>{row.code}</a>,
        },
        ...(form.several
          ? [{ name: 'kind', head: say('record.field.kind'), cell: (row: ShownRecord) => row.kind }]
          : []),
        { name: 'state', head: say('record.field.state'), cell: (row) => row.state },
        {
          name: 'organisation',
          head: say('record.field.organisation'),
          cell: (row) => <Words text={row.organisation} none="–" />,
        },
      ]}
    />
  )
}

/** What stands in the way, sentence by sentence, with the names of the records. */
function Left({ form, done, view }: { form: ActForm; done: boolean; view: View }) {
  const { say } = view
  return (
    <Section id="left" title={say(done ? 'record.act.left-out' : 'record.act.in-the-way')}>
      {form.left.map(({ sentence, count, names }) => (
        <Disclosure key={sentence} summary={say('record.act.count-of', { count, sentence })} open={count <= 5}>
          <ul class="cw-stack" data-gap="tight">
            {names.map((name) => (
              <li key={name.id}>
                <span class="cw-soft cw-small">{name.kind}</span> <NameLink name={name} />{' '}
                <bdi class="cw-soft cw-small">{name.code}</bdi>
              </li>
            ))}
            {count > names.length && <li class="cw-soft">{say('record.act.more', { count: count - names.length })}</li>}
          </ul>
        </Disclosure>
      ))}
    </Section>
  )
}
