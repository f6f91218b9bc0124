import type { View } from '#kernel/view.ts'
import { SelectControl } from '#web/controls/choice.tsx'
import { FormGroup } from '#web/controls/form.tsx'
import { TextControl } from '#web/controls/text.tsx'
import type { MappingForm } from '../actions-import-form.ts'

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

/** A field that every record of the kind has to have. */
export type RequiredField = {
  readonly name: string
  readonly label: string
  readonly choices: ReadonlyArray<{ readonly value: string; readonly label: string }> | null
}

type Part = { form: MappingForm; view: View }

/** When the year of the file begins; only files with periods need it. */
export function FiscalYear({ form, view: { say } }: Part) {
  const word = (key: string) => say(`indicators.import.${key}`)
  return (
    <>
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
    </>
  )
}

/** What a file of indicators does not say itself. */
export function WholeFile({ form, view: { say } }: Part) {
  const word = (key: string) => say(`indicators.import.${key}`)
  return (
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
  )
}

/** What every record of the kind has to say, for files in which no column does. */
export function RequiredValues({ form, required, view: { say } }: Part & { required: readonly RequiredField[] }) {
  return (
    <FormGroup title={say('indicators.import.group.plan')} lead={say('indicators.import.group.required-lead')}>
      {required.map(({ name, label, choices }) => {
        const at = { id: `field-constants-${name}`, name: `constants.${name}`, label }
        const value = form.constants[name] ?? ''
        return choices ? (
          <SelectControl
            key={name}
            {...at}
            value={value}
            emptyLabel={say('indicators.import.by-column')}
            options={choices}
          />
        ) : (
          <TextControl key={name} {...at} value={value} hint={say('indicators.import.by-column-hint')} />
        )
      })}
    </FormGroup>
  )
}
