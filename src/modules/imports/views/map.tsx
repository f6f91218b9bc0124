import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { Form, FormGroup } from '#web/controls/form.tsx'
import { FileControl } from '#web/controls/number.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import type { MappingForm } from '../queries-form.ts'
import type { Option, Question } from '../queries-meaning.ts'
import { ColumnPart, type MapColumn } from './map-column.tsx'
import { FiscalYear, Questions } from './map-file.tsx'
import { type SheetData, SheetQuestions, TableChoice } from './map-sheet.tsx'

export type MapData = SheetData & {
  /** Null if the file cannot be read, or its profile says more than a form can show. */
  readonly form: MappingForm | null
  readonly beyondForm: boolean
  readonly profileName: string
  readonly columns: readonly MapColumn[]
  readonly shape: string
  /** What a column may mean. */
  readonly meanings: readonly Option[]
  /** Asked once for the whole file. */
  readonly questions: readonly Question[]
  readonly ofKind: boolean
  /** What a status may be, where columns may hold values of a period. */
  readonly statuses: readonly Option[] | null
  readonly problems: readonly string[]
}

const formats = ['1,234.5', '1.234,5', '1 234,5', '1234.5', '1 234.5', "1'234.5"]
const orders = ['iso', 'year-month-day', 'day-month-year', 'month-day-year']
/** What each column of the file means; guesses are filled in, and nothing is imported yet. */
export function mapView(data: MapData, view: View) {
  const { id, name, form, beyondForm, columns, shape, meanings, problems, profileName, questions } = data
  const { say, csrf } = view
  const word = (key: string) => say(`imports.${key}`)
  const action = `/import/${id}/columns`
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        over={say('imports.step-columns')}
        title={say('imports.map-title', { name })}
        lead={
          form
            ? say('imports.map-lead', {
                count: columns.length,
                // Periods are looked for in indicators only.
                shape: data.ofKind ? 'record' : shape === 'wide' ? 'wide' : shape === 'long' ? 'long' : 'other',
              })
            : undefined
        }
      />
      {problems.length > 0 && (
        <Notice tone={form ? 'warning' : 'problem'} title={word('found')} announced>
          <ul>
            {problems.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Notice>
      )}
      {(form || data.sheets.length > 0) && <TableChoice data={data} kind={form?.kind ?? ''} view={view} />}
      {beyondForm && (
        <Notice
          title={say('imports.beyond-form', { name: profileName })}
          actions={
            <LinkButton href={`/import/${id}/profile`} variant="secondary" icon="download" download>
              {word('profile-download')}
            </LinkButton>
          }
        >
          <p>{word('beyond-form-lead')}</p>
        </Notice>
      )}
      {form && (
        <Form
          action={action}
          csrf={csrf}
          submit={word('to-preview')}
          cancel={{ href: '/import' }}
          hidden={{ kind: form.kind, ...(form.place.sheet === '' ? {} : hiddenPlace(form)) }}
          upload
        >
          {data.sheet && <SheetQuestions data={data} place={form.place} view={view} />}
          <FormGroup title={word('group.file')}>
            <TextControl
              id="field-name"
              name="name"
              label={word('map.name')}
              hint={word('map.name-hint')}
              value={form.name}
              required
            />
            <TextControl
              id="field-source"
              name="source"
              label={word('map.source')}
              hint={word('map.source-hint')}
              value={form.source}
              required
            />
            <SelectControl
              id="field-numberFormat"
              name="numberFormat"
              label={word('map.number-format')}
              value={form.numberFormat}
              required
              options={formats.map((each) => ({ value: each, label: each }))}
            />
            <SelectControl
              id="field-days"
              name="days"
              label={word('map.days')}
              value={form.days}
              required
              options={orders.map((each) => ({ value: each, label: word(`days.${each}`) }))}
            />
            {data.statuses && <FiscalYear form={form} view={view} />}
            <TextControl
              id="field-missing"
              name="missing"
              label={word('map.missing')}
              hint={word('map.missing-hint')}
              value={form.missing}
            />
          </FormGroup>
          <FormGroup title={word('group.columns')} lead={word('group.columns-lead')}>
            {columns.map((column, index) => (
              <ColumnPart
                key={column.name}
                column={column}
                index={index}
                form={form.columns[index]}
                meanings={meanings}
                statuses={data.statuses}
                say={say}
              />
            ))}
          </FormGroup>
          {questions.length > 0 && <Questions form={form} questions={questions} ofKind={data.ofKind} view={view} />}
        </Form>
      )}
      <Disclosure summary={word('profile-own')} open={beyondForm}>
        <Form action={action} csrf={csrf} submit={word('profile-use')} upload label={word('profile-own')}>
          <FileControl
            id="field-profileFile"
            name="profileFile"
            label={word('profile-file')}
            hint={word('profile-file-hint')}
            accept=".json,application/json"
            required
          />
        </Form>
      </Disclosure>
    </div>
  )
}

/** Carries along what the other form asked for, and the totals that were found. */
const hiddenPlace = ({ place }: MappingForm): Record<string, string> => ({
  sheet: place.sheet,
  headerRow: place.headerRow,
  headerRows: place.headerRows,
  totalsColumn: place.totalsColumn,
  totalsTexts: place.totalsTexts,
})
