import type { ComponentChildren } from 'preact'
import { useLanguage } from '../language.tsx'
import { Button } from '../parts/button.tsx'
import { ErrorSummary, type FieldMistake } from '../parts/notice.tsx'

type FormProps = {
  action: string
  /** Token against forged requests, posted as `csrf`. */
  csrf: string
  /** Version of the record that was read, posted as `version`; a change made since then shows up as a conflict. */
  version?: number | string
  hidden?: Readonly<Record<string, string>>
  mistakes?: readonly FieldMistake[]
  submit: string
  /** Removes something: the button is orange. */
  grave?: boolean
  cancel?: { readonly label?: string; readonly href: string }
  /** The form uploads files. */
  upload?: boolean
  /** What submitting does, said next to the buttons. */
  note?: string
  /** Further submit buttons. */
  further?: ComponentChildren
  /** Form name for screen readers, if a page has several. */
  label?: string
  children: ComponentChildren
}

/**
 * A form that posts. The browser's own checks are off: they use the browser's language and stop at the first mistake,
 * while the server names all of them in the reader's.
 */
export function Form(props: FormProps) {
  const { say } = useLanguage()
  return (
    <form
      class="cw-form"
      method="post"
      action={props.action}
      encType={props.upload ? 'multipart/form-data' : undefined}
      aria-label={props.label}
      noValidate
    >
      <input type="hidden" name="csrf" value={props.csrf} />
      {props.version !== undefined && <input type="hidden" name="version" value={String(props.version)} />}
      {Object.entries(props.hidden ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <ErrorSummary mistakes={props.mistakes ?? []} />
      {props.children}
      <div class="cw-form-end">
        {props.note && <p class="cw-soft cw-small">{props.note}</p>}
        <div class="cw-cluster">
          <Button grave={props.grave}>{props.submit}</Button>
          {props.further}
          {props.cancel && (
            <a class="ds-button" data-variant="tertiary" href={props.cancel.href}>
              {props.cancel.label ?? say('web.form.cancel')}
            </a>
          )}
        </div>
      </div>
    </form>
  )
}

/** Fields that belong together, under their own heading. */
export function FormGroup({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }) {
  return (
    <fieldset class="cw-form-group">
      <legend>{title}</legend>
      {lead && <p class="cw-soft">{lead}</p>}
      {children}
    </fieldset>
  )
}
