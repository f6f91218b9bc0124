import type { View } from '#kernel/view.ts'
import { FlagControl, SelectControl } from '#web/controls/choice.tsx'
import { Form, FormGroup } from '#web/controls/form.tsx'
import { FileControl } from '#web/controls/number.tsx'
import { TextControl } from '#web/controls/text.tsx'
import { LinkButton } from '#web/parts/button.tsx'
import { Disclosure } from '#web/parts/card.tsx'
import { PageHead } from '#web/parts/head.tsx'
import { Notice } from '#web/parts/notice.tsx'
import type { ColumnForm, MappingForm } from '../actions-import-form.ts'

export type MapData = {
  readonly id: string
  readonly name: string
  /** Null where the file cannot be read, or its profile holds more than a form can show. */
  readonly form: MappingForm | null
  readonly beyondForm: boolean
  readonly profileName: string
  readonly columns: ReadonlyArray<{
    readonly name: string
    readonly kind: string
    readonly examples: readonly string[]
    readonly filled: number
    readonly missing: number
  }>
  readonly shape: string
  /** What a column may mean. */
  readonly meanings: readonly string[]
  readonly problems: readonly string[]
}

const readings = [
  'text',
  'number',
  'percent',
  'duration-minutes-seconds',
  'duration-hours-minutes',
  'day',
  'period',
  'choice',
]
const statuses = ['actual', 'provisional', 'estimated', 'annualised']
const formats = ['1,234.5', '1.234,5', '1 234,5', '1234.5', '1 234.5', "1'234.5"]
const orders = ['iso', 'year-month-day', 'day-month-year', 'month-day-year']
const bodies = [
  'city',
  'authority',
  'department',
  'agency',
  'company',
  'university',
  'association',
  'community',
  'other',
]
const sectors = ['public', 'private', 'voluntary']
const targetKinds = ['keep', 'reach', 'cumulative']

/** What every column of the file means; the guesses are filled in, and nothing is imported yet. */
export function mapView(
  { id, name, form, beyondForm, columns, shape, meanings, problems, profileName }: MapData,
  { say, csrf }: View,
) {
  const word = (key: string) => say(`indicators.import.${key}`)
  const action = `/import/${id}/columns`
  return (
    <div class="cw-stack" data-gap="loose">
      <PageHead
        over={say('indicators.import.step-columns')}
        title={say('indicators.import.map-title', { name })}
        lead={
          form
            ? say('indicators.import.map-lead', {
                count: columns.length,
                shape: shape === 'wide' ? 'wide' : shape === 'long' ? 'long' : 'other',
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
      {beyondForm && (
        <Notice
          title={say('indicators.import.beyond-form', { name: profileName })}
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
        <Form action={action} csrf={csrf} submit={word('to-preview')} cancel={{ href: '/import' }} upload>
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
            <SelectControl
              id="field-fiscalStartMonth"
              name="fiscalStartMonth"
              label={word('map.fiscal-start')}
              hint={word('map.fiscal-hint')}
              value={form.fiscalStartMonth}
              required
              options={Array.from({ length: 12 }, (_, index) => ({
                value: String(index + 1),
                label: say('indicators.import.month', { month: index + 1 }),
              }))}
            />
            <SelectControl
              id="field-fiscalNamedBy"
              name="fiscalNamedBy"
              label={word('map.fiscal-named')}
              value={form.fiscalNamedBy}
              required
              options={['end', 'start'].map((each) => ({ value: each, label: word(`fiscal-named.${each}`) }))}
            />
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
                say={say}
              />
            ))}
          </FormGroup>
          <FormGroup title={word('group.plan')} lead={word('group.plan-lead')}>
            <TextControl
              id="field-title"
              name="title"
              label={word('map.title')}
              hint={word('map.title-hint')}
              value={form.title}
            />
            <TextControl
              id="field-plan"
              name="plan"
              label={word('map.plan')}
              hint={word('map.plan-hint')}
              value={form.plan}
            />
            <TextControl
              id="field-unit"
              name="unit"
              label={word('map.unit')}
              hint={word('map.unit-hint')}
              value={form.unit}
            />
            <SelectControl
              id="field-organisationKind"
              name="organisationKind"
              label={word('map.bodies')}
              hint={word('map.bodies-hint')}
              value={form.organisationKind}
              emptyLabel={word('map.bodies-none')}
              options={bodies.map((each) => ({
                value: each,
                label: say(`directory.organisation.choice.organisationKind.${each}`),
              }))}
            />
            <SelectControl
              id="field-sector"
              name="sector"
              label={word('map.sector')}
              value={form.sector}
              required
              options={sectors.map((each) => ({
                value: each,
                label: say(`directory.organisation.choice.sector.${each}`),
              }))}
            />
            <SelectControl
              id="field-targetKind"
              name="targetKind"
              label={word('map.target-kind')}
              hint={word('map.target-kind-hint')}
              value={form.targetKind}
              required
              options={targetKinds.map((each) => ({ value: each, label: word(`target-kind.${each}`) }))}
            />
            <TextControl
              id="field-targetPeriod"
              name="targetPeriod"
              label={word('map.target-period')}
              hint={word('map.target-period-hint')}
              value={form.targetPeriod}
            />
          </FormGroup>
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

type ColumnPartProps = {
  column: MapData['columns'][number]
  index: number
  form: ColumnForm | undefined
  meanings: readonly string[]
  say: View['say']
}

/** One column: what it looks like, what it means, and behind a fold what only some columns need. */
function ColumnPart({ column, index, form, meanings, say }: ColumnPartProps) {
  const word = (key: string) => say(`indicators.import.${key}`)
  const at = (field: string) => ({ id: `field-c${index}-${field}`, name: `c${index}.${field}` })
  const known = form ?? { to: '', as: 'text', period: '', status: 'actual', choices: '', id: false }
  const open = known.choices !== '' || known.period !== '' || (known.status !== '' && known.status !== 'actual')
  return (
    <fieldset class="cw-form-group">
      <legend>
        <bdi>{column.name}</bdi>
      </legend>
      <p class="cw-soft cw-small">
        {say(`tabular.column-kind.${column.kind}`)} ·{' '}
        {say('indicators.import.filled', { filled: column.filled, missing: column.missing })}
        {column.examples.length > 0 && (
          <>
            {' · '}
            <bdi>{column.examples.join(' | ')}</bdi>
          </>
        )}
      </p>
      <SelectControl
        {...at('to')}
        label={word('map.means')}
        value={known.to}
        emptyLabel={word('map.leave-out')}
        options={meanings.map((each) => ({ value: each, label: word(`to.${each}`) }))}
      />
      <SelectControl
        {...at('as')}
        label={word('map.read-as')}
        value={known.as}
        required
        options={readings.map((each) => ({ value: each, label: word(`as.${each}`) }))}
      />
      <FlagControl {...at('id')} label={word('map.identifies')} value={known.id} />
      <Disclosure summary={say('indicators.import.map.more', { name: column.name })} open={open}>
        <TextControl
          {...at('period')}
          label={word('map.period')}
          hint={word('map.period-hint')}
          value={known.period}
          width="short"
        />
        <SelectControl
          {...at('status')}
          label={word('map.status')}
          value={known.status || 'actual'}
          required
          options={statuses.map((each) => ({ value: each, label: word(`status.${each}`) }))}
        />
        <TextControl
          {...at('choices')}
          label={word('map.choices')}
          hint={word('map.choices-hint')}
          value={known.choices}
        />
      </Disclosure>
    </fieldset>
  )
}
