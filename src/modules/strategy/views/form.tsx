import type { View } from '#kernel/view.ts'

const languageNames: Record<string, string> = { en: 'English', 'zh-Hans': '简体中文' }

/** Languages the city writes in, its own first, each by its own name. */
export const languagesFor = (view: View) => view.languages.map((tag) => ({ tag, name: languageNames[tag] ?? tag }))

/** Mistakes for the summary above a form, each leading to its field. */
export const listed = (mistakes: Readonly<Record<string, string>>) =>
  Object.entries(mistakes).map(([name, text]) => ({ field: `field-${name.replaceAll('.', '-')}`, text }))

/** Mistakes of a text that is written in several languages, by language; nothing where there are none. */
export function byLanguage(
  mistakes: Readonly<Record<string, string>>,
  name: string,
): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(mistakes).filter(([key]) => key.startsWith(`${name}.`))
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([key, text]) => [key.slice(name.length + 1), text]))
}

type QuietSelectProps = {
  id: string
  name: string
  /** Read out; what the column's head says is enough to see. */
  label: string
  options: ReadonlyArray<{ readonly id: string; readonly label: string }>
  value: string
  emptyLabel: string
  problem?: string | undefined
}

/** One answer from a list, inside a table whose head is its label. */
export function QuietSelect({ id, name, label, options, value, emptyLabel, problem }: QuietSelectProps) {
  return (
    <div class="cw-field" data-problem={problem ? '' : undefined}>
      <label class="cw-unseen" for={id}>
        {label}
      </label>
      <select
        class="ds-input"
        id={id}
        name={name}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
      >
        <option value="" selected={value === ''}>
          {emptyLabel}
        </option>
        {options.map((option) => (
          <option key={option.id} value={option.id} selected={option.id === value}>
            {option.label}
          </option>
        ))}
      </select>
      {problem && (
        <p class="ds-validation-message cw-problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  )
}
