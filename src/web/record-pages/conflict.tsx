import type { View } from '#kernel/view.ts'
import { Form } from '#web/controls/form.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { Button } from '#web/parts/button.tsx'
import { DiffTable } from '#web/parts/diff.tsx'
import { PageHead } from '#web/parts/head.tsx'
import type { Text } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { type DisplayValue, Value } from './value.tsx'

export type ConflictView = {
  readonly page: 'conflict'
  readonly kind: string
  readonly record: Text & { readonly code: string }
  readonly action: string
  readonly cancel: string
  /** The current version, and the one the form was opened with. */
  readonly version: number
  readonly seen: number
  readonly theirName: string
  readonly differences: ReadonlyArray<{
    readonly name: string
    readonly field: string
    readonly was: DisplayValue
    readonly theirs: DisplayValue
    readonly mine: DisplayValue
    readonly clash: boolean
  }>
  /** Everything that was typed, so that nothing is lost. */
  readonly typed: ReadonlyArray<readonly [string, string]>
  readonly why: string
}

/** The record was saved by somebody else while this form was open. */
export function RecordConflict(data: ConflictView, view: View) {
  const { say } = view
  const cell = (value: DisplayValue) => (value.as === 'nothing' ? undefined : <Value value={value} view={view} />)
  const clashes = data.differences.filter((each) => each.clash).length
  return (
    <>
      <PageHead over={`${say(data.kind)} ${data.record.code}`} title={say('record.conflict.title')} />
      <Notice tone="warning" announced>
        {say('record.conflict.lead', { title: data.record.text, count: clashes })}
      </Notice>
      <Form
        action={data.action}
        csrf={view.csrf}
        version={data.version}
        hidden={{ seen: String(data.seen) }}
        submit={say('record.conflict.merge')}
        cancel={{ href: data.cancel, label: say('record.conflict.discard') }}
        note={say('record.conflict.note')}
        further={
          <Button variant="secondary" name="act" value="mine">
            {say('record.conflict.mine')}
          </Button>
        }
      >
        {/* Enter and the main button use the first button: the chosen sides. */}
        <input type="hidden" name="act" value="merge" />
        {data.typed.map(([name, value], index) => (
          <input key={`${index} ${name}`} type="hidden" name={name} value={value} />
        ))}
        <DiffTable
          id="conflict"
          caption={say('record.conflict.caption')}
          theirName={data.theirName}
          choose
          differences={data.differences.map(({ name, field, clash, ...sides }) => ({
            name,
            field,
            clash,
            was: cell(sides.was),
            theirs: cell(sides.theirs),
            mine: cell(sides.mine),
          }))}
        />
        <TextControl id="field-why" name="why" label={say('record.form.why')} value={data.why} max={1000} />
      </Form>
    </>
  )
}
