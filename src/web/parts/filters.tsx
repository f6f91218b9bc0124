import { SelectControl } from '../controls/choice.tsx'
import { TextControl } from '../controls/text.tsx'
import { FilterBar } from './table.tsx'

export type FilterChoice = {
  readonly name: string
  readonly label: string
  readonly options: ReadonlyArray<{ readonly value: string; readonly label: string }>
  /** One of the options means "any", so no extra one is needed. */
  readonly complete?: boolean
}

type ListFiltersProps = {
  action: string
  /** Current values from the address, by filter name. */
  given: Readonly<Record<string, string>>
  /** Label of the text search; absent if there is none. */
  words?: string
  choices: readonly FilterChoice[]
  /** Label for a filter that filters nothing. */
  any: string
  keep?: Readonly<Record<string, string>>
  reset?: string
}

/** Text search and choices that filter a list. All are optional, so none is marked as such. */
export function ListFilters({ action, given, words, choices, any, keep, reset }: ListFiltersProps) {
  return (
    <FilterBar action={action} keep={keep} reset={reset}>
      {words && <TextControl id="filter-q" name="q" kind="search" label={words} value={given.q} required />}
      {choices.map(({ name, label, options, complete }) => {
        const value = given[name] ?? ''
        return (
          <SelectControl
            key={name}
            id={`filter-${name}`}
            name={name}
            label={label}
            options={complete || value === '' ? options : [{ value: '', label: any }, ...options]}
            emptyLabel={any}
            value={value}
            required
          />
        )
      })}
    </FilterBar>
  )
}
