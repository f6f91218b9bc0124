import { useLanguage } from '../language.tsx'
import { type ControlProps, descriptionOf, Field, FieldGroup, inputAttributes, ProblemText } from './field.tsx'

export type Option = { readonly value: string; readonly label: string; readonly hint?: string; readonly lang?: string }

/** Up to this many answers are shown as radio buttons; more go into a list. */
const maxRadios = 5

/** Yes or no. An unticked box posts nothing; the hidden field before it posts `false`. */
export function FlagControl(props: ControlProps<boolean>) {
  return (
    <div class="cw-field" data-problem={props.problem ? '' : undefined}>
      <input type="hidden" name={props.name} value="false" />
      <div class="ds-field">
        <input
          class="ds-input"
          {...inputAttributes({ ...props, required: false })}
          type="checkbox"
          value="true"
          checked={props.value ?? false}
        />
        <label class="ds-label" for={props.id}>
          {props.label}
        </label>
        {props.hint && (
          <p class="cw-hint" id={`${props.id}-hint`}>
            {props.hint}
          </p>
        )}
      </div>
      <ProblemText id={props.id}>{props.problem}</ProblemText>
    </div>
  )
}

type BoxProps = {
  id: string
  name: string
  type: 'radio' | 'checkbox'
  option: Option
  checked: boolean
  invalid: boolean
  disabled?: boolean
}

function Box({ id, name, type, option, checked, invalid, disabled }: BoxProps) {
  return (
    <div class="ds-field">
      <input
        class="ds-input"
        id={id}
        type={type}
        name={name}
        value={option.value}
        checked={checked}
        disabled={disabled || undefined}
        aria-invalid={invalid && type === 'checkbox' ? 'true' : undefined}
        aria-describedby={option.hint ? descriptionOf({ id, hint: option.hint }) : undefined}
      />
      <label class="ds-label" for={id} lang={option.lang}>
        {option.label}
      </label>
      {option.hint && (
        <p class="cw-hint" id={`${id}-hint`}>
          {option.hint}
        </p>
      )}
    </div>
  )
}

export type ChoiceProps = ControlProps<string> & {
  options: readonly Option[] /** A list even for few answers. */
  compact?: boolean
  /** Label for no answer; default "not stated". */
  emptyLabel?: string
}

/** One of several answers. An optional answer can be withdrawn ("not stated"). */
export function ChoiceControl(props: ChoiceProps) {
  const { say } = useLanguage()
  const { id, name, options, value = '', problem, required } = props
  if (props.compact || options.length > maxRadios) return <SelectControl {...props} />
  const all = required ? options : [...options, { value: '', label: props.emptyLabel ?? say('web.choice.none') }]
  return (
    <FieldGroup {...props}>
      <div class="cw-boxes">
        {all.map((option) => (
          <Box
            key={option.value}
            id={`${id}-${option.value || '-none'}`}
            name={name}
            type="radio"
            option={option}
            checked={value === option.value}
            invalid={Boolean(problem)}
            disabled={props.disabled}
          />
        ))}
      </div>
    </FieldGroup>
  )
}

/** One answer from a list. */
export function SelectControl(props: ChoiceProps) {
  const { say } = useLanguage()
  const { options, value = '', required } = props
  return (
    <Field {...props}>
      <select class="ds-input" {...inputAttributes(props)}>
        {(!required || value === '') && (
          <option value="" selected={value === ''}>
            {props.emptyLabel ?? say(required ? 'web.choice.choose' : 'web.choice.none')}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value} lang={option.lang}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  )
}

/** Any of several answers, posted once each under the same name. */
export function ChoicesControl(props: ControlProps<readonly string[]> & { options: readonly Option[] }) {
  const chosen = new Set(props.value ?? [])
  return (
    <FieldGroup {...props}>
      <div class="cw-boxes" data-many={props.options.length > 8 ? '' : undefined}>
        {props.options.map((option) => (
          <Box
            key={option.value}
            id={`${props.id}-${option.value}`}
            name={props.name}
            type="checkbox"
            option={option}
            checked={chosen.has(option.value)}
            invalid={Boolean(props.problem)}
            disabled={props.disabled}
          />
        ))}
      </div>
    </FieldGroup>
  )
}
