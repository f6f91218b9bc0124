import { useLanguage } from '../language.tsx'
import { type Option, SelectControl } from './choice.tsx'
import { type ControlProps, Field, FieldGroup, inputAttributes } from './field.tsx'

/** A record to choose: its id, and what people read and type ("OUT-0007 Cleaner air"). */
export type RecordOption = { readonly id: string; readonly label: string; readonly lang?: string }

/**
 * If there are too many records for a list, people type a code or a name. If it is unclear, the server shows the form
 * again with `suggestions`; `name` posts the text as typed, or the label of a suggestion.
 */
export type ReferenceSearch = { readonly text?: string; readonly suggestions: readonly RecordOption[] }

type Choosing =
  | { readonly options: readonly RecordOption[]; readonly search?: undefined }
  | { readonly options?: undefined; readonly search: ReferenceSearch }

const asOption = ({ id, label, lang }: RecordOption): Option => ({ value: id, label, lang })

/** One record: a list if the records are given, else a text input with suggestions. */
export function ReferenceControl(props: ControlProps<string> & Choosing) {
  if (props.options) return <SelectControl {...props} options={props.options.map(asOption)} />
  return <SearchInput {...props} search={props.search} />
}

function SearchInput(props: ControlProps<string> & { search: ReferenceSearch }) {
  const { say } = useLanguage()
  const list = `${props.id}-suggestions`
  return (
    <Field {...props} extra={say('web.reference.hint')}>
      <input
        class="ds-input"
        {...inputAttributes({ ...props, extra: true })}
        type="text"
        list={list}
        value={props.search.text ?? ''}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
      />
      <datalist id={list}>
        {props.search.suggestions.map(({ id, label }) => (
          <option key={id} value={label} />
        ))}
      </datalist>
    </Field>
  )
}

export type ReferencesProps = Omit<ControlProps<readonly string[]>, 'value'> & {
  /** The current choices; unticking removes one. */
  chosen: readonly RecordOption[]
} & Choosing

/**
 * Several records. With `options` each is a tick box; else only the chosen ones are, and one more can be typed, posted
 * as `<name>.add`.
 */
export function ReferencesControl(props: ReferencesProps) {
  const { say } = useLanguage()
  const chosen = new Set(props.chosen.map(({ id }) => id))
  const boxes = props.options ?? props.chosen
  return (
    <FieldGroup {...props}>
      {boxes.length > 0 && (
        <div class="cw-boxes" data-many={boxes.length > 8 ? '' : undefined}>
          {boxes.map(({ id, label, lang }) => (
            <div key={id} class="ds-field">
              <input
                class="ds-input"
                type="checkbox"
                id={`${props.id}-${id}`}
                name={props.name}
                value={id}
                checked={chosen.has(id)}
                disabled={props.disabled || undefined}
              />
              <label class="ds-label" for={`${props.id}-${id}`} lang={lang}>
                {label}
              </label>
            </div>
          ))}
        </div>
      )}
      {props.search && (
        <SearchInput
          id={`${props.id}-add`}
          name={`${props.name}.add`}
          label={say('web.reference.add')}
          search={props.search}
          disabled={props.disabled}
        />
      )}
    </FieldGroup>
  )
}
