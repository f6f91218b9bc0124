import { useLanguage } from '../language.tsx'
import { type ControlProps, Field, inputAttributes } from './field.tsx'

export type NumberProps = ControlProps<string> & { unit?: string }

/**
 * Numbers are typed as text: `type=number` loses what it cannot read, changes values on scrolling, and follows the
 * browser's language instead of the page's. The server says what it could not read.
 */
function NumberInput({ inputMode, ...props }: NumberProps & { inputMode: 'numeric' | 'decimal' }) {
  return (
    <Field {...props} width="short">
      <div class="cw-affixed">
        <input
          class="ds-input cw-number"
          {...inputAttributes({ ...props, extra: false })}
          type="text"
          inputMode={inputMode}
          value={props.value}
          autocomplete="off"
          dir="ltr"
        />
        {props.unit && <span class="cw-affix">{props.unit}</span>}
      </div>
    </Field>
  )
}

export function WholeControl(props: NumberProps) {
  return <NumberInput {...props} inputMode="numeric" />
}

export function DecimalControl(props: NumberProps) {
  return <NumberInput {...props} inputMode="decimal" />
}

/** A day, as YYYY-MM-DD. Browsers with a calendar show it; others show a text input with the hint. */
export function DayControl(props: ControlProps<string> & { min?: string; max?: string; autocomplete?: string }) {
  const { say } = useLanguage()
  // A date input drops what it cannot read; a text input keeps it to be corrected.
  const readable = !props.value || /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(props.value)
  return (
    <Field {...props} width="short" extra={say('web.day.hint')}>
      <input
        class="ds-input"
        {...inputAttributes({ ...props, extra: true })}
        type={(readable ? 'date' : 'text') as 'date'}
        value={props.value}
        min={props.min}
        max={props.max}
        placeholder="YYYY-MM-DD"
        autocomplete={props.autocomplete ?? 'off'}
      />
    </Field>
  )
}

type FileProps = ControlProps<never> & { /** File endings or media types, e.g. '.csv,text/csv'. */ accept?: string }

/** A file from the reader's device. The form around it needs `upload`. */
export function FileControl(props: FileProps) {
  return (
    <Field {...props}>
      <input class="cw-file" {...inputAttributes(props)} type="file" accept={props.accept} />
    </Field>
  )
}
