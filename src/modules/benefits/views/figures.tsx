import type { View } from '#kernel/view.ts'
import { type Option, SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { DayControl, DecimalControl, WholeControl } from '#web/controls/number.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { fieldsOf, listed } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { RecordHead, Section } from '#web/parts/head.tsx'
import type { NamedLink } from '#web/parts/name.tsx'
import { Notice } from '#web/parts/notice.tsx'
import { PostForm } from '#web/parts/post.tsx'

export type TableView = {
  readonly name: string
  readonly title: string
  readonly lead: string
  readonly fields: ReadonlyArray<{
    readonly name: string
    readonly type: string
    readonly label: string
    readonly required: boolean
  }>
  readonly lines: number
  readonly stored: number
  readonly given: Readonly<Record<string, string>>
  readonly mistakes: Readonly<Record<string, string>>
}
export type FiguresData = NamedLink & {
  readonly code: string
  readonly unit: string
  readonly tables: readonly TableView[]
  readonly options: Readonly<Record<string, readonly Option[]>>
  readonly layOut: 'ready' | 'missing' | null
  readonly level: boolean
}

/** All tables of a benefit, each a separate form: one line per row, cleared to remove it. */
export function figuresView(data: FiguresData, view: View) {
  const { say } = view
  return (
    <>
      <RecordHead record={data} lead={say(data.level ? 'benefits.figures.lead-level' : 'benefits.figures.lead')} />
      {data.tables.map((table) => (
        <Section key={table.name} id={table.name} title={table.title} lead={table.lead}>
          {table.name === 'path' && data.layOut === 'ready' && <PlanPath data={data} view={view} />}
          {table.name === 'path' && data.layOut === 'missing' && (
            <Notice>
              <p>
                {say('benefits.figures.lay-out-missing')} <a href={`${data.href}/edit`}>{say('record.show.edit')}</a>
              </p>
            </Notice>
          )}
          <TableForm table={table} options={data.options} action={`${data.href}/figures`} view={view} />
        </Section>
      ))}
    </>
  )
}

function PlanPath({ data, view }: { data: FiguresData; view: View }) {
  return (
    <PostForm action={`${data.href}/figures`} csrf={view.csrf} hidden={{ do: 'lay-out' }} row>
      <Button variant="secondary">{view.say('benefits.figures.lay-out')}</Button>
      <span class="cw-soft cw-small">{view.say('benefits.figures.lay-out-note')}</span>
    </PostForm>
  )
}

type TableFormProps = {
  table: TableView
  options: FiguresData['options']
  action: string
  view: View
}

/** One table as a form: one line per row, empty lines below. */
export function TableForm({ table, options, action, view }: TableFormProps) {
  const { say } = view
  const field = fieldsOf(table.given, table.mistakes, table.name)
  const lines = Array.from({ length: table.lines }, (_, line) => line)
  const hidden = Object.fromEntries([
    ['table', table.name],
    ['lines', String(table.lines)],
    ...lines.flatMap((line) => {
      const was = table.given[`was.${line}`]
      return was ? [[`was.${line}`, was]] : []
    }),
  ]) as Record<string, string>
  return (
    <Form
      action={action}
      csrf={view.csrf}
      label={table.title}
      hidden={hidden}
      mistakes={listed(table.mistakes, table.name)}
      submit={say('benefits.figures.save', { table: table.title })}
    >
      {lines.map((line) => (
        <fieldset key={line} class="cw-form-line">
          <legend class="cw-unseen">
            {line < table.stored
              ? say('benefits.figures.line', { number: line + 1 })
              : say('benefits.figures.new-line', { number: line + 1 })}
          </legend>
          <div class="cw-form-row">
            {table.fields.map((each) => (
              <Cell
                key={each.name}
                field={each}
                options={options}
                common={{ ...field(`${each.name}.${line}`, each.label), required: each.required }}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </Form>
  )
}

function Cell({
  field,
  options,
  common,
}: {
  field: TableView['fields'][number]
  options: FiguresData['options']
  common: ReturnType<ReturnType<typeof fieldsOf>> & { required: boolean }
}) {
  switch (field.type) {
    case 'number':
      return <DecimalControl {...common} />
    case 'year':
      return <WholeControl {...common} />
    case 'day':
      return <DayControl {...common} />
    case 'status':
      return <SelectControl {...common} value={common.value || 'actual'} options={options.status ?? []} required />
    case 'ref':
      return <SelectControl {...common} options={options[field.name] ?? []} />
    default:
      return <TextControl {...common} max={1000} />
  }
}
