/** One control for each field type of the record language (`kernel/fields`): a new type there is one entry here. */
import type { JSX } from 'preact'
import { type Parts, plainText, textsOf } from '#kernel/fields/field.ts'
import type { FormField } from '#kernel/projections/fieldset.ts'
import { useLanguage } from '../language.tsx'
import { ChoiceControl, ChoicesControl, FlagControl } from './choice.tsx'
import { FieldGroup } from './field.tsx'
import { DayControl, DecimalControl, WholeControl } from './number.tsx'
import {
  CodeControl,
  DurationControl,
  GeometryControl,
  InstantControl,
  MoneyControl,
  PeriodControl,
  QuantityControl,
  SpanControl,
  WrittenControl,
} from './parts.tsx'
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
  /** Prefix of the name, to make ids unique on the page. */
  prefix?: string
  /** The parts of the value by name, '' for a value without parts: as stored, or as posted. */
  value: Parts
  problem?: string | Readonly<Record<string, string>>
  languages: readonly WritingLanguage[]
  /** Records that a reference may point to, if few enough for a list. */
  options?: readonly RecordOption[]
  search?: ReferenceSearch
  /** Records that a field of several references points to now. */
  chosen?: readonly RecordOption[]
  disabled?: boolean
  /** One of many lines: a choice takes one line, too. */
  compact?: boolean
}

/** Id of a field's control, for the error summary. */
export const controlId = (name: string, prefix = 'field') => `${prefix}-${name.replaceAll('.', '-')}`

/** What every control receives, and the original properties. */
type Given = {
  readonly all: FormControlProps
  readonly text: string | undefined
  readonly common: {
    readonly id: string
    readonly name: string
    readonly label: string
    readonly hint?: string
    readonly required: boolean
    readonly problem?: string
    readonly disabled?: boolean
  }
  readonly parts: Omit<FormControlProps, 'problem'> &
    Given['common'] & { readonly problems?: Readonly<Record<string, string>> }
  readonly choosing: { readonly options: readonly RecordOption[] } | { readonly search: ReferenceSearch }
}

const words = ({ all, common, text }: Given, long: boolean) => {
  const { field, languages } = all
  if (field.localized)
    return (
      <LocalizedControl
        {...common}
        problem={all.problem}
        value={Object.fromEntries(Object.entries(all.value).map(([tag, part]) => [tag, plainText(part)]))}
        languages={languages}
        max={field.max}
        long={long}
      />
    )
  return long ? (
    <ParagraphControl {...common} value={text} max={field.max} />
  ) : (
    <TextControl {...common} value={text} max={field.max} />
  )
}

const reference = ({ common, text, choosing }: Given) => <ReferenceControl {...common} value={text} {...choosing} />
const references = ({ all, common, choosing }: Given) => (
  <ReferencesControl {...common} chosen={all.chosen ?? []} {...choosing} />
)

/** An ordered list of words, once per language; lines correspond across languages. */
function ListsControl({ all, common }: Given) {
  const { say } = useLanguage()
  return (
    <FieldGroup {...common}>
      {all.languages.map(({ tag, name }, index) => (
        <ListControl
          key={tag}
          id={`${common.id}-${tag}`}
          name={`${common.name}.${tag}`}
          label={say('web.list.in-language', { language: name })}
          required={common.required && index === 0}
          value={[all.value[tag] ?? ''].flat().join('\n').split('\n')}
        />
      ))}
    </FieldGroup>
  )
}

const controls: Readonly<Record<string, (given: Given) => JSX.Element>> = {
  text: (given) => words(given, false),
  paragraph: (given) => words(given, true),
  whole: ({ common, text }) => <WholeControl {...common} value={text} />,
  decimal: ({ common, text }) => <DecimalControl {...common} value={text} />,
  percent: ({ common, text }) => <DecimalControl {...common} value={text} unit="%" />,
  flag: ({ common, text }) => <FlagControl {...common} value={text === 'true'} />,
  choice: ({ all, common, text }) => (
    <ChoiceControl {...common} value={text} options={all.field.choices ?? []} compact={all.compact ?? false} />
  ),
  choices: ({ all, common }) => (
    <ChoicesControl {...common} value={textsOf(all.value[''])} options={all.field.choices ?? []} />
  ),
  code: ({ parts }) => <CodeControl {...parts} />,
  day: ({ common, text }) => <DayControl {...common} value={text} />,
  instant: ({ parts }) => <InstantControl {...parts} />,
  span: ({ parts }) => <SpanControl {...parts} />,
  period: ({ parts }) => <PeriodControl {...parts} />,
  duration: ({ parts }) => <DurationControl {...parts} />,
  money: ({ parts }) => <MoneyControl {...parts} />,
  quantity: ({ parts }) => <QuantityControl {...parts} />,
  geometry: ({ parts }) => <GeometryControl {...parts} />,
  written: ({ parts }) => <WrittenControl {...parts} />,
  ref: reference,
  refAny: reference,
  refs: references,
  link: references,
  address: ({ common, text }) => <AddressControl {...common} value={text} />,
  email: ({ common, text }) => <TextControl {...common} value={text} kind="email" autocomplete="email" max={254} />,
  phone: ({ common, text }) => (
    <TextControl {...common} value={text} kind="tel" autocomplete="tel" width="middle" max={40} />
  ),
  list: (given) => <ListsControl {...given} />,
}

/** The control of a declared field. Throws for a type without one, by name. */
export function FormControl(props: FormControlProps) {
  const { field, value, disabled } = props
  const control = Object.hasOwn(controls, field.type) ? controls[field.type] : undefined
  if (!control)
    throw new Error(`The field type "${field.type}" of ${field.name} has no control in web/controls/control.tsx.`)
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
  return control({
    all: props,
    text: value[''] === undefined ? undefined : plainText(value['']),
    common,
    parts: {
      ...props,
      ...common,
      ...(typeof props.problem === 'object' ? { problem: undefined, problems: props.problem } : {}),
    },
    choosing: props.options ? { options: props.options } : { search: props.search ?? { suggestions: [] } },
  })
}
