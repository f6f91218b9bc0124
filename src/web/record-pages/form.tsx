import type { View } from '#kernel/view.ts'
import { Form, FormGroup } from '#web/controls/form.tsx'
import { TextControl, type WritingLanguage } from '#web/controls/text.tsx'
import { Button } from '#web/parts/button.tsx'
import { PageHead } from '#web/parts/head.tsx'
import type { Text } from '#web/parts/name.tsx'
import type { FieldMistake } from '#web/parts/notice.tsx'
import { type ControlView, RecordControl } from './controls.tsx'

export type FormView = {
  readonly page: 'form'
  readonly kind: string
  /** Name of the record, if it exists already. */
  readonly record?: Text & { readonly code: string }
  readonly action: string
  readonly cancel: string
  readonly version?: number
  readonly groups: ReadonlyArray<{ readonly name: string; readonly controls: readonly ControlView[] }>
  readonly mistakes: readonly FieldMistake[]
  readonly languages: readonly WritingLanguage[]
  readonly why: string
  /** Is there a reference to type into, so that looking up is useful? */
  readonly searches: boolean
  /** The record is public: everybody sees at once what is saved here. */
  readonly isPublic: boolean
}

/** A form that creates or edits a record. */
export function RecordForm(data: FormView, view: View) {
  const { say } = view
  const kind = say(data.kind)
  const title = data.record
    ? say('record.form.edit-title', { title: data.record.text })
    : say('record.form.new-title', { kind })
  return (
    <>
      <PageHead
        over={data.record ? `${kind} ${data.record.code}` : say(`${data.kind}.plural`)}
        title={title}
        lead={data.record ? undefined : say(`${data.kind}.meaning`)}
      />
      <Form
        action={data.action}
        csrf={view.csrf}
        {...(data.version === undefined ? {} : { version: data.version })}
        mistakes={data.mistakes}
        submit={say(data.record ? 'record.form.save' : 'record.form.create')}
        cancel={{ href: data.cancel }}
        note={say(data.isPublic ? 'record.form.note-public' : 'record.form.note')}
        further={
          data.searches && (
            <Button variant="secondary" name="act" value="search" icon="search">
              {say('record.form.look-up')}
            </Button>
          )
        }
      >
        {/* Enter presses the first button of a form: it should save, not add a row. */}
        <button type="submit" class="cw-unseen" tabIndex={-1} aria-hidden="true">
          {say('record.form.save')}
        </button>
        {data.groups.map((group) => (
          <FormGroup key={group.name} title={say(`record.form.group.${group.name}`)}>
            {group.controls.map((shown) => (
              <RecordControl key={shown.field.name} shown={shown} languages={data.languages} view={view} />
            ))}
          </FormGroup>
        ))}
        <TextControl
          id="field-why"
          name="why"
          label={say('record.form.why')}
          hint={say('record.form.why-hint')}
          value={data.why}
          max={1000}
        />
      </Form>
    </>
  )
}
