/** One control for each field type of the record language (`kernel/fields`); a new type there is one line here. */
import type { FormField } from '#kernel/projections/fieldset.ts'
import { ChoiceControl, ChoicesControl, FlagControl } from './choice.tsx'
import { DayControl, DecimalControl, WholeControl } from './number.tsx'
import { type RecordOption, ReferenceControl, type ReferenceSearch, ReferencesControl } from './reference.tsx'
import {
  AddressControl,
  ListControl,
  LocalizedControl,
  ParagraphControl,
  TextControl,
  type WritingLanguage,
} from './text.tsx'

export type FormControlProps = {
  field: FormField
  /** Before the name, to make ids unique on the page. */
  prefix?: string
  /** As it is stored, or as it was posted when the form comes back with problems. */
  value: unknown
  problem?: string | Readonly<Record<string, string>>
  languages: readonly WritingLanguage[]
  /** Records that a reference may point to, where they are few enough for a list. */
  options?: readonly RecordOption[]
  search?: ReferenceSearch
  /** Records that a field of several references points to now. */
  chosen?: readonly RecordOption[]
  disabled?: boolean
}

/** Id of a field's control, for the error summary. */
export const controlId = (name: string, prefix = 'field') => `${prefix}-${name.replaceAll('.', '-')}`

/** The control of a declared field. Throws on a type that has none, by name. */
export function FormControl(props: FormControlProps) {
  const { field, value, languages, disabled } = props
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
  const texts = Array.isArray(value) ? value.map(String) : text === undefined ? undefined : [text]
  const problem = typeof props.problem === 'object' ? Object.values(props.problem).join(' ') : props.problem
  const common = {
    id: controlId(field.name, props.prefix),
    name: field.name,
    label: field.label,
    hint: field.hint,
    required: field.required,
    problem,
    disabled,
  }
  const choosing = props.options ? { options: props.options } : { search: props.search ?? { suggestions: [] } }
  const options = field.choices ?? []
  switch (field.type) {
    case 'text':
    case 'paragraph': {
      const long = field.type === 'paragraph'
      if (field.localized) {
        const localized = typeof value === 'object' && value !== null ? (value as Record<string, string>) : undefined
        return (
          <LocalizedControl
            {...common}
            problem={props.problem}
            value={localized}
            languages={languages}
            max={field.max}
            long={long}
          />
        )
      }
      return long ? (
        <ParagraphControl {...common} value={text} max={field.max} />
      ) : (
        <TextControl {...common} value={text} max={field.max} />
      )
    }
    case 'whole':
      return <WholeControl {...common} value={text} />
    case 'decimal':
      return <DecimalControl {...common} value={text} />
    case 'flag':
      return <FlagControl {...common} value={value === true || value === 'true'} />
    case 'choice':
      return <ChoiceControl {...common} value={text} options={options} />
    case 'choices':
      return <ChoicesControl {...common} value={texts} options={options} />
    case 'day':
      return <DayControl {...common} value={text} />
    case 'ref':
      return <ReferenceControl {...common} value={text} {...choosing} />
    case 'refs':
    case 'link':
      return <ReferencesControl {...common} chosen={props.chosen ?? []} {...choosing} />
    case 'address':
      return <AddressControl {...common} value={text} />
    case 'list':
      return <ListControl {...common} value={texts} />
    default:
      throw new Error(`The field type "${field.type}" of ${field.name} has no control in web/controls/control.tsx.`)
  }
}
