import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { DayControl } from '#web/controls/number.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { PageHead, Section } from '#web/parts/head.tsx'
import { type FieldMistake, Notice } from '#web/parts/notice.tsx'
import { RecordBody, RecordMarks, type RecordView } from './show.tsx'

export type PublishView = {
  /** As the public would see it. */
  readonly record: RecordView
  readonly action: string
  readonly cancel: string
  readonly version: number
  readonly isPublic: boolean
  /** Linked records that the public may not see yet. */
  readonly hiddenLinks: number
  readonly untranslated: ReadonlyArray<{
    readonly language: string
    readonly lang: string
    readonly fields: readonly string[]
  }>
  readonly from: string
  readonly why: string
  readonly mistakes: readonly FieldMistake[]
}

/** What the public will see, and the act of publishing it. */
export function PublishPage(data: PublishView, view: View) {
  const { say } = view
  const { record } = data
  return (
    <>
      <PageHead
        over={
          <>
            {say(record.kind)} <bdi>{record.code}</bdi>
          </>
        }
        title={say('record.publish.title', { title: record.title.text })}
        lead={say('record.publish.lead')}
      />
      {data.isPublic && <Notice tone="info">{say('record.publish.already')}</Notice>}
      {data.untranslated.map((each) => (
        <Notice key={each.lang} tone="warning" title={say('record.publish.untranslated', { language: each.language })}>
          <ul>
            {each.fields.map((field) => (
              <li key={field}>{field}</li>
            ))}
          </ul>
        </Notice>
      ))}
      {data.hiddenLinks > 0 && (
        <Notice tone="info">{say('record.publish.hidden-links', { count: data.hiddenLinks })}</Notice>
      )}
      {!data.isPublic && (
        <Form
          action={data.action}
          csrf={view.csrf}
          version={data.version}
          mistakes={data.mistakes}
          submit={say('record.publish.submit')}
          cancel={{ href: data.cancel }}
          note={say('record.publish.note')}
        >
          <DayControl
            id="publish-from"
            name="from"
            label={say('record.publish.from')}
            hint={say('record.publish.from-hint')}
            value={data.from}
          />
          <TextControl
            id="publish-why"
            name="why"
            label={say('record.form.why')}
            hint={say('record.form.why-hint')}
            value={data.why}
            max={1000}
          />
        </Form>
      )}
      <Section id="preview" title={say('record.publish.preview')} lead={say('record.publish.preview-lead')}>
        <div class="cw-card cw-stack" data-gap="wide">
          <p class="cw-lead" lang={record.title.lang}>
            <strong>{record.title.text}</strong>
          </p>
          <div class="cw-cluster">
            <RecordMarks record={record} />
          </div>
          <RecordBody record={record} view={view} />
        </div>
      </Section>
    </>
  )
}
