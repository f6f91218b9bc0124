import type { ComponentChildren } from 'preact'
import { useLanguage } from '../language.tsx'

/** What every control receives, whatever the type of its field. */
export type ControlProps<Value> = {
  /** Unique on the page; the error summary links to it. */
  readonly id: string
  /** Name under which the value is posted. */
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** What is wrong and what to do about it, in a sentence. */
  readonly problem?: string
  readonly required?: boolean
  readonly value?: Value
  readonly disabled?: boolean
  /** One of several inputs for a value: whether it is optional is said for the whole. */
  readonly isPart?: boolean
}

type Described = { id: string; hint?: string; problem?: string; extra?: boolean }

/** Ids of the texts that belong to a control, for `aria-describedby`. */
export function descriptionOf({ id, hint, problem, extra }: Described): string | undefined {
  const ids = [hint && `${id}-hint`, extra && `${id}-extra`, problem && `${id}-problem`].filter(Boolean)
  return ids.length > 0 ? ids.join(' ') : undefined
}

/** Attributes of every input in a control. */
export function inputAttributes(props: Described & { name: string; required?: boolean; disabled?: boolean }) {
  return {
    id: props.id,
    name: props.name,
    'aria-describedby': descriptionOf(props),
    'aria-invalid': props.problem ? ('true' as const) : undefined,
    'aria-required': props.required ? ('true' as const) : undefined,
    disabled: props.disabled || undefined,
  }
}

/** The label's words; optional fields say so, because they are rarer than required ones. */
export function LabelWords({ label, required }: { label: string; required?: boolean }) {
  const { say } = useLanguage()
  return (
    <>
      {label}
      {!required && <span class="cw-optional"> {say('web.form.optional')}</span>}
    </>
  )
}

export function Hint({ id, children }: { id: string; children?: ComponentChildren }) {
  return children ? (
    <p class="cw-hint" id={`${id}-hint`}>
      {children}
    </p>
  ) : null
}

export function ProblemText({ id, children }: { id: string; children?: string }) {
  const { say } = useLanguage()
  return children ? (
    <p class="ds-validation-message cw-problem" id={`${id}-problem`}>
      <span class="cw-unseen">{say('web.notice.problem')} </span>
      {children}
    </p>
  ) : null
}

type FieldProps = Pick<ControlProps<unknown>, 'id' | 'label' | 'hint' | 'problem' | 'required' | 'isPart'> & {
  children: ComponentChildren
  /** More text below the hint, with the id `<id>-extra`. */
  extra?: string
  width?: 'short' | 'middle' | 'full'
}

/** One label, one input: label, hint, input, problem, in this order. */
export function Field({ id, label, hint, problem, required, isPart, children, extra, width }: FieldProps) {
  return (
    <div class="cw-field" data-problem={problem ? '' : undefined} data-width={width}>
      <label class="ds-label" for={id}>
        <LabelWords label={label} required={required || isPart} />
      </label>
      <Hint id={id}>{hint}</Hint>
      {extra && (
        <p class="cw-hint" id={`${id}-extra`}>
          {extra}
        </p>
      )}
      {children}
      <ProblemText id={id}>{problem}</ProblemText>
    </div>
  )
}

/** Several inputs under one question. The error summary links to the group itself. */
export function FieldGroup({ id, label, hint, problem, required, children }: FieldProps) {
  return (
    <fieldset
      class="ds-fieldset cw-field"
      id={id}
      tabIndex={-1}
      data-problem={problem ? '' : undefined}
      aria-describedby={descriptionOf({ id, hint, problem })}
    >
      <legend class="ds-label">
        <LabelWords label={label} required={required} />
      </legend>
      <Hint id={id}>{hint}</Hint>
      {children}
      <ProblemText id={id}>{problem}</ProblemText>
    </fieldset>
  )
}
