import type { View } from '#kernel/view.ts'
import { type Option, SelectControl } from '#web/controls/choice.tsx'
import { Form } from '#web/controls/form.tsx'
import { DayControl } from '#web/controls/number.tsx'
import { fieldsOf, listed, type Mistakes } from '#web/form-fields.ts'
import { Button } from '#web/parts/button.tsx'
import { RecordHead, Section } from '#web/parts/head.tsx'
import { type NamedLink, NameLink } from '#web/parts/name.tsx'
import { PostForm } from '#web/parts/post.tsx'
import { DataTable } from '#web/parts/table.tsx'

export type DeputiesData = NamedLink & {
  readonly code: string
  readonly rows: ReadonlyArray<{
    readonly deputy: string
    readonly from: string
    readonly name: NamedLink | null
    readonly when: string
    readonly covers: string
    readonly end: 'end' | 'remove' | null
  }>
  readonly who: readonly Option[]
  readonly covers: readonly Option[]
  readonly given: Readonly<Record<string, string>>
  readonly mistakes: Mistakes
}

/** The deputies of a post, and a form to name another. */
export function deputiesView(data: DeputiesData, view: View) {
  const { say } = view
  const action = `${data.href}/deputies`
  const field = fieldsOf(data.given, data.mistakes)
  const label = (name: string) => say(`directory.post.rows.deputy.${name}`)
  return (
    <>
      <RecordHead record={data} lead={say('directory.deputies.lead')} />
      <DataTable
        id="deputies"
        caption={say('directory.post.rows.deputy')}
        captionUnseen
        rows={data.rows}
        empty={<p class="cw-soft">{say('directory.deputies.none')}</p>}
        columns={[
          { name: 'who', head: label('deputy'), names: true, cell: (row) => row.name && <NameLink name={row.name} /> },
          { name: 'when', head: label('from'), cell: (row) => row.when },
          { name: 'covers', head: label('covers'), cell: (row) => row.covers },
          {
            name: 'end',
            head: say('finding.column.act'),
            cell: (row) =>
              row.end && (
                <PostForm
                  action={action}
                  csrf={view.csrf}
                  hidden={{ act: row.end, deputy: row.deputy, from: row.from }}
                >
                  <Button variant="tertiary" grave>
                    {say(`directory.deputies.${row.end}`)} <span class="cw-unseen">{row.name?.text}</span>
                  </Button>
                </PostForm>
              ),
          },
        ]}
      />
      <Section id="new" title={say('directory.deputies.new')}>
        <Form action={action} csrf={view.csrf} submit={say('directory.deputies.save')} mistakes={listed(data.mistakes)}>
          <SelectControl
            {...field('deputy', label('deputy'))}
            hint={say('directory.deputies.who-hint')}
            options={data.who}
            required
          />
          <DayControl {...field('from', label('from'))} required />
          <DayControl {...field('to', label('to'))} />
          <SelectControl {...field('covers', label('covers'))} options={data.covers} required />
        </Form>
      </Section>
    </>
  )
}
