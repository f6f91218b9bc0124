import { directionOf, useLanguage } from '../language.tsx'
import { type ControlProps, Field, inputAttributes, ProblemText } from './field.tsx'

export type TextProps = ControlProps<string> & {
  max?: number
  /** What the browser may fill in, e.g. `username` or `current-password` (HTML Living Standard, autofill). */
  autocomplete?: string
  kind?: 'text' | 'email' | 'password' | 'search' | 'tel'
  width?: 'short' | 'middle' | 'full'
  /** Language of the value, if known and not the page's. */
  lang?: string
}

/** One line of text. */
export function TextControl(props: TextProps) {
  return (
    <Field {...props}>
      <input
        class="ds-input"
        {...inputAttributes(props)}
        type={(props.kind ?? 'text') as 'text'}
        value={props.kind === 'password' ? undefined : props.value}
        maxLength={props.max}
        autocomplete={props.autocomplete ?? 'off'}
        spellcheck={props.kind && ['password', 'email', 'tel'].includes(props.kind) ? false : undefined}
        lang={props.lang}
        dir={props.lang ? directionOf(props.lang) : 'auto'}
      />
    </Field>
  )
}

/** Several lines of text. */
export function ParagraphControl(props: ControlProps<string> & { max?: number; rows?: number }) {
  return (
    <Field {...props}>
      <textarea class="ds-input" {...inputAttributes(props)} rows={props.rows ?? 5} maxLength={props.max} dir="auto">
        {props.value ?? ''}
      </textarea>
    </Field>
  )
}

export type WritingLanguage = { readonly tag: string; readonly name: string }

export type LocalizedProps = Omit<ControlProps<Readonly<Record<string, string>>>, 'problem'> & {
  /** Languages the city writes in; the first is the one that must be filled in. */
  languages: readonly WritingLanguage[]
  /** One text for the whole field, or one for each language. */
  problem?: string | Readonly<Record<string, string>>
  max?: number
  /** Several lines instead of one. */
  long?: boolean
  rows?: number
}

/**
 * Text in every language of the city, posted as `<name>.<tag>`. Each input has the id `<id>-<tag>` and says its own
 * language, so that screen readers and spelling checkers treat it correctly.
 */
export function LocalizedControl(props: LocalizedProps) {
  const { id, name, label, hint, problem, required, value, languages } = props
  const { say } = useLanguage()
  const first = languages[0]
  const general = typeof problem === 'string' ? problem : undefined
  if (first && languages.length === 1) {
    const each = problemFor(problem, first.tag)
    return (
      <OneLanguage
        {...props}
        id={id}
        language={first}
        label={label}
        hint={hint}
        required={required}
        optional={!required}
        problem={each}
      />
    )
  }
  return (
    <fieldset
      class="ds-fieldset cw-field cw-languages"
      id={id}
      tabIndex={-1}
      data-problem={problem ? '' : undefined}
      aria-describedby={[hint && `${id}-hint`, general && `${id}-problem`].filter(Boolean).join(' ') || undefined}
    >
      <legend class="ds-label">
        {label}
        {!required && <span class="cw-optional"> {say('web.form.optional')}</span>}
      </legend>
      {hint && (
        <p class="cw-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div class="cw-languages-inputs">
        {languages.map((language, index) => (
          <OneLanguage
            key={language.tag}
            {...props}
            id={`${id}-${language.tag}`}
            name={name}
            value={value}
            language={language}
            label={language.name}
            hint={undefined}
            required={required && index === 0}
            optional={required && index > 0}
            labelLanguage={language.tag}
            problem={typeof problem === 'object' ? problem[language.tag] : undefined}
          />
        ))}
      </div>
      <ProblemText id={id}>{general}</ProblemText>
    </fieldset>
  )
}

const problemFor = (problem: LocalizedProps['problem'], tag: string) =>
  typeof problem === 'string' ? problem : problem?.[tag]

type OneLanguageProps = Omit<LocalizedProps, 'problem' | 'languages'> & {
  language: WritingLanguage
  labelLanguage?: string
  /** Says that it may be left empty although the field as a whole may not. */
  optional?: boolean
  problem?: string
}

function OneLanguage({ language, labelLanguage, long, rows, max, value, ...props }: OneLanguageProps) {
  const { say } = useLanguage()
  const attributes = {
    class: 'ds-input',
    ...inputAttributes({ ...props, name: `${props.name}.${language.tag}` }),
    maxLength: max,
    lang: language.tag,
    dir: directionOf(language.tag),
  }
  const text = value?.[language.tag]
  return (
    <div class="cw-field" data-problem={props.problem ? '' : undefined}>
      <label class="ds-label" for={props.id}>
        <span lang={labelLanguage}>{props.label}</span>
        {props.optional && <span class="cw-optional"> {say('web.form.optional')}</span>}
      </label>
      {props.hint && (
        <p class="cw-hint" id={`${props.id}-hint`}>
          {props.hint}
        </p>
      )}
      {long ? (
        <textarea {...attributes} rows={rows ?? 4}>
          {text ?? ''}
        </textarea>
      ) : (
        <input {...attributes} type="text" value={text} autocomplete="off" />
      )}
      <ProblemText id={props.id}>{props.problem}</ProblemText>
    </div>
  )
}

/** Several short texts, one per line, posted as one text with line breaks. */
export function ListControl(props: ControlProps<readonly string[]> & { rows?: number }) {
  const { say } = useLanguage()
  return (
    <Field {...props} extra={say('web.list.hint')}>
      <textarea class="ds-input" {...inputAttributes({ ...props, extra: true })} rows={props.rows ?? 4} dir="auto">
        {props.value?.join('\n') ?? ''}
      </textarea>
    </Field>
  )
}

/** A web address. */
export function AddressControl(props: ControlProps<string>) {
  return (
    <Field {...props}>
      <input
        class="ds-input"
        {...inputAttributes(props)}
        type="url"
        value={props.value}
        inputMode="url"
        autocomplete="url"
        placeholder="https://"
        dir="ltr"
      />
    </Field>
  )
}
