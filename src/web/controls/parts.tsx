/** Controls for values with several parts: each part is an input with its own label, posted as `<name>.<part>`. */
import { termName, termsOf } from '#kernel/fields/code.ts'
import { type Parts, plainText } from '#kernel/fields/field.ts'
import type { FormField } from '#kernel/projections/fieldset.ts'
import { useLanguage } from '../language.tsx'
import { type Option, SelectControl } from './choice.tsx'
import { type ControlProps, Field, FieldGroup, inputAttributes } from './field.tsx'
import { DayControl, DecimalControl, WholeControl } from './number.tsx'
import { ParagraphControl, TextControl } from './text.tsx'

export type PartsProps = Omit<ControlProps<unknown>, 'value'> & {
  readonly field: FormField
  /** The parts of the value by name, as they are stored or were posted. */
  readonly value: Parts
  /** What is wrong, by part; the main part is `value`. */
  readonly problems?: Readonly<Record<string, string>>
}

/** Id, name, label and value of one part. */
function usePart(props: PartsProps) {
  const { say } = useLanguage()
  return (part: string, label = say(`web.part.${part || 'value'}`)) => ({
    id: `${props.id}-${part || 'value'}`,
    name: part === '' ? props.name : `${props.name}.${part}`,
    label,
    value: plainText(props.value[part]),
    disabled: props.disabled,
    required: props.required,
    isPart: true,
    problem: props.problems?.[part || 'value'],
  })
}

/** Terms of a list by label, sorted for the reader's language. */
function useTerms(list: string): Option[] {
  const { language, say } = useLanguage()
  return termsOf(list)
    .terms.map((value) => ({ value, label: `${termName(list, value, language, say)} (${value})` }))
    .sort((left, right) => left.label.localeCompare(right.label, language))
}

export function CodeControl(props: PartsProps) {
  return <SelectControl {...props} value={plainText(props.value[''])} options={useTerms(props.field.list!)} />
}

export function MoneyControl(props: PartsProps) {
  const part = usePart(props)
  const currencies = useTerms('currency')
  return (
    <FieldGroup {...props}>
      <div class="cw-grid">
        <DecimalControl
          {...part('', useLanguage().say('web.part.amount'))}
          required={props.required && !props.field.open}
        />
        <SelectControl {...part('currency')} options={currencies} />
        <WholeControl {...part('priceYear')} required={false} hint={useLanguage().say('web.part.priceYear.hint')} />
      </div>
    </FieldGroup>
  )
}

export function QuantityControl(props: PartsProps) {
  const part = usePart(props)
  const { say } = useLanguage()
  const units = props.field.of
  return (
    <FieldGroup {...props}>
      <div class="cw-grid">
        <DecimalControl {...part('')} />
        {units ? (
          <SelectControl
            {...part('unit')}
            options={units.map((value) => ({ value, label: value.replaceAll(/[{}]/g, '') }))}
          />
        ) : (
          <TextControl {...part('unit')} hint={say('web.part.unit.hint')} width="short" max={40} />
        )}
      </div>
    </FieldGroup>
  )
}

/** The city's local time; if clocks show it twice, the form also asks which one is meant. */
export function InstantControl(props: PartsProps) {
  const { say } = useLanguage()
  const part = usePart(props)
  const text = plainText(props.value[''])
  const readable = text === '' || /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)
  const input = (
    <input
      class="ds-input"
      {...inputAttributes({
        ...props,
        id: props.value.which === undefined ? props.id : `${props.id}-value`,
        extra: false,
      })}
      type={(readable ? 'datetime-local' : 'text') as 'text'}
      step={/:\d\d:\d\d/.test(text) ? '0.001' : undefined}
      value={text}
      placeholder="YYYY-MM-DDThh:mm"
      autocomplete="off"
    />
  )
  if (props.value.which === undefined)
    return (
      <Field {...props} width="short">
        {input}
      </Field>
    )
  return (
    <FieldGroup {...props}>
      <div class="cw-grid">
        <div class="cw-field">
          <label class="ds-label" for={`${props.id}-value`}>
            {say('web.part.time')}
          </label>
          {input}
        </div>
        <SelectControl
          {...part('which')}
          required
          options={[
            { value: '0', label: say('web.part.which.first') },
            { value: '1', label: say('web.part.which.second') },
          ]}
        />
      </div>
    </FieldGroup>
  )
}

export function SpanControl(props: PartsProps) {
  const part = usePart(props)
  return (
    <FieldGroup {...props}>
      <div class="cw-grid">
        <DayControl {...part('from')} />
        <DayControl {...part('last')} required={props.required && !props.field.open} />
      </div>
    </FieldGroup>
  )
}

export function PeriodControl(props: PartsProps) {
  const { say } = useLanguage()
  return (
    <Field {...props} width="short" extra={say('web.part.period.hint')}>
      <input
        class="ds-input"
        {...inputAttributes({ ...props, extra: true })}
        type="text"
        value={plainText(props.value[''])}
        autocomplete="off"
      />
    </Field>
  )
}

/** Years, months, weeks and days; shorter units if the value has them. */
export function DurationControl(props: PartsProps) {
  const part = usePart(props)
  const shown = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'].filter(
    (unit, index) => index < 5 || plainText(props.value[unit]) !== '',
  )
  return (
    <FieldGroup {...props}>
      <div class="cw-grid">
        {shown.map((unit) => (
          <WholeControl key={unit} {...part(unit)} required={false} />
        ))}
      </div>
    </FieldGroup>
  )
}

export function GeometryControl(props: PartsProps) {
  const { say } = useLanguage()
  const part = usePart(props)
  const shapes = props.field.of ?? []
  return (
    <FieldGroup {...props}>
      {shapes.length > 1 && (
        <SelectControl
          {...part('shape')}
          required
          options={shapes.map((value) => ({ value, label: say(`web.part.shape.${value}`) }))}
        />
      )}
      <ParagraphControl {...part('', say('web.part.positions'))} hint={say('web.part.positions.hint')} rows={4} />
    </FieldGroup>
  )
}

export function WrittenControl(props: PartsProps) {
  const part = usePart(props)
  const known = useTerms('language')
  const { value } = part('language')
  const options =
    value === '' || known.some((each) => each.value === value) ? known : [...known, { value, label: value }]
  return (
    <FieldGroup {...props}>
      <ParagraphControl {...part('', useLanguage().say('web.part.text'))} max={props.field.max} />
      <SelectControl {...part('language')} required={false} options={options} />
    </FieldGroup>
  )
}
