/** Choosing inside a table or a list of records, where the row itself says what is chosen. */
import type { Text } from './name.tsx'

type TickProps = { id: string; name: string; value: string; checked: boolean; label: Text }

/** A tick box named after what it includes. */
export function Tick({ id, name, value, checked, label }: TickProps) {
  return (
    <div class="ds-field">
      <input class="ds-input" type="checkbox" id={id} name={name} value={value} checked={checked} />
      <label class="ds-label" for={id} lang={label.lang}>
        {label.text}
      </label>
    </div>
  )
}

/** A tick box in a row that is named beside it. */
export function BareTick({ id, name, value, label }: Omit<TickProps, 'checked'>) {
  return (
    <div class="ds-field">
      <input class="ds-input" type="checkbox" id={id} name={name} value={value} />
      <label class="cw-unseen" for={id} lang={label.lang}>
        {label.text}
      </label>
    </div>
  )
}

type QuietSelectProps = {
  id: string
  name: string
  /** For screen readers; sighted readers have the column header. */
  label: string
  options: ReadonlyArray<{ readonly id: string; readonly label: string }>
  value: string
  emptyLabel: string
  problem?: string | undefined
}

/** One answer from a list, inside a table whose header is its label. */
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
